import type { Alert, ConditionAlert, EgressAlert } from './alert.ts';
import type { AlertNotice, Told, ToldOfFindings } from './notice.ts';

/** An alert with what must be remembered of it between findings. */
export interface TrackedEgress {
  readonly alert: EgressAlert;
  readonly told: ToldOfFindings;
  /** When it was opened, ms since the epoch, by the clock. */
  readonly openedMs: number;
  /** When a finding last joined it, ms since the epoch, by the clock. Old logs that are caught up on keep it open. */
  readonly touchedMs: number;
}

/** An alert about anything but findings, with what must be remembered of it. */
export interface TrackedOther {
  readonly alert: Exclude<Alert, EgressAlert>;
  readonly told: Told;
  /** When it was opened, ms since the epoch, by the clock. */
  readonly openedMs: number;
  /** When it last showed anew, ms since the epoch, by the clock. */
  readonly touchedMs: number;
}

/** An alert about the watch itself. */
export interface TrackedCondition extends TrackedOther {
  readonly alert: ConditionAlert;
}

export type TrackedAlert = TrackedEgress | TrackedOther;

export function isEgress(tracked: TrackedAlert): tracked is TrackedEgress {
  return tracked.alert.kind === 'egress';
}

/** What a pass over open alerts changed. */
export interface BookChanges<Tracked extends TrackedAlert = TrackedAlert> {
  /** Each alert that changed, as it is now. */
  readonly alerts: readonly Tracked[];
  /** In the order in which they are to be heard. */
  readonly notices: readonly AlertNotice[];
}

/** About 60 MB when full. */
export const DEFAULT_OPEN_ALERTS = 10_000;

/**
 * The open alerts about findings, as a value that grouping is handed: bounded in number, and saved in the transaction that saves the
 * findings. Kept in the order in which findings joined, which is the order of the ledger, so that a book made anew from
 * the store goes on exactly as the one that was lost.
 */
export class AlertBook implements Iterable<TrackedEgress> {
  readonly #limit: number;
  /** The least recently touched first. */
  readonly #byId = new Map<string, TrackedEgress>();
  /** Ids in the order last touched, so that the likeliest stands at the end. */
  readonly #byKey = new Map<string, string[]>();

  constructor(saved: readonly TrackedEgress[] = [], limit: number = DEFAULT_OPEN_ALERTS) {
    this.#limit = limit;
    for (const tracked of [...saved].sort((one, other) => one.alert.ledger.seq - other.alert.ledger.seq)) {
      this.touch(tracked);
    }
  }

  get size(): number {
    return this.#byId.size;
  }

  [Symbol.iterator](): Iterator<TrackedEgress> {
    return this.#byId.values();
  }

  get(id: string): TrackedEgress | undefined {
    return this.#byId.get(id);
  }

  /** The alert that a finding belongs to: of its key, with its time at most `groupMs` outside what the alert spans. */
  find(dedupeKey: string, timeMs: number, groupMs: number): TrackedEgress | undefined {
    const ids = this.#byKey.get(dedupeKey) ?? [];
    for (let index = ids.length - 1; index >= 0; index--) {
      const tracked = this.#byId.get(ids[index] ?? '');
      if (tracked !== undefined && isWithin(tracked.alert, timeMs, groupMs)) return tracked;
    }
    return undefined;
  }

  /** Puts an alert that a finding just joined. */
  touch(tracked: TrackedEgress): void {
    const { id, dedupeKey } = tracked.alert;
    this.remove(id);
    this.#byId.set(id, tracked);
    const ids = this.#byKey.get(dedupeKey);
    if (ids === undefined) this.#byKey.set(dedupeKey, [id]);
    else ids.push(id);
  }

  /** Replaces what is remembered of an open alert and leaves it in its place, or takes it out if it is closed now. */
  revise(tracked: TrackedEgress): void {
    const { id, state } = tracked.alert;
    if (state === 'closed') this.remove(id);
    else if (this.#byId.has(id)) this.#byId.set(id, tracked);
  }

  remove(id: string): void {
    const tracked = this.#byId.get(id);
    if (tracked === undefined) return;
    this.#byId.delete(id);
    const { dedupeKey } = tracked.alert;
    const ids = this.#byKey.get(dedupeKey) ?? [];
    ids.splice(ids.lastIndexOf(id), 1);
    if (ids.length === 0) this.#byKey.delete(dedupeKey);
  }

  /** The least recently touched alert, when there are more than the limit. */
  excess(): TrackedEgress | undefined {
    if (this.#byId.size <= this.#limit) return undefined;
    return this.#byId.values().next().value;
  }
}

function isWithin({ firstSeen, lastSeen }: EgressAlert, timeMs: number, groupMs: number): boolean {
  return timeMs >= Date.parse(firstSeen) - groupMs && timeMs <= Date.parse(lastSeen) + groupMs;
}
