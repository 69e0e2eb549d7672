/**
 * How far one file of one source has been read. A file is recognised by device and inode, and by the hash of its
 * beginning, and by not being shorter than what was read: inodes are reused, and a truncated file keeps its own.
 */
export interface FilePosition {
  readonly source: string;
  /** The path it was last seen under. */
  readonly path: string;
  /** Decimal text: inode numbers of some file systems exceed 2^53. */
  readonly device: string;
  readonly inode: string;
  /** Bytes hashed from the beginning; grows with the file up to a limit. */
  readonly prefixBytes: number;
  /** SHA-256 of those bytes, hex. */
  readonly prefixSha256: string;
  /** The `file` of every LinePlace in it; absent until its first line is complete. */
  readonly contentId?: string;
  /** Bytes of complete lines that were handed on. */
  readonly offset: number;
  /** Another file has taken its path; it is watched until it stays quiet. */
  readonly rotated: boolean;
}
