import { hash } from 'node:crypto';
import { headerEnd, MAX_HEADER_BYTES } from './head.ts';
import type { FilePosition } from './position.ts';

/** Enough to tell two logs apart by their first lines, little enough to read again with every chunk. */
const OWN_BYTES = 1024;

const LF = 0x0a;

/** No head is longer. */
export const MAX_HEAD_BYTES = MAX_HEADER_BYTES + OWN_BYTES;

/** How much of a file that begins like this makes its head: its header, and 1024 bytes that are its own. */
export function headBytes(beginning: Buffer): number {
  return headerEnd(beginning).so + OWN_BYTES;
}

/** The head of a file that begins with these bytes; all of them when they are too few. */
export function headOf(bytes: Buffer): Buffer {
  let head = bytes.subarray(0, OWN_BYTES);
  while (!isFullHead(head) && head.length < bytes.length) head = bytes.subarray(0, headBytes(head));
  return head;
}

/** Whether a head has all that a head can have; otherwise it is the whole file. */
export function isFullHead(head: Buffer): boolean {
  return head.length >= headBytes(head);
}

/** Whether a file holds nothing that others of its kind would not begin with: it is empty, or has a header only. */
export function isBlank(head: Buffer): boolean {
  return head.length <= headerEnd(head).so;
}

/**
 * The identity that a file's first bytes give it, none as long as it is blank. Only whole lines count: the beginning of a
 * line may be nothing but the hour, which the next file begins with as well.
 */
export function prefixOf(head: Buffer): Pick<FilePosition, 'prefixBytes' | 'prefixSha256'> {
  const whole = isFullHead(head) ? head.length : head.lastIndexOf(LF) + 1;
  const prefixBytes = whole > headerEnd(head).whole ? whole : 0;
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
