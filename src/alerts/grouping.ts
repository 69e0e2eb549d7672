import type { Finding } from '../rules/finding.ts';
import type { EgressAlert } from './alert.ts';
import type { AlertBook, BookChanges, TrackedEgress } from './book.ts';
import { joinAlert, openAlert } from './compose.ts';
import { closeExcess } from './life.ts';
import { type AlertNotice, decideNotice, tellAll } from './notice.ts';
import type { AlertsSettings } from './settings.ts';

/** A finding that the ledger has taken in. */
export interface LedgeredFinding {
  readonly finding: Finding;
  readonly ledger: EgressAlert['ledger'];
}

export interface GroupingContext {
  readonly settings: Pick<AlertsSettings, 'groupMs'>;
  /** Name of this agent, as it stands in every alert. */
  readonly gateway: string;
  /** ms since the epoch, by the clock. Remembered for closing; decides nothing here. */
  readonly nowMs: number;
}

export interface Absorbed {
  readonly alert: EgressAlert;
  readonly notice?: AlertNotice;
}

/** Which alert each finding joined. */
export interface Joining extends LedgeredFinding {
  readonly alertId: string;
}

/**
 * Puts a finding into the alert it belongs to, or opens one. The finding must not have been absorbed before: findings
 * that the store knows are sorted out before they reach the ledger.
 */
export function absorb(book: AlertBook, { finding, ledger }: LedgeredFinding, context: GroupingContext): Absorbed {
  const { settings, gateway, nowMs } = context;
  const joined = book.find(finding.dedupeKey, finding.timeMs, settings.groupMs);
  if (joined === undefined) {
    const alert = openAlert(finding, ledger, gateway);
    book.touch({ alert, told: tellAll(alert, nowMs), openedMs: nowMs, touchedMs: nowMs });
    return { alert, notice: { kind: 'opened', because: 'first', alert } };
  }
  const alert = joinAlert(joined.alert, finding, ledger);
  const decision = decideNotice(alert, joined.told);
  const isTold = decision.kind === 'send';
  const told = isTold ? tellAll(alert, nowMs) : joined.told;
  book.touch({ alert, told, openedMs: joined.openedMs, touchedMs: nowMs });
  return { alert, ...(isTold && { notice: { kind: 'updated', because: decision.because, alert } }) };
}

/**
 * Absorbs findings in their order. How they are cut into batches changes nothing: neither the alerts nor the notices.
 */
export function absorbAll(
  book: AlertBook,
  findings: readonly LedgeredFinding[],
  context: GroupingContext,
): BookChanges<TrackedEgress> & { readonly joinings: readonly Joining[] } {
  const changed = new Map<string, TrackedEgress>();
  const notices: AlertNotice[] = [];
  const joinings: Joining[] = [];
  for (const ledgered of findings) {
    const { alert, notice } = absorb(book, ledgered, context);
    joinings.push({ ...ledgered, alertId: alert.id });
    if (notice !== undefined) notices.push(notice);
    const tracked = book.get(alert.id);
    if (tracked !== undefined) changed.set(alert.id, tracked);
    const closed = closeExcess(book, context.nowMs);
    for (const it of closed.alerts) changed.set(it.alert.id, it);
    notices.push(...closed.notices);
  }
  return { alerts: [...changed.values()], notices, joinings };
}
