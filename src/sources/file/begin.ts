import type { FileHandle } from 'node:fs/promises';
import type { FilePosition } from './position.ts';
import { prefixOf } from './prefix.ts';
import type { AppearedFile } from './reconcile.ts';
import { readAt } from './seen-file.ts';
import { contentIdOfHead } from './split-lines.ts';

const LF = 0x0a;
const BLOCK_BYTES = 64 * 1024;

/** Position at the first byte of a file. */
export function beginning(source: string, { seen, rotated }: AppearedFile): FilePosition {
  const { path, device, inode, modifiedMs, head } = seen;
  return { source, path, device, inode, ...prefixOf(head), offset: 0, rotated, modifiedMs };
}

/** Moves a position behind the last complete line, so that the line being written will be read whole. */
export async function skipToEnd(
  file: FileHandle,
  beginning: FilePosition,
  size: number,
  maxLineBytes: number,
): Promise<FilePosition> {
  const offset = await lastLineStart(file, size, maxLineBytes);
  if (offset === 0) return beginning;
  const firstLine = await readAt(file, 0, Buffer.allocUnsafeSlow(Math.min(maxLineBytes + 1, size)));
  const contentId = contentIdOfHead(firstLine, maxLineBytes);
  return contentId === undefined ? beginning : { ...beginning, offset, contentId };
}

/** Of a line that is over the limit already nothing is read: the end of the file then. */
async function lastLineStart(file: FileHandle, size: number, maxLineBytes: number): Promise<number> {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  for (let end = size; end > 0 && size - end <= maxLineBytes; end -= BLOCK_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const bytes = await readAt(file, start, block.subarray(0, end - start));
    const lf = bytes.lastIndexOf(LF);
    if (lf >= 0) return start + lf + 1;
  }
  return size > maxLineBytes ? size : 0;
}
