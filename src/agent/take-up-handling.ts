import type { TrackedAlert } from '../alerts/book.ts';
import { handle } from '../alerts/handling.ts';
import type { AlertNotice } from '../alerts/notice.ts';
import { EMPTY_LEDGER, extend, handlingRecord, type LedgerEntry, type LedgerRecord } from '../evidence/ledger.ts';
import type { SinkSettings } from '../sinks/settings.ts';
import type { CommitBatch } from '../store/batch.ts';
import type { TakenAct, WaitingAct } from '../store/handling.ts';
import { openStore } from '../store/store.ts';
import { toStore } from './memory.ts';

export interface HandlingContext {
  /** An alert as it is now, open or closed. */
  readonly find: (alertId: string) => TrackedAlert | undefined;
  /** Continues the ledger. */
  readonly record: (records: readonly LedgerRecord[]) => readonly LedgerEntry[];
  readonly sinks: readonly SinkSettings[];
  /** ms since the epoch. */
  readonly nowMs: number;
}

export interface TakenUp {
  /** Each alert that changed, as it is now. */
  readonly alerts: readonly TrackedAlert[];
  readonly batch: CommitBatch;
}

/** What there is to store of what people did about alerts, in the order in which they did it: a ledger record for each act. */
export function takeUpHandling(waiting: readonly WaitingAct[], context: HandlingContext): TakenUp {
  const { find, record, sinks, nowMs } = context;
  const changed = new Map<string, TrackedAlert>();
  const notices: AlertNotice[] = [];
  const taken: TakenAct[] = [];
  const ledger: LedgerEntry[] = [];
  for (const { seq, act } of waiting) {
    const before = changed.get(act.alertId) ?? find(act.alertId);
    if (before === undefined) throw new Error('An act is about an alert that is not stored');
    const entries = record([handlingRecord(act, before.alert.count)]);
    const { tracked, notice } = handle(before, act, nowMs);
    changed.set(act.alertId, tracked);
    notices.push(notice);
    ledger.push(...entries);
    taken.push(...entries.map((entry) => ({ seq, ledgerSeq: entry.seq })));
  }
  const alerts = [...changed.values()];
  return { alerts, batch: { ledger, handled: taken, ...toStore({ alerts, notices }, sinks) } };
}

/**
 * Does at once what the daemon would do, where none runs. Sinks hear of it when one does.
 *
 * @throws OperatorError as `openStore` does; `state.in-use` where a daemon does run.
 */
export function takeUpWithoutDaemon(directory: string, sinks: readonly SinkSettings[]): void {
  const store = openStore(directory, Date.now);
  try {
    let head = store.loadState().ledgerHead ?? EMPTY_LEDGER;
    const record = (records: readonly LedgerRecord[]) => {
      const entries = extend(head, records);
      head = entries.at(-1) ?? head;
      return entries;
    };
    const context = { find: store.trackedAlert, record, sinks, nowMs: Date.now() };
    store.commit(takeUpHandling(store.waitingHandling(), context).batch);
  } finally {
    store.close();
  }
}
