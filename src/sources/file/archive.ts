import type { FileHandle } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OperatorError } from '../../errors/problem.ts';
import type { Line } from '../line.ts';
import { CHUNK_BYTES } from './chunk.ts';
import { type Compression, compressionOf } from './compression.ts';
import { openForReading } from './open-files.ts';
import { errnoOf, factsOf, readHead } from './seen-file.ts';
import { DEFAULT_MAX_LINE_BYTES, type SplitFrom, splitLines } from './split-lines.ts';

export interface ArchiveOptions {
  /** Longer lines are cut. Default 1 MiB; a line's place is the tail's only under the same limit. */
  readonly maxLineBytes?: number;
}

/**
 * A whole log file, plain or gzip, as batches of lines; how it is compressed is told by its content, not its name. Places
 * are those that the tail gave the same lines. `writtenBeforeMs` is the archive's own modification time, which gzip(1)
 * takes over from the log.
 *
 * @throws OperatorError when the file cannot be read, is damaged, or is compressed some other way.
 */
export async function* readArchive(
  path: string,
  source: string,
  { maxLineBytes = DEFAULT_MAX_LINE_BYTES }: ArchiveOptions = {},
): AsyncGenerator<readonly Line[], void, undefined> {
  const file = await openForReading(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { modifiedMs: writtenBeforeMs } = factsOf(await file.stat({ bigint: true }));
    yield* readStream(await contentOf(file, path), { source, path, writtenBeforeMs, maxLineBytes });
  } catch (error) {
    throw unreadable(path, error);
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
  { maxLineBytes = DEFAULT_MAX_LINE_BYTES, ...line }: StreamOptions,
): AsyncGenerator<readonly Line[], void, undefined> {
  const options = { ...line, maxLineBytes, ...EVERYTHING };
  let from: SplitFrom = { offset: 0, withinLine: false };
  let bytes: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const { lines, used, ...rest } = splitLines(bytes, from, { ...options, last: false });
    if (lines.length > 0) yield lines;
    from = { ...rest, offset: from.offset + used };
    bytes = bytes.subarray(used);
  }
  const { lines } = splitLines(bytes, from, { ...options, last: true });
  if (lines.length > 0) yield lines;
}

const EVERYTHING = { maxLines: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };

async function contentOf(file: FileHandle, path: string): Promise<AsyncIterable<Buffer>> {
  const compression = compressionOf(await readHead(file));
  const bytes: Readable = file.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES, autoClose: false });
  if (compression === undefined) return bytes;
  if (compression !== 'gzip') {
    bytes.destroy();
    throw unsupported(path, compression);
  }
  // The reader of the result meets the error as well; here it would only be told a second time.
  return pipeline(bytes, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

const DECOMPRESS: Readonly<Record<Exclude<Compression, 'gzip'>, string>> = {
  xz: 'xz --decompress --keep',
  zstd: 'zstd --decompress',
  bzip2: 'bzip2 --decompress --keep',
};

function unsupported(path: string, compression: Exclude<Compression, 'gzip'>): OperatorError {
  return new OperatorError([
    {
      code: 'source.unreadable',
      what: `Cannot read a log compressed with ${compression}; wanted plain text or gzip`,
      where: { file: path },
      todo: `decompress it first with ${DECOMPRESS[compression]}`,
    },
  ]);
}

/** What is thrown without an error code, OperatorErrors and bugs of ours, goes on as it is. */
function unreadable(path: string, error: unknown): OperatorError {
  const code = errnoOf(error);
  const damaged = code.startsWith('Z_');
  return new OperatorError(
    [
      {
        code: 'source.unreadable',
        what: damaged ? `The gzip data is damaged or cut short (${code})` : `Cannot read the log (${code})`,
        where: { file: path },
        todo: damaged ? 'restore the archive from another copy' : (REMEDIES[code] ?? 'check the path and the disk'),
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
