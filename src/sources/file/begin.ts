import type { FileHandle } from 'node:fs/promises';
import type { Line } from '../line.ts';
import { fileHead, MAX_HEADER_BYTES } from './head.ts';
import type { FilePosition } from './position.ts';
import { prefixOf } from './prefix.ts';
import type { AppearedFile } from './reconcile.ts';
import { readAt } from './seen-file.ts';
import { splitLines } from './split-lines.ts';

const LF = 0x0a;
const BLOCK_BYTES = 64 * 1024;

/** Position at the first byte of a file. */
export function beginning(source: string, { seen, rotated }: AppearedFile): FilePosition {
  const { path, device, inode, modifiedMs, head } = seen;
  return { source, path, device, inode, ...prefixOf(head), offset: 0, rotated, modifiedMs };
}

export interface SkippedToEnd {
  readonly position: FilePosition;
  /** The header of the file, which says how the lines to come are to be read. */
  readonly header: readonly Line[];
}

/** Moves a position behind the last complete line, so that the line being written will be read whole. */
export async function skipToEnd(
  file: FileHandle,
  beginning: FilePosition,
  size: number,
  maxLineBytes: number,
): Promise<SkippedToEnd> {
  const offset = await lastLineStart(file, size, maxLineBytes);
  const headBytes = Math.min(MAX_HEADER_BYTES + maxLineBytes + 2, offset);
  const bytes = await readAt(file, 0, Buffer.allocUnsafeSlow(headBytes));
  const head = fileHead(bytes, maxLineBytes, false);
  if (head === undefined) return { position: beginning, header: [] };
  const { contentId, headerBytes } = head;
  const { source, path, modifiedMs: writtenBeforeMs } = beginning;
  const { lines } = splitLines(
    bytes.subarray(0, headerBytes),
    { offset: 0, withinLine: false, contentId },
    { source, path, writtenBeforeMs, maxLineBytes, maxLines: Infinity, maxBytes: Infinity, last: true },
  );
  return { position: { ...beginning, offset, contentId }, header: lines };
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
