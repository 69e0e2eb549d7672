import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { OperatorError } from '../../errors/problem.ts';
import type { Line } from '../line.ts';
import { type Compression, compressionOf } from './compression.ts';
import { encodingOf } from './encoding.ts';
import { openForReading } from './open-files.ts';
import { errnoOf, type FileFacts, factsOf, readAt, readHead } from './seen-file.ts';
import { DEFAULT_MAX_LINE_BYTES, type SplitFrom, splitLines } from './split-lines.ts';
import { ArchiveDamage } from './unpack/damage.ts';
import { unpack } from './unpack/unpack.ts';

export interface ArchiveOptions {
  /** Longer lines are cut. Default 1 MiB; a line's place is the tail's only under the same limit. */
  readonly maxLineBytes?: number;
  /** Where to go on: what an earlier reading gave as `after`. Default: the beginning. */
  readonly from?: SplitFrom;
  /** Hears of the bytes of the file, as they are on the disk, that were read. */
  readonly onRead?: (bytes: number) => void;
}

/** Some lines of an archive, and where to go on behind them. */
export interface ArchivePiece {
  readonly lines: readonly Line[];
  readonly after: SplitFrom;
}

/**
 * A whole log file, plain or packed, as batches of lines; how it is packed is told by its content, not its name. Places
 * are those that the tail gave the same lines. `writtenBeforeMs` is the archive's own modification time, which packers
 * take over from the log.
 *
 * @throws OperatorError when the file cannot be read or is damaged.
 */
export async function* readArchive(
  path: string,
  source: string,
  options: ArchiveOptions = {},
): AsyncGenerator<ArchivePiece, void, undefined> {
  const file = await openForReading(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  let compression: Compression | undefined;
  try {
    const { modifiedMs: writtenBeforeMs } = factsOf(await file.stat({ bigint: true }));
    compression = compressionOf(await readHead(file));
    const content = unpack(packedBytes(file, options.onRead), compression);
    yield* readStream(content, { ...options, source, path, writtenBeforeMs });
  } catch (error) {
    throw unreadable(path, error, compression);
  } finally {
    await file.close();
  }
}

/** What is known of a log file, plain or packed, before it is read. */
export interface ArchiveFacts {
  readonly device: string;
  readonly inode: string;
  /** Bytes on the disk. */
  readonly size: number;
  readonly modifiedMs: number;
  /** What it begins with, unpacked: as many bytes as were asked for, or all. */
  readonly head: Buffer;
}

/** @throws OperatorError as `readArchive` does */
export async function inspectArchive(path: string, headBytes: number): Promise<ArchiveFacts> {
  return withContent(path, async (content, { device, inode, size, modifiedMs }) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of content) {
      parts.push(part);
      bytes += part.length;
      if (bytes >= headBytes) break;
    }
    return { device, inode, size, modifiedMs, head: Buffer.concat(parts).subarray(0, headBytes) };
  });
}

/** SHA-256 (hex) of what a log file holds, unpacked. @throws OperatorError as `readArchive` does */
export async function archiveSha256(path: string): Promise<string> {
  return withContent(path, async (content) => {
    const sum = createHash('sha256');
    for await (const part of content) sum.update(part);
    return sum.digest('hex');
  });
}

async function withContent<T>(
  path: string,
  use: (content: AsyncIterable<Buffer>, facts: FileFacts) => Promise<T>,
): Promise<T> {
  const file = await openForReading(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  let compression: Compression | undefined;
  try {
    const facts = factsOf(await file.stat({ bigint: true }));
    compression = compressionOf(await readHead(file));
    return await use(unpack(packedBytes(file), compression), facts);
  } catch (error) {
    throw unreadable(path, error, compression);
  } finally {
    await file.close();
  }
}

export interface StreamOptions extends ArchiveOptions {
  readonly source: string;
  readonly path: string;
  readonly writtenBeforeMs: number;
}

/** Whatever a stream brings, as batches of lines with the places they would have in a file. */
export async function* readStream(
  stream: AsyncIterable<Buffer>,
  { maxLineBytes = DEFAULT_MAX_LINE_BYTES, from: start = BEGINNING, source, path, writtenBeforeMs }: StreamOptions,
): AsyncGenerator<ArchivePiece, void, undefined> {
  let from = start;
  let bytes: Buffer = Buffer.alloc(0);
  let toSkip = start.offset;
  let head: Buffer = bytes;
  const split = (last: boolean) => {
    const encoding = encodingOf(head);
    const { lines, used, withinLine, contentId } = splitLines(bytes, from, {
      ...{ source, path, writtenBeforeMs, maxLineBytes, encoding, last },
      maxLines: Number.POSITIVE_INFINITY,
      maxBytes: Number.POSITIVE_INFINITY,
    });
    from = { offset: from.offset + used, withinLine, ...(contentId !== undefined && { contentId }) };
    bytes = bytes.subarray(used);
    return lines;
  };
  for await (const chunk of stream) {
    if (head.length < MARK_BYTES) head = Buffer.concat([head, chunk.subarray(0, MARK_BYTES)]);
    const skipped = Math.min(toSkip, chunk.length);
    toSkip -= skipped;
    if (skipped === chunk.length) continue;
    const fresh = chunk.subarray(skipped);
    bytes = bytes.length === 0 ? fresh : Buffer.concat([bytes, fresh]);
    if (head.length < MARK_BYTES) continue;
    const lines = split(false);
    if (lines.length > 0) yield { lines, after: from };
  }
  const lines = split(true);
  if (lines.length > 0) yield { lines, after: from };
}

const BEGINNING: SplitFrom = { offset: 0, withinLine: false };
/** Of a byte order mark. */
const MARK_BYTES = 2;
const PACKED_BYTES = 64 * 1024;

/** The packed bytes of a file from its beginning. */
export async function* packedBytes(
  file: FileHandle,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer, void, undefined> {
  for (let offset = 0; ; ) {
    const bytes = await readAt(file, offset, Buffer.allocUnsafeSlow(PACKED_BYTES));
    if (bytes.length === 0) return;
    offset += bytes.length;
    onRead(bytes.length);
    yield bytes;
  }
}

/** What is thrown without an error code, OperatorErrors and bugs of ours, goes on as it is. */
function unreadable(path: string, error: unknown, compression?: Compression): OperatorError {
  if (error instanceof ArchiveDamage) return damaged(path, error, compression);
  const code = errnoOf(error);
  return new OperatorError(
    [
      {
        code: 'source.unreadable',
        what: `Cannot read the log (${code})`,
        where: { file: path },
        todo: REMEDIES[code] ?? 'check the path and the disk',
      },
    ],
    { cause: error },
  );
}

function damaged(path: string, error: ArchiveDamage, compression: Compression = 'gzip'): OperatorError {
  return new OperatorError(
    [
      {
        code: 'source.unreadable',
        what: `The ${compression} data is ${error.cutShort ? 'cut short' : 'damaged'}`,
        where: { file: path },
        todo: 'restore the archive from another copy',
      },
    ],
    { cause: error },
  );
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'check the path',
  EACCES: 'let the user that runs this read it',
  EISDIR: 'name a file, not a directory',
};
