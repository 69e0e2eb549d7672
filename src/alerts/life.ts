import type { ClosingReason, EgressAlert } from './alert.ts';
import type { AlertBook, BookChanges, TrackedEgress } from './book.ts';
import { type AlertNotice, tellAll } from './notice.ts';
import type { AlertsSettings } from './settings.ts';

/**
 * Tells the findings that were held back, of alerts that were last told at least `untoldForMs` ago: 0 at the end of a
 * run, some minutes while it goes on.
 */
export function settle(book: AlertBook, nowMs: number, untoldForMs: number): BookChanges<TrackedEgress> {
  const due = [...book].filter(({ alert, told }) => alert.count > told.count && nowMs - told.atMs >= untoldForMs);
  const alerts = due.map((tracked) => ({ ...tracked, told: tellAll(tracked.alert, nowMs) }));
  for (const tracked of alerts) book.revise(tracked);
  return { alerts, notices: alerts.map(({ alert }) => ({ kind: 'updated', because: 'rest-told', alert })) };
}

/** Closes the alerts that saw nothing for `closeAfterMs`, each with a notice of its final numbers. */
export function closeQuiet(
  book: AlertBook,
  { closeAfterMs }: Pick<AlertsSettings, 'closeAfterMs'>,
  nowMs: number,
): BookChanges<TrackedEgress> {
  return closeAll(
    book,
    [...book].filter((tracked) => nowMs - quietSinceMs(tracked) >= closeAfterMs),
    'quiet',
    nowMs,
  );
}

/** Closes the least recently touched alerts that are more than the book holds. Decided by the findings alone. */
export function closeExcess(book: AlertBook, nowMs: number): BookChanges<TrackedEgress> {
  const excess = book.excess();
  return closeAll(book, excess === undefined ? [] : [excess], 'too-many-open', nowMs);
}

/**
 * The later of the log's time and ours: an alert from last month's log that was read a minute ago has not been quiet,
 * for the rest of that log may still be coming.
 */
function quietSinceMs({ alert, touchedMs }: TrackedEgress): number {
  return Math.max(Date.parse(alert.lastSeen), touchedMs);
}

function closeAll(
  book: AlertBook,
  closing: readonly TrackedEgress[],
  because: ClosingReason,
  nowMs: number,
): BookChanges<TrackedEgress> {
  const alerts = closing.map((tracked): TrackedEgress => {
    const alert: EgressAlert = { ...tracked.alert, state: 'closed', closedBecause: because };
    return { ...tracked, alert, told: tellAll(alert, nowMs) };
  });
  for (const { alert } of alerts) book.remove(alert.id);
  return { alerts, notices: alerts.map(({ alert }): AlertNotice => ({ kind: 'closed', because, alert })) };
}
