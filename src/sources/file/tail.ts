import type { Line } from '../line.ts';
import type { FileSourceSettings } from '../settings.ts';
import { Batch, type ReadLimits } from './batch.ts';
import { beginning, skipToEnd } from './begin.ts';
import { CHUNK_BYTES, readChunk } from './chunk.ts';
import type { SourceEvent } from './event.ts';
import { Lookout, type Unreadable } from './lookout.ts';
import { OpenFiles } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { prefixOf } from './prefix.ts';
import { type AppearedFile, reconcile, type TrackedFile } from './reconcile.ts';
import { errnoOf, type SeenFile } from './seen-file.ts';
import { DEFAULT_MAX_LINE_BYTES } from './split-lines.ts';

/** What one read gave. Lines, `positions` and `forgotten` belong into one transaction. */
export interface SourceBatch {
  /** In order within each file, and a rotated file before the one that took its place. */
  readonly lines: readonly Line[];
  /** Positions that changed, as they are after these lines. */
  readonly positions: readonly FilePosition[];
  /** Files whose position is needed no more. */
  readonly forgotten: readonly Pick<FilePosition, 'source' | 'device' | 'inode'>[];
  readonly events: readonly SourceEvent[];
  /** No file has anything more to read right now. An unterminated last line waits. */
  readonly idle: boolean;
}

export interface FileTailOptions {
  /** The stored positions of this source. */
  readonly positions: readonly FilePosition[];
  /** Nothing of this source was ever committed, not even an empty batch: `start` applies to the files found first. */
  readonly firstSeen: boolean;
  /** Longer lines are cut. Default 1 MiB. */
  readonly maxLineBytes?: number;
  readonly nowMs?: () => number;
}

/**
 * A writer keeps its file open until it is told of the rotation, and may only then write what it had buffered. After this
 * long without a write, counted from the rotation, it was told.
 */
const QUIET_MS = 60_000;

/**
 * Follows the files of one source through rotation. It is pulled: nothing happens between two reads. It keeps nothing
 * that its positions do not tell, so one that is made anew from the committed positions reads again what was not
 * committed. After a failed commit that is the only way on.
 */
export class FileTail {
  readonly #settings: FileSourceSettings;
  readonly #maxLineBytes: number;
  readonly #nowMs: () => number;
  readonly #openFiles = new OpenFiles();
  readonly #lookout: Lookout;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #positions: ReadonlyMap<string, FilePosition>;
  #firstSeen: boolean;
  /** Files that were there at first sight and are to begin at their end, as soon as they can be read. */
  #toSkip: ReadonlySet<string> = new Set();
  /** Stamps of files in which nothing but an unterminated line is left. */
  readonly #drained = new Map<string, string>();
  /** When the rotation of a file was noticed. */
  readonly #rotatedMs = new Map<string, number>();
  /** Codes by path: what was unreadable at the last read, as it is told only when it changes. */
  #unreadable: ReadonlyMap<string, string> = new Map();

  constructor(settings: FileSourceSettings, options: FileTailOptions) {
    this.#settings = settings;
    this.#maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#lookout = new Lookout(settings.paths, this.#openFiles);
    const covered = options.positions.filter(({ path }) => this.#lookout.covers(path));
    this.#positions = new Map(covered.map((it) => [fileKey(it), it]));
    this.#firstSeen = options.firstSeen;
  }

  /** One call at a time. Rejects only on faults of our own: what is wrong with a file is an event. */
  async read(limits: ReadLimits = {}): Promise<SourceBatch> {
    const before = this.#positions;
    const look = await this.#lookout.look([...before.values()]);
    if (look === undefined) return UNRESTING;
    const { tracked, appeared, events } = reconcile([...before.values()], look);
    const batch = new Batch(limits, events, look.unreadable);
    this.#noteFirstSight(look.files);
    const begun: TrackedFile[] = [];
    for (const file of appeared) begun.push(...(await this.#begin(file, batch)));

    const after = new Map<string, FilePosition>();
    for (const { position, seen } of [...tracked, ...begun].sort(inReadingOrder)) {
      const now = seen === undefined ? position : await this.#readFile(position, seen, batch);
      if (now !== undefined) after.set(fileKey(now), now);
    }
    for (const notes of [this.#drained, this.#rotatedMs]) {
      for (const key of notes.keys()) if (!after.has(key)) notes.delete(key);
    }
    this.#positions = after;
    return {
      lines: batch.lines,
      positions: [...after.values()].filter((it) => before.get(fileKey(it)) !== it),
      forgotten: [...before.values()].filter((it) => !after.has(fileKey(it))),
      events: [...batch.events, ...this.#newlyUnreadable(batch.unreadable)],
      idle: batch.idle,
    };
  }

  /** Closes its files. Positions stay as they were committed. */
  async close(): Promise<void> {
    await this.#openFiles.closeAll();
  }

  #noteFirstSight(files: readonly SeenFile[]): void {
    const wanted = files.filter((it) => it.wanted).map(fileKey);
    const all = this.#firstSeen && this.#settings.start === 'end';
    this.#toSkip = new Set(all ? wanted : wanted.filter((key) => this.#toSkip.has(key)));
    this.#firstSeen = false;
  }

  async #begin(file: AppearedFile, batch: Batch): Promise<readonly TrackedFile[]> {
    const { seen, rotated } = file;
    const start = beginning(this.#settings.name, file);
    if (rotated || !this.#toSkip.has(fileKey(seen))) return [{ position: start, seen }];
    try {
      const handle = await this.#openFiles.open(seen);
      if (handle === undefined) return [];
      const { position, header } = await skipToEnd(handle, start, seen.size, this.#maxLineBytes);
      batch.take(header, 0);
      this.#toSkip = new Set([...this.#toSkip].filter((key) => key !== fileKey(seen)));
      return [{ position, seen }];
    } catch (error) {
      batch.unreadable.push({ path: seen.path, code: errnoOf(error) });
      return [];
    }
  }

  /** @returns the position after it; `undefined` when the file is done with and gone. */
  async #readFile(before: FilePosition, seen: SeenFile, batch: Batch): Promise<FilePosition | undefined> {
    const key = fileKey(before);
    const isFinished = (modifiedMs: number) =>
      before.rotated && (batch.endsAtIdle || this.#quietMs(key, modifiedMs) >= QUIET_MS);
    const isRead = seen.size === before.offset;
    if (isRead && isFinished(seen.modifiedMs)) {
      await this.#openFiles.close(seen);
      return seen.unlisted ? undefined : before;
    }
    let position = identified(before, seen);
    try {
      const isDrained = this.#drained.get(key) === seen.stamp && !isFinished(seen.modifiedMs);
      const hasNews = !isRead && !isDrained;
      const file = hasNews || this.#openFiles.hasRoom ? await this.#openFiles.open(seen) : undefined;
      if (!hasNews) return position;
      while (file !== undefined && !batch.isFull) {
        const chunk = await readChunk(file, position, this.#buffer, {
          path: seen.path,
          seenStamp: seen.stamp,
          maxLineBytes: this.#maxLineBytes,
          ...batch.room,
          isFinished,
        });
        if (chunk.kind === 'replaced') {
          this.#lookout.doubt(seen);
          break;
        }
        batch.take(chunk.lines, chunk.position.offset - position.offset);
        position = chunk.position;
        if (chunk.drained) {
          this.#drained.set(key, chunk.stamp);
          return position;
        }
      }
      batch.idle = false;
    } catch (error) {
      batch.unreadable.push({ path: seen.path, code: errnoOf(error) });
    }
    return position;
  }

  #quietMs(key: string, modifiedMs: number): number {
    const nowMs = this.#nowMs();
    const rotatedMs = this.#rotatedMs.get(key) ?? nowMs;
    this.#rotatedMs.set(key, rotatedMs);
    return nowMs - Math.max(modifiedMs, rotatedMs);
  }

  #newlyUnreadable(unreadable: readonly Unreadable[]): readonly SourceEvent[] {
    const known = this.#unreadable;
    this.#unreadable = new Map(unreadable.map(({ path, code }) => [path, code]));
    return [...this.#unreadable]
      .filter(([path, code]) => known.get(path) !== code)
      .map(([path, code]) => ({ kind: 'unreadable', source: this.#settings.name, path, code }));
  }
}

/** Files are being renamed faster than they can be looked at. Nothing is read until that is over. */
const UNRESTING: SourceBatch = { lines: [], positions: [], forgotten: [], events: [], idle: false };

/** A file that had no whole line yet is known by those that it has now: it may be truncated before it is read. */
function identified(position: FilePosition, { head }: SeenFile): FilePosition {
  if (position.prefixBytes > 0 || head === undefined) return position;
  const prefix = prefixOf(head);
  return prefix.prefixBytes === 0 ? position : { ...position, ...prefix };
}

/** What is no longer in its place comes first, and of the others the one that was written to longest ago. */
function inReadingOrder(a: TrackedFile, b: TrackedFile): number {
  if (isInPlace(a) !== isInPlace(b)) return isInPlace(a) ? 1 : -1;
  const ageMs = (a.seen?.modifiedMs ?? 0) - (b.seen?.modifiedMs ?? 0);
  return ageMs !== 0 ? ageMs : a.position.path.localeCompare(b.position.path);
}

function isInPlace({ position, seen }: TrackedFile): boolean {
  return !position.rotated && seen?.path === position.path && !seen.unlisted;
}
