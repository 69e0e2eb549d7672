import { AlertBook } from '../../src/alerts/book.ts';
import { absorbAll } from '../../src/alerts/grouping.ts';
import type { AlertNotice } from '../../src/alerts/notice.ts';
import { EMPTY_LEDGER, extend, findingRecord } from '../../src/evidence/ledger.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { addressNotices } from '../../src/sinks/queue.ts';
import type { CommitBatch } from '../../src/store/batch.ts';
import type { Store } from '../../src/store/store.ts';

export const SINKS = [
  { name: 'file', minSeverity: 'info' },
  { name: 'pager', minSeverity: 'high' },
] as const;

/** From findings to a batch and into the store, as the daemon goes. Made anew, it goes on from what is stored. */
export function recorder(store: Store, nowMs: number, openAlerts?: number) {
  const state = store.loadState();
  const book = new AlertBook(state.alerts, openAlerts);
  let head = state.ledgerHead ?? EMPTY_LEDGER;

  function prepare(findings: readonly Finding[]): CommitBatch & { readonly notices: readonly AlertNotice[] } {
    const fresh = store.unseen(findings);
    const ledger = extend(head, fresh.map(findingRecord));
    head = ledger.at(-1) ?? head;
    const ledgered = fresh.flatMap((finding, index) => {
      const entry = ledger[index];
      return entry === undefined ? [] : [{ finding, ledger: { seq: entry.seq, hash: entry.hash } }];
    });
    const { alerts, notices, joinings } = absorbAll(book, ledgered, {
      settings: { groupMs: 3_600_000 },
      gateway: 'gw1',
      nowMs,
    });
    return { ledger, alerts, joinings, notices, outbox: addressNotices(notices, SINKS) };
  }
  return { prepare, record: (findings: readonly Finding[]): void => store.commit(prepare(findings)) };
}
