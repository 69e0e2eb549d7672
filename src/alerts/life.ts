import type { ClosingReason, EgressAlert } from './alert.ts';
import type { AlertBook, BookChanges, TrackedEgress } from './book.ts';
import { type AlertNotice, tellAll } from './notice.ts';
import type { AlertsSettings } from './settings.ts';

/** Of an alert that goes on, findings are held back for at least this long ... */
const SHORTEST_HOLD_MS = 5 * 60_000;
/** ... and for no longer than this, however old it is. */
const LONGEST_HOLD_MS = 6 * 60 * 60_000;

/**
 * Tells the findings that were held back, of alerts that were not told of for as long as they had lasted then: 5, 10, 20
 * minutes after they opened, and so on, and at least every six hours.
 */
export function tellDue(book: AlertBook, nowMs: number): BookChanges<TrackedEgress> {
  return tellHeldBack(book, nowMs, ({ told, openedMs }) => {
    const holdMs = Math.min(Math.max(told.atMs - openedMs, SHORTEST_HOLD_MS), LONGEST_HOLD_MS);
    return nowMs - told.atMs >= holdMs;
  });
}

/** Tells everything that was held back: at the end of a run. */
export function tellAllHeldBack(book: AlertBook, nowMs: number): BookChanges<TrackedEgress> {
  return tellHeldBack(book, nowMs, () => true);
}

function tellHeldBack(
  book: AlertBook,
  nowMs: number,
  isDue: (tracked: TrackedEgress) => boolean,
): BookChanges<TrackedEgress> {
  const due = [...book].filter((it) => it.alert.count > it.told.count && isDue(it));
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
