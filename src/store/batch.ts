import type { TrackedAlert, TrackedCondition, TrackedEgress } from '../alerts/book.ts';
import type { Joining } from '../alerts/grouping.ts';
import type { Gap } from '../coverage/gap.ts';
import type { Span } from '../coverage/source-coverage.ts';
import type { LedgerEntry, LedgerHead, LedgerRecord } from '../evidence/ledger.ts';
import type { EndpointSighting } from '../geo/watch/sighting.ts';
import type { OutboxEntry } from '../sinks/queue.ts';
import type { FilePosition } from '../sources/file/position.ts';
import type { SavedSession, SessionChanges } from '../transfers/session.ts';
import type { GeoEdition } from './geo.ts';
import type { TakenAct } from './handling.ts';

/** A file of a source, as positions are kept: a device and inode belong to one file at a time. */
export type FileKey = Pick<FilePosition, 'source' | 'device' | 'inode'>;

/** How far a source that is no file was read, in its own terms. */
export interface SourceCursor {
  readonly source: string;
  readonly cursor: string;
}

/** What `format: auto` was settled to. */
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
  readonly cursors?: readonly SourceCursor[];
  /** Sources whose cursor is worth nothing. */
  readonly forgottenCursors?: readonly string[];
  /** Sources that are to begin as if they were seen for the first time. */
  readonly forgottenSources?: readonly string[];
  readonly sessions?: SessionChanges;
  /** What the batch adds to the counts. */
  readonly counts?: readonly SourceCounts[];
  readonly samples?: readonly UnreadableSample[];
  /** Sources that looked for their files for the first time. */
  readonly sourcesSeen?: readonly string[];
  /** Replace those of the same beginning. */
  readonly spans?: readonly Span[];
  /** Replace those of the same id. */
  readonly gaps?: readonly Gap[];
  /** Formats that were settled (`format: auto`). They stay as they are. */
  readonly formats?: readonly SourceFormat[];
  readonly ledger?: readonly LedgerEntry[];
  /** Not known before: see `Store.unseen`. */
  readonly joinings?: readonly Joining[];
  readonly alerts?: readonly TrackedAlert[];
  readonly outbox?: readonly OutboxEntry[];
  /** What people did about alerts, and which of the ledger entries hold it. */
  readonly handled?: readonly TakenAct[];
  /** Databases and address ranges that verdicts rest on from now on. */
  readonly geoEditions?: readonly GeoEdition[];
  /** Where vendors' domains pointed when it was looked. */
  readonly sightings?: readonly EndpointSighting[];
}

/** All that is remembered between runs. */
export interface StoredState {
  readonly positions: readonly FilePosition[];
  /** By source. */
  readonly cursors: ReadonlyMap<string, string>;
  readonly sessions: readonly SavedSession[];
  /** Open ones, for a new `AlertBook`. */
  readonly alerts: readonly TrackedEgress[];
  /** Open alerts about the watch itself. */
  readonly conditions: readonly TrackedCondition[];
  /** `undefined`: the ledger is empty. */
  readonly ledgerHead: LedgerHead | undefined;
  /** The last configuration that the ledger knows. */
  readonly configuration: LedgerRecord | undefined;
  readonly sourcesSeen: ReadonlySet<string>;
  /** What `format: auto` was settled to, by source. */
  readonly formats: ReadonlyMap<string, string>;
}
