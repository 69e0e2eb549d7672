import type { Alert } from './alert.ts';
import type { TrackedAlert, TrackedEgress, TrackedOther } from './book.ts';
import type { Disposition } from './disposition.ts';
import { type AlertNotice, tellAll } from './notice.ts';

/** Something that somebody did about an alert. Kept for ever, the reason too; sinks are told who and when, not the reason. */
export type HandlingAct = {
  readonly alertId: string;
  /** Who did it, as they say. */
  readonly by: string;
  /** The account of the operating system that it was said from. */
  readonly account: string;
  /** ms since the epoch, by our clock: when it was said, not when the agent took it up. */
  readonly atMs: number;
} & (
  | { readonly kind: 'acknowledged'; readonly reason?: string }
  | { readonly kind: 'closed'; readonly disposition: Disposition; readonly reason: string }
);

export interface Handled {
  readonly tracked: TrackedAlert;
  readonly notice: AlertNotice;
}

/**
 * An alert after somebody did something about it. The first acknowledgement stays the one that is shown, for periods may
 * count from it; the last disposition holds. Closing is final: what a later finding shows was not judged, so that it opens
 * an alert of its own, and neither the judgement nor the new finding is lost in the other.
 */
export function handle(tracked: TrackedAlert, act: HandlingAct, nowMs: number): Handled {
  const alert = withAct(tracked.alert, act);
  const notice: AlertNotice =
    act.kind === 'acknowledged'
      ? { kind: 'updated', because: 'acknowledged', alert }
      : { kind: 'closed', because: 'disposition', alert };
  return { tracked: told(tracked, alert, nowMs), notice };
}

function withAct<T extends Alert>(alert: T, act: HandlingAct): T {
  const { acts = 0, ...before } = alert.handling ?? {};
  const step = { at: new Date(act.atMs).toISOString(), by: act.by };
  if (act.kind === 'acknowledged') return { ...alert, handling: { acts: acts + 1, acknowledged: step, ...before } };
  const disposition = { verdict: act.disposition, ...step };
  return {
    ...alert,
    state: 'closed',
    closedBecause: alert.closedBecause ?? 'disposition',
    handling: { acts: acts + 1, ...before, disposition },
  };
}

/** The notice tells all that the alert holds now. */
function told({ openedMs, touchedMs }: TrackedAlert, alert: Alert, nowMs: number): TrackedAlert {
  const { count, severity } = alert;
  return alert.kind === 'egress'
    ? ({ alert, told: tellAll(alert, nowMs), openedMs, touchedMs } satisfies TrackedEgress)
    : ({ alert, told: { count, severity, atMs: nowMs }, openedMs, touchedMs } satisfies TrackedOther);
}
