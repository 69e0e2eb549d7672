import type { FileHandle } from 'node:fs/promises';
import type { Line } from '../line.ts';
import { type Encoding, encodingOf, lastIndexOfLf, unitBytes } from './encoding.ts';
import { fileHead, MAX_HEADER_BYTES } from './head.ts';
import { markBefore } from './mark.ts';
import type { FilePosition } from './position.ts';
import { prefixOf } from './prefix.ts';
import type { AppearedFile } from './reconcile.ts';
import { readAt } from './seen-file.ts';
import { splitLines } from './split-lines.ts';

const BLOCK_BYTES = 64 * 1024;

/** Position at the first byte of a file, or of what an archive holds. */
export function beginning(source: string, { seen, rotated }: AppearedFile): FilePosition {
  const { path, device, inode, modifiedMs, head, packed, contentStamp, target } = seen;
  return {
    ...{ source, path, device, inode, ...prefixOf(head), offset: 0, rotated, modifiedMs },
    ...(packed && { archive: contentStamp }),
    ...(target !== undefined && { target }),
  };
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
  const headBytes = Math.min(MAX_HEADER_BYTES + maxLineBytes + unitBytes('utf-16le'), size);
  const bytes = await readAt(file, 0, Buffer.allocUnsafeSlow(headBytes));
  const encoding = encodingOf(bytes);
  const offset = await lastLineStart(file, size, encoding, maxLineBytes);
  const head = fileHead(bytes.subarray(0, offset), { encoding, maxLineBytes, last: false });
  if (head === undefined) return { position: beginning, header: [] };
  const { contentId, headerBytes } = head;
  const { source, path, modifiedMs: writtenBeforeMs } = beginning;
  const { lines } = splitLines(
    bytes.subarray(0, headerBytes),
    { offset: 0, withinLine: false, contentId },
    {
      ...{ source, path, writtenBeforeMs, encoding, maxLineBytes, last: true },
      maxLines: Number.POSITIVE_INFINITY,
      maxBytes: Number.POSITIVE_INFINITY,
    },
  );
  return { position: { ...beginning, offset, contentId, ...(await markBefore(file, offset)) }, header: lines };
}

/** Of a line that is over the limit already nothing is read: the end of the file then. */
async function lastLineStart(
  file: FileHandle,
  size: number,
  encoding: Encoding,
  maxLineBytes: number,
): Promise<number> {
  const unit = unitBytes(encoding);
  const whole = size - (size % unit);
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  for (let end = whole; end > 0 && whole - end <= maxLineBytes; end -= BLOCK_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const bytes = await readAt(file, start, block.subarray(0, end - start));
    const lf = lastIndexOfLf(bytes, encoding);
    if (lf >= 0) return start + lf + unit;
  }
  return whole > maxLineBytes ? whole : 0;
}
