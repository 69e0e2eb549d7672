import { hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Line } from '../line.ts';
import { packedBytes } from './archive.ts';
import { compressionOf } from './compression.ts';
import { encodingOf, endsWithLf } from './encoding.ts';
import { MAX_HEADER_BYTES } from './head.ts';
import { MARK_BYTES, markOf } from './mark.ts';
import { openForReading } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { headOf, isFullHead, MAX_HEAD_BYTES } from './prefix.ts';
import { factsOf, readHead, type SeenFile } from './seen-file.ts';
import { splitLines } from './split-lines.ts';
import { ArchiveDamage } from './unpack/damage.ts';
import { unpack } from './unpack/unpack.ts';

/** Unpacked on the way to an offset before others get their turn. */
const SKIP_BYTES = 4 * 1024 * 1024;
/** Unpacked bytes that are split into lines at a time. */
const CHUNK_BYTES = 256 * 1024;

export interface UnpackOptions {
  readonly maxLineBytes: number;
  readonly maxLines: number;
  readonly maxBytes: number;
}

export type UnpackedChunk =
  /** Still on the way to the offset: to be asked again. */
  | { readonly kind: 'approaching' }
  /** It does not hold what was read, or less than that. */
  | { readonly kind: 'other' }
  /** Up to the offset it is what was read, and cannot be unpacked further; or not even up to there. */
  | { readonly kind: 'damaged'; readonly reached: boolean; readonly cutShort: boolean }
  | {
      readonly kind: 'read';
      readonly lines: readonly Line[];
      readonly position: FilePosition;
      /** Nothing follows. */
      readonly ended: boolean;
    };

/** One archive while it is being unpacked, from its beginning to its end: there is no way back. */
export class UnpackedFile {
  readonly contentStamp: string;
  readonly #file: FileHandle;
  readonly #content: AsyncIterator<Buffer>;
  #head: Buffer = Buffer.alloc(0);
  /** What is unpacked and still needed, and where it begins. */
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #ended = false;
  #damage: ArchiveDamage | undefined;

  private constructor(file: FileHandle, content: AsyncIterable<Buffer>, contentStamp: string) {
    this.#file = file;
    this.#content = content[Symbol.asyncIterator]();
    this.contentStamp = contentStamp;
  }

  /** @returns `undefined` for what is no archive. Throws what `open` throws, `ENOENT` too when another file has its path. */
  static async open(seen: SeenFile): Promise<UnpackedFile | undefined> {
    const file = await openForReading(seen.path);
    try {
      const facts = factsOf(await file.stat({ bigint: true }));
      if (fileKey(facts) !== fileKey(seen)) throw Object.assign(new Error('It was renamed'), { code: 'ENOENT' });
      const compression = compressionOf(await readHead(file));
      if (compression !== undefined) {
        return new UnpackedFile(file, unpack(packedBytes(file), compression), facts.contentStamp);
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  /** The beginning of what it holds, as `SeenFile.head`. `whole`: it holds no more, or has all that a head can have. */
  async head(): Promise<{ readonly head: Buffer; readonly whole: boolean }> {
    while (!isFullHead(this.#head) && (await this.#more()));
    return { head: this.#head, whole: this.#ended || isFullHead(this.#head) };
  }

  /** Whether it can still be read from an offset on. */
  reaches(offset: number): boolean {
    return this.#start <= Math.max(0, offset - MARK_BYTES);
  }

  /** The lines behind a position, if what stands before it is what was read there. */
  async read(position: FilePosition, seen: SeenFile, options: UnpackOptions): Promise<UnpackedChunk> {
    const { offset } = position;
    const { head } = await this.head();
    const prefix = head.subarray(0, position.prefixBytes);
    if (prefix.length === position.prefixBytes && hash('sha256', prefix, 'hex') !== position.prefixSha256) return OTHER;
    const mostEnd = this.#end + SKIP_BYTES;
    while (this.#end < offset && this.#end < mostEnd) {
      if (!(await this.#more())) return this.#damage === undefined ? OTHER : this.#damaged(false);
      this.#drop(Math.min(offset, this.#end));
    }
    if (this.#end < offset) return { kind: 'approaching' };
    const before = this.#bytes.subarray(Math.max(0, offset - MARK_BYTES - this.#start), offset - this.#start);
    if (position.mark !== undefined && markOf(before) !== position.mark) return OTHER;

    const encoding = encodingOf(head);
    const withinLine = before.length > 0 && !endsWithLf(before, encoding);
    let wanted = CHUNK_BYTES;
    for (;;) {
      while (this.#end - offset < wanted && (await this.#more()));
      const exhausted = this.#ended || this.#damage !== undefined;
      const split = splitLines(
        this.#bytes.subarray(offset - this.#start),
        { offset, withinLine, ...(position.contentId !== undefined && { contentId: position.contentId }) },
        {
          ...options,
          source: position.source,
          path: seen.path,
          writtenBeforeMs: seen.modifiedMs,
          encoding,
          last: this.#ended,
        },
      );
      const mostBytes = MAX_HEADER_BYTES + options.maxLineBytes + 3;
      if (split.used === 0 && !exhausted && wanted < mostBytes) {
        wanted = mostBytes;
        continue;
      }
      if (split.used === 0 && this.#damage !== undefined) return this.#damaged(true);
      const next = offset + split.used;
      const mark = split.used === 0 ? {} : { mark: markOf(this.#bytes.subarray(0, next - this.#start)) };
      const { contentId } = split;
      const after: FilePosition = {
        ...position,
        ...mark,
        ...(contentId !== undefined && { contentId }),
        offset: next,
        modifiedMs: seen.modifiedMs,
      };
      this.#drop(next);
      return { kind: 'read', lines: split.lines, position: after, ended: this.#ended && next === this.#end };
    }
  }

  async close(): Promise<void> {
    await this.#content.return?.();
    await this.#file.close();
  }

  get #end(): number {
    return this.#start + this.#bytes.length;
  }

  #damaged(reached: boolean): UnpackedChunk {
    return { kind: 'damaged', reached, cutShort: this.#damage?.cutShort ?? false };
  }

  /** @returns false at the end, or where it is damaged. */
  async #more(): Promise<boolean> {
    if (this.#ended || this.#damage !== undefined) return false;
    try {
      const { done, value } = await this.#content.next();
      if (done === true) this.#ended = true;
      else {
        if (!isFullHead(this.#head)) {
          this.#head = headOf(Buffer.concat([this.#head, value.subarray(0, MAX_HEAD_BYTES)]));
        }
        this.#bytes = this.#bytes.length === 0 ? value : Buffer.concat([this.#bytes, value]);
      }
      return !this.#ended;
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      this.#damage = error;
      return false;
    }
  }

  /** Lets go of what is no longer needed once all before `offset` is done with. */
  #drop(offset: number): void {
    const start = Math.max(this.#start, offset - MARK_BYTES);
    this.#bytes = this.#bytes.subarray(start - this.#start);
    this.#start = start;
  }
}

const OTHER: UnpackedChunk = { kind: 'other' };
