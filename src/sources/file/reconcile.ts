import { dirname } from 'node:path';
import type { SourceEvent } from '../event.ts';
import { compressionOf, uncompressedName } from './compression.ts';
import { beginAlike, type Evidence, LookIsOld } from './evidence.ts';
import type { Look, Unreadable } from './lookout.ts';
import { type FilePosition, fileKey } from './position.ts';
import { holdsWhatWasRead, isBlank, isFullHead } from './prefix.ts';
import { isRotationSuffix } from './rotation-names.ts';
import { errnoOf, type SeenFile } from './seen-file.ts';

/** A file whose position is known. `seen` is absent while it, or its directory, cannot be read. */
export interface TrackedFile {
  readonly position: FilePosition;
  readonly seen?: SeenFile;
  /**
   * `seen` is the archive that the file was probably compressed into, and `position` what becomes of this one once that is
   * known: to know it, the archive has to be unpacked up to the offset.
   */
  readonly unproven?: FilePosition;
}

export type ReadableFile = SeenFile & { readonly head: Buffer };

/** A file that is to be read and has no position yet. Of an archive, `head` is the beginning of what it holds. */
export interface AppearedFile {
  readonly seen: ReadableFile;
  /** It was made and rotated away while nobody looked: read from its beginning, before the log itself. */
  readonly rotated: boolean;
}

export interface Reconciliation {
  /** Positions that are in none of these have lost their file. */
  readonly tracked: readonly TrackedFile[];
  readonly appeared: readonly AppearedFile[];
  readonly events: readonly SourceEvent[];
  readonly unreadable: readonly Unreadable[];
}

/** What became of a position; `now` is absent when its file is gone. */
interface Fate {
  readonly before: FilePosition;
  readonly now: TrackedFile | undefined;
}

/** Packers keep the modification time; some file systems keep it to two seconds only. */
export const TIME_SLACK_MS = 2_000;

/**
 * Positions held against what is on the disk now.
 *
 * @throws LookIsOld when what was seen changes meanwhile: to be looked at again.
 */
export async function reconcile(
  positions: readonly FilePosition[],
  look: Look,
  evidence: Evidence,
): Promise<Reconciliation> {
  return new Reconciler(look, evidence).run(positions);
}

class Reconciler {
  readonly #look: Look;
  readonly #evidence: Evidence;
  /** What no position has been found to belong to. */
  readonly #unclaimed: Map<string, SeenFile>;
  #unclaimedByLog: ReadonlyMap<string, readonly SeenFile[]> | undefined;
  readonly #unreadable: Unreadable[] = [];

  constructor(look: Look, evidence: Evidence) {
    this.#look = look;
    this.#evidence = evidence;
    this.#unclaimed = new Map(look.byKey);
  }

  async run(positions: readonly FilePosition[]): Promise<Reconciliation> {
    const fates = [
      ...(await this.#followAll(positions.filter(({ prefixBytes }) => prefixBytes > 0))),
      // Whatever has its inode now could be a file that was blank, so these take from what the others leave.
      ...(await this.#followAll(positions.filter(({ prefixBytes }) => prefixBytes === 0))),
    ];
    const found = fates.flatMap(({ now }) => now ?? []);
    const known = groupBy(
      found.flatMap(({ seen }) => seen ?? []),
      ({ log }) => log,
    );

    // The number of a file that is still looked for may have been given to a new one, which then has to wait for it.
    const taken = new Set(found.map(({ position, unproven }) => fileKey(unproven ?? position)));
    const appeared: AppearedFile[] = [];
    const begin = (seen: ReadableFile, rotated: boolean) => {
      if (taken.has(fileKey(seen))) return;
      this.#unclaimed.delete(fileKey(seen));
      appeared.push({ seen, rotated });
      known.set(seen.log, [...(known.get(seen.log) ?? []), seen]);
    };
    for (const [log, fatesOfLog] of groupBy(fates, ({ before }) => this.#look.logOf(before.path))) {
      for (const seen of await this.#missedRotations(log, fatesOfLog)) {
        if (!(await this.#isKnownCopy(seen, known.get(log) ?? []))) begin(seen, true);
      }
    }
    for (const seen of [...this.#unclaimed.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      if (isNewLog(seen) && !(await this.#isKnownCopy(seen, known.get(seen.log) ?? []))) begin(seen, false);
    }
    const tracked = found.map((file) => followName(file, this.#look));
    const events = fates.flatMap((fate) => lossOf(fate, this.#look));
    return { tracked, appeared, events, unreadable: this.#unreadable };
  }

  async #followAll(positions: readonly FilePosition[]): Promise<readonly Fate[]> {
    const fates: Fate[] = [];
    const strays: FilePosition[] = [];
    for (const before of positions) {
      const now = await this.#recognise(before);
      if (now === undefined) strays.push(before);
      else fates.push({ before, now: this.#claim(now) });
    }
    this.#unclaimedByLog = undefined;
    for (const before of strays) {
      const now = (await this.#findCopy(before)) ?? (await this.#findArchive(before));
      fates.push({ before, now: now && this.#claim(now) });
    }
    return fates;
  }

  #claim(file: TrackedFile): TrackedFile {
    this.#unclaimed.delete(fileKey(file.position));
    return file;
  }

  /** By device, inode and content. @returns `undefined` when the file is gone or holds something else now. */
  async #recognise(position: FilePosition): Promise<TrackedFile | undefined> {
    const seen = this.#unclaimed.get(fileKey(position));
    if (seen === undefined) return this.#look.directories.has(dirname(position.path)) ? undefined : { position };
    if (seen.packed || position.archive !== undefined) {
      return seen.packed && seen.contentStamp === position.archive ? { position, seen } : undefined;
    }
    if (!isReadable(seen)) return { position };
    const holds = await this.#told(seen, () => this.#evidence.holds(position, seen));
    if (holds === undefined) return { position };
    return holds ? { position: withTarget(position, seen), seen } : undefined;
  }

  /**
   * By content alone: the copy that was made before the file was truncated, or the same file on a device that is numbered
   * anew (network file systems after a restart).
   */
  async #findCopy(position: FilePosition): Promise<TrackedFile | undefined> {
    if (position.prefixBytes === 0) return undefined;
    const copies = this.#unclaimedOf(this.#look.logOf(position.path))
      .filter((it) => isReadable(it) && holdsWhatWasRead(position, it))
      .sort((a, b) => Number(b.path === position.path) - Number(a.path === position.path));
    for (const seen of copies) {
      const holds = await this.#told(seen, () => this.#evidence.holdsMark(position, seen));
      if (holds === undefined) return { position };
      if (!holds) continue;
      return inCopy(position, seen);
    }
    return undefined;
  }

  /**
   * What the file was compressed into was written last when the file was: its age tells the likeliest. Of a blank one, of
   * which nothing was read, any that is as young will do: it is read from its beginning, as the others are.
   */
  async #findArchive(position: FilePosition): Promise<TrackedFile | undefined> {
    if (position.prefixBytes === 0 && position.ended === true) return undefined;
    const archives = this.#unclaimedOf(this.#look.logOf(position.path))
      .filter((it) => it.packed && it.modifiedMs >= position.modifiedMs - TIME_SLACK_MS)
      .sort((a, b) => a.modifiedMs - b.modifiedMs);
    for (const seen of archives) {
      const held = await this.#told(seen, () => this.#evidence.archives.mayHold(position, seen));
      if (held === 'refuted') continue;
      if (held !== 'possible') return { position };
      return inArchive(position, seen);
    }
    return undefined;
  }

  /**
   * Files of a log that were made and rotated away since the last look, as when the agent was down over two rotations.
   * They were written after everything that is known of the log. As long as a file stays in its place there are none,
   * unless it was blank: then it looks the same after any number of truncations. While the log is being found again in an
   * archive they are asked for as well, for only then it is known which archives are others.
   */
  async #missedRotations(log: string, fates: readonly Fate[]): Promise<readonly ReadableFile[]> {
    const current = fates.find(({ before }) => !before.rotated && before.path === log);
    const isReplaced = current === undefined || mayHaveBeenReplaced(current, this.#look);
    const isBeingFound = fates.some(({ now }) => now?.position.archive !== undefined && now.position.ended !== true);
    if (!isReplaced && !isBeingFound) return [];
    const isInItsPlace = current?.now !== undefined && isStillThere(current.before, current.now, this.#look);
    const older = isReplaced ? fates : fates.filter((it) => it !== current);
    const sinceMs = older.reduce((latest, { before }) => Math.max(latest, before.modifiedMs), 0);
    const missed: ReadableFile[] = [];
    for (const it of this.#unclaimedOf(log)) {
      const name = unpackedPath(it);
      // An archive's time may have lost its fraction, and lie before what was written earlier.
      const isOlder = it.modifiedMs <= (it.packed ? sinceMs - TIME_SLACK_MS : sinceMs);
      if (!isRotationSuffix(name.slice(log.length)) || isOlder) continue;
      // Beside a log in its place, a blank file is the beginning of a copy; otherwise its writer may still have it open.
      if (isText(it) || (!isInItsPlace && isReadable(it) && isBlank(it.head))) missed.push(it);
      // While what it is made from is there, that is read.
      if (!it.packed || this.#look.at(name) !== undefined) continue;
      const head = await this.#told(it, () => this.#headOfOther(it, fates));
      if (head !== undefined && !isBlank(head)) missed.push({ ...it, head });
    }
    return missed;
  }

  /** @returns `undefined` for an archive that may be the one of a log that is still being looked for. */
  async #headOfOther(archive: SeenFile, fates: readonly Fate[]): Promise<Buffer | undefined> {
    for (const { now } of fates) {
      if (now?.unproven === undefined) continue;
      if ((await this.#evidence.archives.mayHold(now.unproven, archive)) !== 'refuted') return undefined;
    }
    return this.#evidence.archives.headOf(archive);
  }

  /** A file beside a log that holds what another file of that log holds. */
  async #isKnownCopy(file: ReadableFile, known: readonly SeenFile[]): Promise<boolean> {
    if (file.path === file.log) return false;
    for (const other of known) {
      if (isUnpackedFrom(file, other)) return true;
      if (!isReadable(other) || fileKey(other) === fileKey(file)) continue;
      const isPacked = file.packed || other.packed;
      const agree = isPacked ? agreeWhenUnpacked(file, other) : await this.#agree(file, other);
      if (agree) return true;
    }
    return false;
  }

  /** What cannot be read for the moment is not taken for a new log. */
  async #agree(file: ReadableFile, other: ReadableFile): Promise<boolean> {
    return (await this.#told(file, () => this.#evidence.agree(file, other))) ?? true;
  }

  #unclaimedOf(log: string): SeenFile[] {
    this.#unclaimedByLog ??= groupBy(this.#unclaimed.values(), (it) => it.log);
    return (this.#unclaimedByLog.get(log) ?? []).filter((it) => this.#unclaimed.has(fileKey(it)));
  }

  /** @returns `undefined`, and says so, when a file cannot be read. */
  async #told<T>({ path }: SeenFile, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof LookIsOld) throw error;
      const code = errnoOf(error);
      if (code === 'ENOENT') throw new LookIsOld();
      this.#unreadable.push({ path, code });
      return undefined;
    }
  }
}

function inCopy({ archive, ended, ...position }: FilePosition, seen: SeenFile): TrackedFile {
  const { device, inode, path } = seen;
  const rotated = position.rotated || path !== position.path;
  return { position: { ...position, device, inode, path, rotated }, seen };
}

function inArchive(unproven: FilePosition, seen: SeenFile): TrackedFile {
  const { device, inode, path, contentStamp: archive } = seen;
  const { ended, target, ...rest } = unproven;
  const position = { ...rest, device, inode, path, archive, rotated: true };
  // Where nothing was read there is nothing to prove.
  return unproven.offset === 0 && unproven.prefixBytes === 0 ? { position, seen } : { position, seen, unproven };
}

/** The path that a file has, or had before it was compressed. */
function unpackedPath({ path, packed }: SeenFile): string {
  return packed ? uncompressedName(path) : path;
}

/** Where a link leads is known once it was followed. */
function withTarget(position: FilePosition, { path, target }: SeenFile): FilePosition {
  if (path !== position.path || target === position.target) return position;
  const { target: before, ...rest } = position;
  return target === undefined ? rest : { ...rest, target };
}

/** A rotated file is deleted in the end, as it should be; one that goes before it was read to its end is worth telling. */
function lossOf({ before, now }: Fate, look: Look): readonly SourceEvent[] {
  const { source, path, offset, rotated, ended } = before;
  if (now === undefined) {
    if (ended === true) return [];
    const kind = !rotated && look.byKey.has(fileKey(before)) ? 'truncated' : 'vanished';
    return [{ kind, source, path, offset }];
  }
  const isElsewhere = fileKey(now.position) !== fileKey(before) && now.position.path !== path;
  return isElsewhere && now.unproven === undefined ? movedFrom(before, now.position.path, look) : [];
}

/** What there is to tell when the rest of a file is read from its copy: nothing, unless it was truncated. */
export function movedFrom(before: FilePosition, continuedIn: string, look: Look): readonly SourceEvent[] {
  const { source, path, offset, rotated } = before;
  const isTruncated = !rotated && look.byKey.has(fileKey(before));
  return isTruncated ? [{ kind: 'truncated', source, path, offset, continuedIn }] : [];
}

function mayHaveBeenReplaced({ before, now }: Fate, look: Look): boolean {
  if (now === undefined) return true;
  if (now.seen === undefined) return false;
  if (!isStillThere(before, now, look)) return true;
  return before.prefixBytes === 0 && now.seen.modifiedMs !== before.modifiedMs;
}

function isStillThere(before: FilePosition, now: TrackedFile, look: Look): boolean {
  return fileKey(before) === fileKey(now.position) && isInPlace(before, look);
}

/** A log that was renamed stays the log of its path until another file takes that path. */
function followName(file: TrackedFile, look: Look): TrackedFile {
  const { position, seen, unproven } = file;
  if (seen === undefined || unproven !== undefined || isInPlace(position, look)) return file;
  // A link's name stays: what it led to may be outside of all that is looked at.
  if (seen.unlisted && position.target === seen.path) {
    return position.rotated ? file : { position: { ...position, rotated: true }, seen };
  }
  const taken = seen.deleted || look.at(position.path) !== undefined;
  if (!position.rotated && !taken) return file;
  if (position.rotated && seen.path === position.path) return file;
  return { position: { ...position, rotated: true, path: seen.path }, seen };
}

/** A file beside its log may be a copy that is still being made: it must have something to compare. */
function isNewLog(seen: SeenFile): seen is ReadableFile {
  if (!seen.wanted || seen.unlisted) return false;
  return seen.path === seen.log ? isReadable(seen) && compressionOf(seen.head) === undefined : isText(seen);
}

/** Somebody unpacked an archive that is known, to look into it. */
function isUnpackedFrom(file: SeenFile, archive: SeenFile): boolean {
  return archive.packed && unpackedPath(archive) === file.path && wereWrittenTogether(file, archive);
}

/** Two logs that begin alike for long were not written last at the same time. */
function agreeWhenUnpacked(file: ReadableFile, other: ReadableFile): boolean {
  const isWhole = !isFullHead(file.head) || !isFullHead(other.head);
  return beginAlike(file.head, other.head) && (isWhole || wereWrittenTogether(file, other));
}

function wereWrittenTogether(one: SeenFile, other: SeenFile): boolean {
  return Math.abs(one.modifiedMs - other.modifiedMs) <= TIME_SLACK_MS;
}

function isText(seen: SeenFile): seen is ReadableFile {
  return isReadable(seen) && !isBlank(seen.head) && compressionOf(seen.head) === undefined;
}

function isReadable(seen: SeenFile): seen is ReadableFile {
  return seen.head !== undefined;
}

function isInPlace(position: FilePosition, look: Look): boolean {
  const there = look.at(position.path);
  return there !== undefined && fileKey(there) === fileKey(position);
}

function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
