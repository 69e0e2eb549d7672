import type { Alert } from '../alerts/alert.ts';
import { type AlertNotice, eventId } from '../alerts/notice.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';

/** One notice for one sink, not yet in the queue. */
export interface OutboxEntry {
  /** Deterministic; see `eventId`. */
  readonly eventId: string;
  readonly sink: string;
  /** As it was when the notice was decided. */
  readonly alert: Alert;
}

/** An entry of the queue. */
export interface OutboxItem extends OutboxEntry {
  /** Order of the queue. */
  readonly seq: number;
  /** Tries that failed. */
  readonly attempts: number;
  /** ms since the epoch before which it is not tried again; 0 when it never failed. */
  readonly nextAttemptMs: number;
}

/** An entry that its destination will never take, put aside until an operator decides. */
export interface DeadLetter extends OutboxEntry {
  readonly because: string;
  /** When the notice was made, and when it was refused; ms since the epoch, by our clock. */
  readonly createdMs: number;
  readonly refusedMs: number;
}

/** The stored queue, as the dispatcher sees it. Reading removes nothing: only an answer does. */
export interface OutboxQueue {
  /** The oldest entries of a sink, in order. */
  next(sink: string, limit: number): readonly OutboxItem[];
  delivered(items: readonly OutboxItem[], nowMs: number): void;
  /** The destination will never take them. They leave the queue and are kept aside, as dead letters. */
  refused(items: readonly OutboxItem[], because: string, nowMs: number): void;
  /** One more failed try each. */
  failed(items: readonly OutboxItem[], nextAttemptMs: number): void;
}

/** One entry for each sink that asks for alerts of that severity, in the order of the notices. */
export function addressNotices(
  notices: readonly AlertNotice[],
  sinks: readonly { readonly name: string; readonly minSeverity: Severity }[],
): readonly OutboxEntry[] {
  return notices.flatMap(({ alert }) =>
    sinks
      .filter(({ minSeverity }) => SEVERITIES.indexOf(alert.severity) >= SEVERITIES.indexOf(minSeverity))
      .map(({ name }) => ({ eventId: eventId(alert), sink: name, alert })),
  );
}
