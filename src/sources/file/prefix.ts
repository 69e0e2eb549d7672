import { hash } from 'node:crypto';
import type { FilePosition } from './position.ts';

/** Enough to tell two logs apart by their first lines, little enough to read again with every chunk. */
export const MAX_PREFIX_BYTES = 1024;

const LF = 0x0a;

/**
 * The identity that a file's first bytes give it. `head`: the file's first 1024 bytes, or all of a shorter one. Only whole
 * lines count: the beginning of a line may be nothing but the hour, which the next file begins with as well.
 */
export function prefixOf(head: Buffer): Pick<FilePosition, 'prefixBytes' | 'prefixSha256'> {
  const prefixBytes = head.length >= MAX_PREFIX_BYTES ? head.length : head.lastIndexOf(LF) + 1;
  return { prefixBytes, prefixSha256: hash('sha256', head.subarray(0, prefixBytes), 'hex') };
}

/** Whether a file still holds what was read of it: it begins the same, and has not become shorter than what was read. */
export function holdsWhatWasRead(
  { prefixBytes, prefixSha256, offset }: FilePosition,
  file: { readonly size: number; readonly head: Buffer },
): boolean {
  if (file.size < offset || file.head.length < prefixBytes) return false;
  return hash('sha256', file.head.subarray(0, prefixBytes), 'hex') === prefixSha256;
}
