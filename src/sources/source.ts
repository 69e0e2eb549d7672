import type { SourceEvent } from './event.ts';
import type { FilePosition } from './file/position.ts';
import type { Line } from './line.ts';

export interface ReadLimits {
  /** Default 5000. */
  readonly maxLines?: number;
  /** No further line is begun after so many bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /**
   * The run ends when all is read: the unterminated last line of a rotated file is taken at once, not after a minute of
   * quiet. The last line of a log that is still in its place waits even then.
   */
  readonly endsAtIdle?: boolean;
}

/** What one read gave. Lines, `positions`, `forgotten` and `cursor` belong into one transaction. */
export interface SourceBatch {
  /** In order within each file, and a rotated file before the one that took its place. */
  readonly lines: readonly Line[];
  /** Positions that changed, as they are after these lines. */
  readonly positions: readonly FilePosition[];
  /** Files whose position is needed no more. */
  readonly forgotten: readonly Pick<FilePosition, 'source' | 'device' | 'inode'>[];
  /** Of a source that is no file: how far it was read, in its own terms. Absent when that did not change. */
  readonly cursor?: string;
  readonly events: readonly SourceEvent[];
  /** Nothing more can be read right now. An unterminated last line waits. */
  readonly idle: boolean;
}

/**
 * Where lines come from. It is pulled: a batch that was not committed is read again by a source that is made anew from
 * what was committed; after a failed commit that is the only way on, but for sources that can `rewind`. One call at a
 * time.
 */
export interface LineSource {
  /**
   * Only of sources that need something of the host for themselves: takes it, else the first read does. Rejects with the
   * error of the system when it cannot be had.
   */
  open?(): Promise<void>;
  /** Rejects only on faults of our own: what is wrong with a file, a child or a socket is an event. */
  read(limits?: ReadLimits): Promise<SourceBatch>;
  /**
   * Only of sources that lose what they hold unread when they are closed. Takes nothing new from outside; what was taken
   * can still be read, until a batch is idle.
   */
  drain?(): void;
  /** Only of such sources, which cannot read again what they have given: the batches so far are stored. */
  committed?(): void;
  /** Only of such sources: what was given since they were last told `committed` was not stored, and is given again. */
  rewind?(): void;
  close(): Promise<void>;
}

/** What is stored of a source: where to go on. */
export interface SourceProgress {
  readonly positions: readonly FilePosition[];
  readonly cursor?: string;
  /** Nothing of this source was ever committed, not even an empty batch: `start` applies to what is found first. */
  readonly firstSeen: boolean;
}
