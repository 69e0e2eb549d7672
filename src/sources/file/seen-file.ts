import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:os';
import { headBytes, isFullHead } from './prefix.ts';

/** A regular file as it was found on the disk at one moment. */
export interface SeenFile {
  readonly path: string;
  /** Path of the log that it is, or that it was rotated or copied from, by its name. */
  readonly log: string;
  readonly device: string;
  readonly inode: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Changes when the content does, as far as a file system can tell. */
  readonly stamp: string;
  /** As `stamp`, but the same after a file was renamed. */
  readonly contentStamp: string;
  /** The name says that it is compressed. What it holds is found out when there is a reason to: see `Archives`. */
  readonly packed: boolean;
  /** Where the path leads, if it is a symbolic link. */
  readonly target?: string;
  /** The header and the first 1024 bytes behind it, or all of a shorter file. Absent when it could not be read, or is packed. */
  readonly head?: Buffer;
  /** A pattern of the configuration matches it. */
  readonly wanted: boolean;
  /** It is in its directory no more, and can only be read because it was still open. */
  readonly unlisted: boolean;
  /** No name leads to it any more. */
  readonly deleted: boolean;
}

export type FileFacts = Pick<
  SeenFile,
  'device' | 'inode' | 'size' | 'modifiedMs' | 'stamp' | 'contentStamp' | 'deleted'
>;

export function factsOf(stat: BigIntStats): FileFacts {
  return {
    device: String(stat.dev),
    inode: String(stat.ino),
    size: Number(stat.size),
    modifiedMs: Math.ceil(Number(stat.mtimeNs / 1_000n) / 1_000),
    stamp: `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`,
    contentStamp: `${stat.size} ${stat.mtimeNs}`,
    deleted: stat.nlink === 0n,
  };
}

/** @returns `SeenFile.head` */
export async function readHead(file: FileHandle): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (!isFullHead(head)) {
    const wanted = headBytes(head);
    head = await readAt(file, 0, Buffer.allocUnsafeSlow(wanted));
    if (head.length < wanted) break;
  }
  return head;
}

/** Fills `into` from `offset` on, as far as the file goes. */
export async function readAt(file: FileHandle, offset: number, into: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return into.subarray(0, filled);
}

/** `ENOENT`, `EACCES`; what is thrown without a code is our bug and goes on. */
export function errnoOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
  // Node names no error that libuv does not know, such as ESTALE: it gives the number alone.
  const { errno } = error as NodeJS.ErrnoException;
  return (errno !== undefined && NAMES.get(-errno)) || error.code;
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, errno]) => [errno, name]),
);
