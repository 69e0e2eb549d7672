import type { FileHandle } from 'node:fs/promises';
import type { Line } from '../line.ts';
import { encodingOf, endsWithLf } from './encoding.ts';
import { MAX_HEADER_BYTES } from './head.ts';
import { MARK_BYTES, markOf } from './mark.ts';
import type { FilePosition } from './position.ts';
import { holdsWhatWasRead, prefixOf } from './prefix.ts';
import { type FileFacts, factsOf, readHead } from './seen-file.ts';
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

/** What was read of a file behind a position, with what tells that it is still that file. */
export interface Piece {
  /** Begins with the bytes that the mark is of, `before` of them. */
  readonly read: Buffer;
  readonly before: number;
  /** There was no room for more. */
  readonly limited: boolean;
  /** As it was found after the read. */
  readonly facts: FileFacts;
  readonly head: Buffer;
}

/**
 * The prefix is looked at after the read, not before: a file that was truncated and has grown past our offset again would
 * otherwise go unnoticed. What stands before the offset comes with the read itself.
 */
export async function readPiece(file: FileHandle, { offset }: FilePosition, buffer: Buffer): Promise<Piece> {
  const before = Math.min(offset, MARK_BYTES);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, offset - before);
  const [stat, head] = await Promise.all([file.stat({ bigint: true }), readHead(file)]);
  const limited = bytesRead === buffer.length;
  return { read: buffer.subarray(0, bytesRead), before, limited, facts: factsOf(stat), head };
}

/**
 * Reads the next lines of a file: at most one chunk, or one line (or the file's head) where that is longer.
 *
 * @param ahead what was read at this position already.
 */
export async function readChunk(
  file: FileHandle,
  position: FilePosition,
  buffer: Buffer,
  options: ChunkOptions,
  ahead?: Piece,
): Promise<Chunk> {
  const { read, before, limited, facts, head } = ahead ?? (await readPiece(file, position, buffer));
  const end = position.offset - before + read.length;
  if (facts.size < end || read.length < before) return { kind: 'replaced' };
  if (position.mark !== undefined && markOf(read.subarray(0, before)) !== position.mark) return { kind: 'replaced' };
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
  if (used === 0 && !atEnd && limited && read.length < mostBytes) {
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
