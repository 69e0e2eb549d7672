import type { FileHandle } from 'node:fs/promises';
import type { Line } from '../line.ts';
import { encodingOf, endsWithLf } from './encoding.ts';
import { MAX_HEADER_BYTES } from './head.ts';
import { MARK_BYTES, markOf } from './mark.ts';
import type { FilePosition } from './position.ts';
import { holdsWhatWasRead, prefixOf } from './prefix.ts';
import { factsOf, readAt, readHead } from './seen-file.ts';
import { splitLines } from './split-lines.ts';

export const CHUNK_BYTES = 256 * 1024;

export interface ChunkOptions {
  /** The path it is read from. */
  readonly path: string;
  /** The file's stamp when it was last looked at. */
  readonly seenStamp: string;
  readonly maxLineBytes: number;
  readonly maxLines: number;
  readonly maxBytes: number;
  /** Whether a file that was last modified then gets no more: its unterminated last line is then a line. */
  readonly isFinished: (modifiedMs: number) => boolean;
}

export type Chunk =
  /** The file was truncated or replaced while it was read: what was read is worth nothing. */
  | { readonly kind: 'replaced' }
  | {
      readonly kind: 'read';
      readonly lines: readonly Line[];
      /** After these lines; the same object when nothing was read. */
      readonly position: FilePosition;
      /** Nothing more can be taken from the file as it is now. */
      readonly drained: boolean;
      /** The file's stamp after the read. */
      readonly stamp: string;
    };

/**
 * Reads the next lines of a file: at most one chunk, or one line (or the file's head) where that is longer. The prefix is
 * looked at after the read, not before: a file that was truncated and has grown past our offset again would otherwise go
 * unnoticed. What stands before the offset comes with the read itself.
 */
export async function readChunk(
  file: FileHandle,
  position: FilePosition,
  buffer: Buffer,
  options: ChunkOptions,
): Promise<Chunk> {
  const before = Math.min(position.offset, MARK_BYTES);
  const read = await readAt(file, position.offset - before, buffer);
  const facts = factsOf(await file.stat({ bigint: true }));
  const end = position.offset - before + read.length;
  if (facts.size < end) return { kind: 'replaced' };
  if (position.mark !== undefined && markOf(read.subarray(0, before)) !== position.mark) return { kind: 'replaced' };
  const head = await readHead(file);
  if (!holdsWhatWasRead(position, { size: facts.size, head })) return { kind: 'replaced' };
  // Without a whole line there is nothing to know the file by, unless nothing was written to it.
  if (position.prefixBytes === 0 && facts.stamp !== options.seenStamp) return { kind: 'replaced' };

  const atEnd = end === facts.size;
  const { modifiedMs, stamp } = facts;
  const encoding = encodingOf(head);
  const { lines, used, exhausted, contentId } = splitLines(
    read.subarray(before),
    {
      offset: position.offset,
      withinLine: before > 0 && !endsWithLf(read.subarray(0, before), encoding),
      ...(position.contentId !== undefined && { contentId: position.contentId }),
    },
    {
      source: position.source,
      path: options.path,
      writtenBeforeMs: modifiedMs,
      encoding,
      maxLineBytes: options.maxLineBytes,
      maxLines: options.maxLines,
      maxBytes: options.maxBytes,
      last: atEnd && options.isFinished(modifiedMs),
    },
  );
  const mostBytes = MARK_BYTES + MAX_HEADER_BYTES + options.maxLineBytes + 2;
  if (used === 0 && !atEnd && buffer.length < mostBytes) {
    return readChunk(file, position, Buffer.allocUnsafeSlow(mostBytes), options);
  }
  const prefix = prefixOf(head);
  const grown = prefix.prefixBytes > position.prefixBytes;
  const after: FilePosition = {
    ...position,
    ...(grown && { prefixBytes: prefix.prefixBytes, prefixSha256: prefix.prefixSha256 }),
    ...(contentId !== undefined && { contentId }),
    offset: position.offset + used,
    modifiedMs,
    ...(used > 0 && { mark: markOf(read.subarray(0, before + used)) }),
  };
  return {
    kind: 'read',
    lines,
    position: grown || used > 0 ? after : position,
    drained: atEnd && exhausted,
    stamp,
  };
}
