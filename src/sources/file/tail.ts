import type { FileSourceSettings } from '../settings.ts';
import type { LineSource, ReadLimits, SourceBatch, SourceProgress } from '../source.ts';
import { Batch } from './batch.ts';
import { beginning, skipToEnd } from './begin.ts';
import { CHUNK_BYTES, readChunk } from './chunk.ts';
import { Evidence, LookIsOld } from './evidence.ts';
import { type Look, Lookout } from './lookout.ts';
import { OpenFiles } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { prefixOf } from './prefix.ts';
import { Quiet } from './quiet.ts';
import { type AppearedFile, movedFrom, reconcile, TIME_SLACK_MS, type TrackedFile } from './reconcile.ts';
import { errnoOf, type SeenFile } from './seen-file.ts';
import { DEFAULT_MAX_LINE_BYTES } from './split-lines.ts';
import { UnreadablePaths } from './unreadable-paths.ts';

export interface FileTailOptions extends Pick<SourceProgress, 'positions' | 'firstSeen'> {
  /** Longer lines are cut. Default 1 MiB. */
  readonly maxLineBytes?: number;
  readonly nowMs?: () => number;
}

/**
 * Follows the files of one source through rotation. It is pulled: nothing happens between two reads. It keeps nothing
 * that its positions do not tell, so one that is made anew from the committed positions reads again what was not
 * committed. After a failed commit that is the only way on.
 */
export class FileTail implements LineSource {
  readonly #settings: FileSourceSettings;
  readonly #maxLineBytes: number;
  readonly #openFiles = new OpenFiles();
  readonly #lookout: Lookout;
  readonly #evidence: Evidence;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  readonly #quiet: Quiet;
  readonly #unreadable: UnreadablePaths;
  #positions: ReadonlyMap<string, FilePosition>;
  #firstSeen: boolean;
  /** Files that were there at first sight and are to begin at their end, as soon as they can be read. */
  #toSkip = new Set<string>();
  /** Stamps of files in which nothing but an unterminated line is left. */
  readonly #drained = new Map<string, string>();

  constructor(settings: FileSourceSettings, options: FileTailOptions) {
    this.#settings = settings;
    this.#maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.#lookout = new Lookout(settings.paths, this.#openFiles);
    this.#quiet = new Quiet(options.nowMs ?? Date.now);
    this.#evidence = new Evidence(this.#openFiles, (archive) => this.#quiet.isOver(archive));
    this.#unreadable = new UnreadablePaths(settings.name);
    const covered = options.positions.filter(({ path }) => this.#lookout.covers(path));
    this.#positions = new Map(covered.map((it) => [fileKey(it), it]));
    this.#firstSeen = options.firstSeen;
  }

  async read(limits: ReadLimits = {}): Promise<SourceBatch> {
    try {
      const look = await this.#lookout.look(this.#positions);
      return look === undefined ? UNRESTING : await this.#readAll(look, limits);
    } catch (error) {
      if (error instanceof LookIsOld) return UNRESTING;
      throw error;
    }
  }

  /** Closes its files. Positions stay as they were committed. */
  async close(): Promise<void> {
    await this.#openFiles.closeAll();
    await this.#evidence.archives.closeAll();
  }

  async #readAll(look: Look, limits: ReadLimits): Promise<SourceBatch> {
    const before = this.#positions;
    const { tracked, appeared, events, unreadable } = await reconcile([...before.values()], look, this.#evidence);
    const batch = new Batch(limits, events, [...look.unreadable, ...unreadable]);
    this.#noteFirstSight(look.files);
    const begun: TrackedFile[] = [];
    for (const file of appeared) begun.push(...(await this.#begin(file, batch)));

    const after = new Map<string, FilePosition>();
    const held = new Set<string>();
    for (const file of [...tracked, ...begun].sort(inReadingOrder)) {
      const isHeld = isInPlace(file) && held.has(file.seen?.log ?? '');
      const now = isHeld ? file.position : await this.#readFile(file, look, batch);
      if (isHeld) batch.idle = false;
      if (file.unproven !== undefined && isSoonKnown(file)) held.add(file.seen?.log ?? '');
      if (now !== undefined) after.set(fileKey(now), now);
    }
    for (const key of this.#drained.keys()) if (!after.has(key)) this.#drained.delete(key);
    this.#quiet.keep(look.byKey);
    this.#positions = after;
    return {
      lines: batch.lines,
      positions: [...after.values()].filter((it) => before.get(fileKey(it)) !== it),
      forgotten: [...before.values()].filter((it) => !after.has(fileKey(it))),
      events: [...batch.events, ...this.#unreadable.changes(batch.unreadable, look)],
      idle: batch.idle,
    };
  }

  #noteFirstSight(files: readonly SeenFile[]): void {
    const wanted = files.filter((it) => it.wanted && !it.packed).map(fileKey);
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
      const position = await skipToEnd(handle, start, seen.size, this.#maxLineBytes);
      this.#toSkip.delete(fileKey(seen));
      return [{ position, seen }];
    } catch (error) {
      batch.unreadable.push({ path: seen.path, code: errnoOf(error) });
      return [];
    }
  }

  /** @returns the position after it; `undefined` when the file is done with and gone. */
  async #readFile(file: TrackedFile, look: Look, batch: Batch): Promise<FilePosition | undefined> {
    const { position, seen, unproven } = file;
    if (seen === undefined) return position;
    let reached = unproven ?? position;
    const advance = (to: FilePosition) => {
      reached = to;
    };
    try {
      if (position.archive !== undefined) await this.#readArchive(file, seen, look, batch, advance);
      else if (seen.size === position.offset && this.#isFinished(position, seen, batch)) {
        return await this.#finish(position, seen, look);
      } else await this.#readPlain(position, seen, batch, advance);
    } catch (error) {
      const code = errnoOf(error);
      // A handle of a network file system that has lost its file is of no more use.
      if (code === 'ESTALE') await this.#openFiles.close(seen).catch(() => {});
      // Renamed or deleted after the look: the next one shows.
      if (code === 'ENOENT') batch.idle = false;
      else batch.unreadable.push({ path: seen.path, code });
    }
    return reached;
  }

  async #readPlain(
    before: FilePosition,
    seen: SeenFile,
    batch: Batch,
    advance: (to: FilePosition) => void,
  ): Promise<void> {
    const key = fileKey(before);
    let position = identified(before, seen);
    advance(position);
    const isFinished = (modifiedMs: number) => this.#isFinished(position, { ...seen, modifiedMs }, batch);
    const isDrained = this.#drained.get(key) === seen.stamp && !isFinished(seen.modifiedMs);
    const hasNews = seen.size !== before.offset && !isDrained;
    const file = hasNews || this.#openFiles.hasRoom ? await this.#openFiles.open(seen) : undefined;
    if (!hasNews) return;
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
        this.#evidence.doubt(seen);
        break;
      }
      batch.take(chunk.lines, chunk.position.offset - position.offset);
      position = chunk.position;
      advance(position);
      if (chunk.drained) {
        this.#drained.set(key, chunk.stamp);
        return;
      }
    }
    batch.idle = false;
  }

  /** Reads on in the archive that a log was compressed into. */
  async #readArchive(
    { position: start, unproven }: TrackedFile,
    seen: SeenFile,
    look: Look,
    batch: Batch,
    advance: (to: FilePosition) => void,
  ): Promise<void> {
    if (start.ended === true) return;
    let position = start;
    const isProven = unproven === undefined;
    while (!batch.isFull) {
      const chunk = await this.#evidence.archives.read(position, seen, {
        maxLineBytes: this.#maxLineBytes,
        ...batch.room,
      });
      if (chunk.kind === 'damaged') return this.#meetDamage(chunk, position, seen, isProven, batch, advance);
      if (chunk.kind === 'other' && isProven) {
        batch.events.push({ kind: 'vanished', source: position.source, path: seen.path, offset: position.offset });
        return advance({ ...position, ended: true });
      }
      if (chunk.kind !== 'read') break;
      batch.take(chunk.lines, chunk.position.offset - position.offset);
      if (!isProven && unproven !== undefined) {
        // Others that were missed are asked for once more, before this one is at its end.
        batch.events.push(...movedFrom(unproven, seen.path, look));
        advance(chunk.position);
        break;
      }
      position = chunk.ended ? { ...chunk.position, ended: true } : chunk.position;
      advance(position);
      if (chunk.ended) return;
    }
    batch.idle = false;
  }

  /** An archive that is cut short may still be being written. Otherwise what it should hold beyond the offset is lost. */
  #meetDamage(
    { reached, cutShort }: { readonly reached: boolean; readonly cutShort: boolean },
    position: FilePosition,
    seen: SeenFile,
    isProven: boolean,
    batch: Batch,
    advance: (to: FilePosition) => void,
  ): void {
    if (cutShort && !this.#quiet.isOver(seen)) return;
    if (!reached && !isProven) {
      this.#evidence.archives.refute(position, seen);
      batch.idle = false;
      return;
    }
    batch.events.push({ kind: 'vanished', source: position.source, path: seen.path, offset: position.offset });
    advance({ ...position, ended: true });
  }

  /** Read to its end, and nobody writes to it any more. @returns `undefined` when it is gone, too. */
  async #finish(position: FilePosition, seen: SeenFile, look: Look): Promise<FilePosition | undefined> {
    await this.#openFiles.close(seen);
    const ended: FilePosition = position.ended === true ? position : { ...position, ended: true };
    if (!seen.unlisted || position.target !== undefined) return seen.unlisted ? undefined : ended;
    // What it was compressed into must not be read for a log that was missed.
    for (const archive of look.files) {
      if (!archive.packed || archive.log !== seen.log || archive.modifiedMs < seen.modifiedMs - TIME_SLACK_MS) continue;
      if ((await this.#evidence.archives.mayHold(position, archive)) !== 'refuted') return { ...ended, rotated: true };
    }
    return undefined;
  }

  #isFinished(
    { rotated }: FilePosition,
    seen: Pick<SeenFile, 'device' | 'inode' | 'modifiedMs'>,
    batch: Batch,
  ): boolean {
    return rotated && (batch.endsAtIdle || this.#quiet.isOver(seen));
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

/** How much of an archive a log waits for that took the place of what is in it: with more, it runs ahead. */
const MOST_WAITED_BYTES = 64 * 1024 * 1024;

function isSoonKnown({ seen }: TrackedFile): boolean {
  return seen !== undefined && seen.size <= MOST_WAITED_BYTES;
}

function isInPlace({ position, seen }: TrackedFile): boolean {
  return !position.rotated && seen?.path === position.path && !seen.unlisted;
}
