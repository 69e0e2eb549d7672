/**
 * How far one file of one source has been read. A file is recognised by device and inode, and by the hash of its
 * beginning and of what stands before `offset`: inodes are reused, and a truncated file keeps its own.
 */
export interface FilePosition {
  readonly source: string;
  /** The path that it is the log of; once `rotated`, the path it was last seen under. */
  readonly path: string;
  /** Decimal text: inode numbers of some file systems exceed 2^53. */
  readonly device: string;
  readonly inode: string;
  /** Bytes hashed from the beginning; grows with the file up to a limit. */
  readonly prefixBytes: number;
  /** SHA-256 of those bytes, hex. */
  readonly prefixSha256: string;
  /** The `file` of every LinePlace in it; absent until its head is complete. */
  readonly contentId?: string;
  /**
   * Bytes that are done with: always the end of a line, or a place within a line that was handed on cut. The byte before
   * it tells which, so no more need be stored: anything but LF means that the rest of that line is still to be skipped.
   */
  readonly offset: number;
  /** Another file has taken its path; it is watched until it stays quiet. */
  readonly rotated: boolean;
  /**
   * The file's modification time (ms since the epoch) when it was last read. When the file itself is gone, this alone
   * tells which of the rotated files beside it were written after it.
   */
  readonly modifiedMs: number;
  /** What stands just before `offset`: see `markOf`. Absent at the beginning, and where an earlier version left off. */
  readonly mark?: string;
  /**
   * It is an archive: prefix, mark and `offset` are of what it holds unpacked. Its size and modification time as packed,
   * which stay the same when it is renamed.
   */
  readonly archive?: string;
  /** Where the symbolic link at `path` led: should it be pointed elsewhere, the file is finished there. */
  readonly target?: string;
  /** It was rotated, was quiet for long, and is read to its end: nothing is lost with it. */
  readonly ended?: true;
}

/** Names a file for as long as it exists; the number is given anew once it is deleted. */
export function fileKey({ device, inode }: { readonly device: string; readonly inode: string }): string {
  return `${device}:${inode}`;
}
