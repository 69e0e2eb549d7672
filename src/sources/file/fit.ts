import type { FileHandle } from 'node:fs/promises';
import { skipToEnd } from './begin.ts';
import { openForReading } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { holdsWhatWasRead } from './prefix.ts';
import { factsOf, readAt, readHead } from './seen-file.ts';
import { DEFAULT_MAX_LINE_BYTES } from './split-lines.ts';

const LF = 0x0a;
/** Byte order marks of UTF-16, in which the end of a line is not one byte. */
const WIDE = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/**
 * Whether a position cannot be one that reading has left in its file: it stands within a line that is too short to have
 * been cut. Reading on from there would take the rest of that line for the rest of one that was cut, and skip it. A file
 * that has become shorter, or begins otherwise, is none of these: it was truncated or replaced, which a tail copes with. Of a
 * file that is rotated the last line may have ended without a newline.
 */
export async function isMisfit(position: FilePosition, maxLineBytes = DEFAULT_MAX_LINE_BYTES): Promise<boolean> {
  if (position.rotated || position.offset === 0 || position.prefixBytes === 0) return false;
  return (
    (await withFile(position, async (file) => {
      const { size } = factsOf(await file.stat({ bigint: true }));
      const head = await readHead(file);
      const isWide = WIDE.some((mark) => head.subarray(0, 2).equals(mark));
      if (isWide || !holdsWhatWasRead(position, { size, head })) return false;
      const start = Math.max(0, position.offset - maxLineBytes);
      const [last] = await readAt(file, position.offset - 1, Buffer.allocUnsafe(1));
      if (last === LF) return false;
      // A line is cut once it is longer than the limit: then there is no end of a line that near before the position.
      const before = await readAt(file, start, Buffer.allocUnsafe(position.offset - start));
      return start === 0 || before.includes(LF);
    })) ?? false
  );
}

/** The position at the beginning of its file: what stood before the old one is no mark of it. */
export function positionAtStart({ mark: _, ended: __, ...position }: FilePosition): FilePosition {
  return { ...position, offset: 0 };
}

/** The position behind the last whole line of its file, as when it is first seen and only its end is wanted. */
export async function positionAtEnd(
  position: FilePosition,
  maxLineBytes = DEFAULT_MAX_LINE_BYTES,
): Promise<FilePosition> {
  const atStart = positionAtStart(position);
  return (
    (await withFile(position, async (file) => {
      const { size } = factsOf(await file.stat({ bigint: true }));
      // What its header said is remembered with the sessions, not with the position.
      return (await skipToEnd(file, atStart, size, maxLineBytes)).position;
    })) ?? atStart
  );
}

/** @returns `undefined` when the file is not there, is another one now, or cannot be read: the tail tells of that. */
async function withFile<T>(position: FilePosition, work: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  const file = await openForReading(position.path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const facts = factsOf(await file.stat({ bigint: true }));
    return fileKey(facts) === fileKey(position) ? await work(file) : undefined;
  } finally {
    await file.close();
  }
}
