import type { FileSourceSettings } from '../settings.ts';
import type { LineSource, ReadLimits, SourceBatch, SourceProgress } from '../source.ts';
import { Batch } from './batch.ts';
import { beginning, skipToEnd } from './begin.ts';
import { Evidence, LookIsOld } from './evidence.ts';
import { LivelyFiles } from './lively-files.ts';
import { type Look, Lookout } from './lookout.ts';
import { OpenFiles } from './open-files.ts';
import { Pace } from './pace.ts';
import { type FilePosition, fileKey } from './position.ts';
import { Quiet } from './quiet.ts';
import { Reader } from './reader.ts';
import { type AppearedFile, reconcile, type TrackedFile } from './reconcile.ts';
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
  readonly #reader: Reader;
  readonly #quiet: Quiet;
  readonly #pace: Pace;
  readonly #lively: LivelyFiles;
  readonly #unreadable: UnreadablePaths;
  #positions: Map<string, FilePosition>;
  #firstSeen: boolean;
  /** What the last look took. */
  #lookMs = 0;
  /** Files that were there at first sight and are to begin at their end, as soon as they can be read. */
  #toSkip = new Set<string>();

  constructor(settings: FileSourceSettings, options: FileTailOptions) {
    const { maxLineBytes = DEFAULT_MAX_LINE_BYTES, nowMs = Date.now } = options;
    this.#settings = settings;
    this.#maxLineBytes = maxLineBytes;
    this.#lookout = new Lookout(settings.paths, this.#openFiles);
    this.#quiet = new Quiet(nowMs);
    this.#pace = new Pace(nowMs);
    this.#lively = new LivelyFiles(nowMs);
    this.#evidence = new Evidence(this.#openFiles, (archive) => this.#quiet.isOver(archive));
    this.#reader = new Reader({
      maxLineBytes,
      openFiles: this.#openFiles,
      evidence: this.#evidence,
      quiet: this.#quiet,
      doubt: (file) => this.#doubt(file),
    });
    this.#unreadable = new UnreadablePaths(settings.name);
    const covered = options.positions.filter(({ path }) => this.#lookout.covers(path));
    this.#positions = new Map(covered.map((it) => [fileKey(it), it]));
    this.#firstSeen = options.firstSeen;
  }

  async read(limits: ReadLimits = {}): Promise<SourceBatch> {
    if (this.#pace.isResting && limits.endsAtIdle !== true) {
      const grown = await this.#lively.grown();
      if (grown !== undefined) return this.#readGrown(grown, limits);
    }
    try {
      const startMs = performance.now();
      const look = await this.#lookout.look(this.#positions);
      this.#lookMs = performance.now() - startMs;
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
    const unread = new Set<string>();
    for (const file of [...tracked, ...begun].sort(inReadingOrder)) {
      const isHeld = isInPlace(file) && held.has(file.seen?.log ?? '');
      const now = isHeld ? file.position : await this.#reader.read(file, look, batch);
      if (isHeld) batch.idle = false;
      if (file.unproven !== undefined && isSoonKnown(file)) held.add(file.seen?.log ?? '');
      if (now !== undefined) after.set(fileKey(now), now);
      if (now !== undefined && (isHeld || batch.isFull)) unread.add(fileKey(now));
    }
    this.#reader.keep(after);
    this.#quiet.keep(look.byKey);
    this.#positions = after;
    this.#rest(look, [...tracked, ...begun], unread, batch);
    return {
      lines: batch.lines,
      positions: [...after.values()].filter((it) => before.get(fileKey(it)) !== it),
      forgotten: [...before.values()].filter((it) => !after.has(fileKey(it))),
      events: [...batch.events, ...this.#unreadable.changes(batch.unreadable, look)],
      idle: batch.idle,
    };
  }

  /** What was written to lately is read as it comes, until all is looked at again. */
  async #readGrown(grown: readonly SeenFile[], limits: ReadLimits): Promise<SourceBatch> {
    const batch = new Batch(limits, [], []);
    const changed: FilePosition[] = [];
    for (let at = 0; at < grown.length && !batch.isFull; at += AT_ONCE) {
      for (const { seen, before, ahead } of await this.#readAhead(grown.slice(at, at + AT_ONCE))) {
        const now = before && (await this.#reader.readOn(before, seen, batch, ahead));
        if (now !== undefined) this.#positions.set(fileKey(now), now);
        if (now !== undefined && now !== before) changed.push(now);
        if (batch.isFull) {
          this.#lively.wasReadInPart();
          batch.idle = false;
          break;
        }
        this.#lively.wasRead();
      }
    }
    // What went wrong is seen by a look at everything.
    if (batch.unreadable.length > 0) this.#pace.hurry();
    return { lines: batch.lines, positions: changed, forgotten: [], events: batch.events, idle: batch.idle };
  }

  async #readAhead(grown: readonly SeenFile[]) {
    return Promise.all(
      grown.map(async (seen) => {
        const before = this.#positions.get(fileKey(seen));
        return { seen, before, ahead: before && (await this.#reader.readAhead(before, seen)) };
      }),
    );
  }

  /** Only logs in their places are read without a look at everything. */
  #rest(look: Look, files: readonly TrackedFile[], unread: ReadonlySet<string>, batch: Batch): void {
    const isLookedFor = files.some((it) => it.seen !== undefined && unread.has(fileKey(it.seen)) && !isInPlace(it));
    const isDone = batch.idle || (batch.isFull && !isLookedFor);
    if (isDone && batch.unreadable.length === 0) this.#pace.looked(look.files.length, this.#lookMs);
    else this.#pace.hurry();
    if (!this.#pace.isResting || !this.#lively.choose(files.filter(isInPlace), unread)) this.#pace.hurry();
  }

  #doubt(file: SeenFile): void {
    this.#lookout.doubt(file);
    this.#evidence.doubt(file);
    this.#pace.hurry();
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
      const { position, header } = await skipToEnd(handle, start, seen.size, this.#maxLineBytes);
      batch.take(header, 0);
      this.#toSkip.delete(fileKey(seen));
      return [{ position, seen }];
    } catch (error) {
      batch.unreadable.push({ path: seen.path, code: errnoOf(error) });
      return [];
    }
  }
}

/** Files that are read side by side. */
const AT_ONCE = 32;

/** Files are being renamed faster than they can be looked at. Nothing is read until that is over. */
const UNRESTING: SourceBatch = { lines: [], positions: [], forgotten: [], events: [], idle: false };

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
