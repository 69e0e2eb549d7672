import type { TrackedAlert } from '../alerts/book.ts';
import type { Joining } from '../alerts/grouping.ts';
import type { LedgerEntry, LedgerHead, LedgerRecord } from '../evidence/ledger.ts';
import type { OutboxEntry } from '../sinks/queue.ts';
import type { FilePosition } from '../sources/file/position.ts';
import type { SavedSession, SessionChanges } from '../transfers/session.ts';

/** A file of a source, as positions are kept: a device and inode belong to one file at a time. */
export type FileKey = Pick<FilePosition, 'source' | 'device' | 'inode'>;

export interface SourceFormat {
  readonly source: string;
  readonly format: string;
}

/** What became of a source's lines. */
export interface SourceCounts {
  readonly source: string;
  readonly lines: number;
  readonly parsed: number;
  readonly skipped: number;
  readonly unreadable: number;
  /** Lines longer than the limit, of which only the beginning was read. Counted among the others too. */
  readonly cut: number;
}

/** A line that could not be read, with whatever could be an identifier masked. */
export interface UnreadableSample {
  readonly source: string;
  /** `file` and `offset` of the line's place. */
  readonly file: string;
  readonly offset: number;
  readonly because: string;
  readonly masked: string;
}

/** All that reading some lines changed. It is stored whole or not at all. */
export interface CommitBatch {
  readonly positions?: readonly FilePosition[];
  /** Removed before the positions are saved: an inode may have passed to another file. */
  readonly forgotten?: readonly FileKey[];
  readonly sessions?: SessionChanges;
  /** What the batch adds to the counts. */
  readonly counts?: readonly SourceCounts[];
  readonly samples?: readonly UnreadableSample[];
  /** Sources that looked for their files for the first time. */
  readonly sourcesSeen?: readonly string[];
  /** Formats that were settled (`format: auto`). They stay as they are. */
  readonly formats?: readonly SourceFormat[];
  readonly ledger?: readonly LedgerEntry[];
  /** Not known before: see `Store.unseen`. */
  readonly joinings?: readonly Joining[];
  readonly alerts?: readonly TrackedAlert[];
  readonly outbox?: readonly OutboxEntry[];
}

/** All that is remembered between runs. */
export interface StoredState {
  readonly positions: readonly FilePosition[];
  readonly sessions: readonly SavedSession[];
  /** Open ones, for a new `AlertBook`. */
  readonly alerts: readonly TrackedAlert[];
  /** `undefined`: the ledger is empty. */
  readonly ledgerHead: LedgerHead | undefined;
  /** The last configuration that the ledger knows. */
  readonly configuration: LedgerRecord | undefined;
  readonly sourcesSeen: ReadonlySet<string>;
  /** What `format: auto` was settled to, by source. */
  readonly formats: ReadonlyMap<string, string>;
}
