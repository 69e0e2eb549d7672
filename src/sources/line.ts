/**
 * Where a line stands in its file. The same when the file is tailed, found again after rotation, or replayed from an
 * archive, so that everything derived from it (finding ids above all) is the same too.
 */
export interface LinePlace {
  /**
   * Names the file by its content: 16 hex digits of the SHA-256 of its first line, or of its header and the first line
   * behind it (`file/head.ts`). Survives renaming and copying.
   */
  readonly file: string;
  /** Bytes before the line in its file. */
  readonly offset: number;
  /** Bytes of the line with its terminator; of a line that was cut, the bytes that `text` holds. */
  readonly bytes: number;
}

/** Raw text of one log line, without its terminator. */
export interface Line {
  /** The source's name in the configuration. */
  readonly source: string;
  readonly text: string;
  readonly place: LinePlace;
  /** The path it was read from, for people. Not part of its identity. */
  readonly path: string;
  /**
   * The line was written before this instant (ms since the epoch): the file's modification time. Years and dates that
   * the line does not tell are resolved against it, never against a clock, so an old archive reads as it did when new.
   */
  readonly writtenBeforeMs: number;
  /** True when the line was longer than the limit and `text` is only its beginning. */
  readonly cut: boolean;
}
