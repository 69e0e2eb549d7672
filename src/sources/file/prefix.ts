import { hash } from 'node:crypto';
import type { FilePosition } from './position.ts';

/** Enough to tell two logs apart by their first lines, little enough to read again with every chunk. */
export const MAX_PREFIX_BYTES = 1024;

/** The identity that a file's first bytes give it. `head`: the file's first 1024 bytes, or all of a shorter one. */
export function prefixOf(head: Buffer): Pick<FilePosition, 'prefixBytes' | 'prefixSha256'> {
  return { prefixBytes: head.length, prefixSha256: hash('sha256', head, 'hex') };
}

/** Whether a file still holds what was read of it: it begins the same, and has not become shorter than what was read. */
export function holdsWhatWasRead(
  { prefixBytes, prefixSha256, offset }: FilePosition,
  file: { readonly size: number; readonly head: Buffer },
): boolean {
  if (file.size < offset || file.head.length < prefixBytes) return false;
  return hash('sha256', file.head.subarray(0, prefixBytes), 'hex') === prefixSha256;
}
