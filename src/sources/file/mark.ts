import { hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { FilePosition } from './position.ts';
import { readAt } from './seen-file.ts';

/** Enough to hold some line's own time and numbers, little enough to read again with every chunk. */
export const MARK_BYTES = 256;

/**
 * What the bytes just before an offset tell: logs that begin alike, as all with the same header do, differ there.
 *
 * @param before at least `MARK_BYTES` that stand before the offset; all of them where there are fewer.
 */
export function markOf(before: Buffer): string {
  return hash('sha256', before.subarray(Math.max(0, before.length - MARK_BYTES)), 'hex').slice(0, 32);
}

/** The mark of a position at `offset`; none at the beginning of a file. */
export async function markBefore(file: FileHandle, offset: number): Promise<Pick<FilePosition, 'mark'>> {
  if (offset === 0) return {};
  const bytes = Math.min(offset, MARK_BYTES);
  const before = await readAt(file, offset - bytes, Buffer.allocUnsafe(bytes));
  return before.length < bytes ? {} : { mark: markOf(before) };
}

/** Whether an open file holds, just before the offset, what was read there. */
export async function holdsMark(file: FileHandle, { offset, mark }: FilePosition): Promise<boolean> {
  return mark === undefined || (await markBefore(file, offset)).mark === mark;
}
