import { AlertBook, type BookChanges } from '../alerts/book.ts';
import { absorbAll, type GroupingContext } from '../alerts/grouping.ts';
import { EMPTY_LEDGER, extend, findingRecord, type LedgerHead, type LedgerRecord } from '../evidence/ledger.ts';
import { FileHeaders, isSavedHeader } from '../pipeline/file-headers.ts';
import type { LineMemory } from '../pipeline/inspect.ts';
import type { Finding } from '../rules/finding.ts';
import { addressNotices } from '../sinks/queue.ts';
import type { SinkSettings } from '../sinks/settings.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import type { SessionChanges } from '../transfers/session.ts';
import { Sessions } from '../transfers/sessions.ts';
import type { SessionSeal } from './sealed-sessions.ts';

/**
 * What is remembered between batches: the open sessions, the headers of files, the open alerts and the end of the ledger. Always made from the
 * store. It runs ahead of the store until the batch is committed; after a commit that failed it must be made anew.
 */
export class Memory implements LineMemory {
  readonly sessions: Sessions;
  readonly headers: FileHeaders;
  readonly #seal: SessionSeal;
  readonly #book: AlertBook;
  #ledgerHead: LedgerHead;

  constructor({ sessions, alerts, ledgerHead }: StoredState, seal: SessionSeal) {
    const saved = seal.open(sessions);
    this.sessions = new Sessions(saved.filter((it) => !isSavedHeader(it)));
    this.headers = new FileHeaders(saved);
    this.#seal = seal;
    this.#book = new AlertBook(alerts);
    this.#ledgerHead = ledgerHead ?? EMPTY_LEDGER;
  }

  /** Where the ledger stands. */
  get ledgerHead(): LedgerHead {
    return this.#ledgerHead;
  }

  get book(): AlertBook {
    return this.#book;
  }

  /** What changed of the open sessions and the headers, as it is stored. */
  takeSessions(): SessionChanges {
    const sessions = this.sessions.takeChanges();
    const headers = this.headers.takeChanges();
    return this.#seal.seal({
      saved: [...sessions.saved, ...headers.saved],
      ended: [...sessions.ended, ...headers.ended],
    });
  }

  /** Takes in findings that the store does not know. @returns what there is to store of them. */
  absorb(findings: readonly Finding[], context: GroupingContext, sinks: readonly SinkSettings[]): CommitBatch {
    if (findings.length === 0) return {};
    const entries = this.record(findings.map(findingRecord));
    const ledgered = findings.flatMap((finding, index) => {
      const entry = entries[index];
      return entry === undefined ? [] : [{ finding, ledger: { seq: entry.seq, hash: entry.hash } }];
    });
    const changes = absorbAll(this.#book, ledgered, context);
    return { ledger: entries, joinings: changes.joinings, ...toStore(changes, sinks) };
  }

  /** Continues the ledger. */
  record(records: readonly LedgerRecord[]) {
    const entries = extend(this.#ledgerHead, records);
    this.#ledgerHead = entries.at(-1) ?? this.#ledgerHead;
    return entries;
  }
}

/** The alerts that changed, and who is to hear of them. */
export function toStore({ alerts, notices }: BookChanges, sinks: readonly SinkSettings[]): CommitBatch {
  return { alerts, outbox: addressNotices(notices, sinks) };
}
