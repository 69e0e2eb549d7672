import type { FileHandle } from 'node:fs/promises';

const BLOCK_BYTES = 65_536;
const NEWLINE = 0x0a;

/**
 * Makes a file end with a whole line. Half a line of ours, left by a crash, is cut off: it was never acknowledged, so it
 * comes again. Anything else that lacks its newline is not ours to remove and is given one.
 */
export async function mendEnd(file: FileHandle, lineBegins: string): Promise<void> {
  const ours = Buffer.from(lineBegins);
  const { size } = await file.stat();
  const lineStart = await lastLineStart(file, size);
  if (lineStart === size) return;
  const beginning = await readAt(file, lineStart, Math.min(ours.length, size - lineStart));
  const isOurs = ours.subarray(0, beginning.length).equals(beginning);
  if (isOurs) await file.truncate(lineStart);
  else await file.appendFile('\n');
}

/** How many of the messages, counted from the first, the file ends with already: whole lines, the last ones in it. */
export async function countAtEnd(file: FileHandle, messages: readonly string[]): Promise<number> {
  const lines = messages.map((it) => Buffer.from(it));
  const total = lines.reduce((bytes, { length }) => bytes + length, 0);
  const { size } = await file.stat();
  const length = Math.min(size, total + 1);
  const end = await readAt(file, size - length, length);
  for (let count = lines.length; count > 0; count--) {
    const wanted = Buffer.concat(lines.slice(0, count));
    const start = end.length - wanted.length;
    const isAtLineStart = start === 0 || end[start - 1] === NEWLINE;
    if (start >= 0 && isAtLineStart && end.subarray(start).equals(wanted)) return count;
  }
  return 0;
}

/** Offset after the last newline; 0 when there is none. */
async function lastLineStart(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= BLOCK_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const newline = (await readAt(file, start, end - start)).lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
  }
  return 0;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
