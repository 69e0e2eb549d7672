import { dirname } from 'node:path';
import type { SourceEvent } from '../event.ts';
import { compressionOf } from './compression.ts';
import type { Look } from './lookout.ts';
import { type FilePosition, fileKey } from './position.ts';
import { holdsWhatWasRead } from './prefix.ts';
import { isRotationSuffix } from './rotation-names.ts';
import type { SeenFile } from './seen-file.ts';

/** A file whose position is known. `seen` is absent while it, or its directory, cannot be read. */
export interface TrackedFile {
  readonly position: FilePosition;
  readonly seen?: SeenFile;
}

export type ReadableFile = SeenFile & { readonly head: Buffer };

/** A file that is to be read and has no position yet. */
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
}

/** What became of a position; `now` is absent when its file is gone. */
interface Fate {
  readonly before: FilePosition;
  readonly now: TrackedFile | undefined;
}

/** Positions held against what is on the disk now. Pure: the look was taken before. */
export function reconcile(positions: readonly FilePosition[], look: Look): Reconciliation {
  const unclaimed = new Map(look.files.map((it) => [fileKey(it), it]));
  const fates = [
    ...followAll(
      positions.filter(({ prefixBytes }) => prefixBytes > 0),
      look,
      unclaimed,
    ),
    // Whatever has its inode now could be a file that was empty, so these take from what the others leave.
    ...followAll(
      positions.filter(({ prefixBytes }) => prefixBytes === 0),
      look,
      unclaimed,
    ),
  ];
  const found = fates.flatMap(({ now }) => now ?? []);

  const appeared: AppearedFile[] = [];
  const isKnownCopy = (file: ReadableFile) => [...found, ...appeared].some(({ seen }) => agree(file, seen));
  for (const [log, fatesOfLog] of byLog(fates, look)) {
    for (const seen of missedRotations(log, fatesOfLog, look, [...unclaimed.values()])) {
      if (isKnownCopy(seen)) continue;
      unclaimed.delete(fileKey(seen));
      appeared.push({ seen, rotated: true });
    }
  }
  for (const seen of [...unclaimed.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (isNewLog(seen) && !isKnownCopy(seen)) appeared.push({ seen, rotated: false });
  }
  const tracked = found.map((file) => followName(file, look));
  return { tracked, appeared, events: fates.flatMap((fate) => lossOf(fate, look)) };
}

/** Takes what it finds out of `unclaimed`. */
function followAll(positions: readonly FilePosition[], look: Look, unclaimed: Map<string, SeenFile>): readonly Fate[] {
  const claim = (file: TrackedFile | undefined) => {
    if (file !== undefined) unclaimed.delete(fileKey(file.position));
    return file;
  };
  const recognised = positions.map((before) => ({ before, now: claim(recognise(before, look, unclaimed)) }));
  return recognised.map(({ before, now }) => ({ before, now: now ?? claim(findCopy(before, look, unclaimed)) }));
}

/** By device, inode and content. @returns `undefined` when the file is gone or holds something else now. */
function recognise(
  position: FilePosition,
  look: Look,
  unclaimed: ReadonlyMap<string, SeenFile>,
): TrackedFile | undefined {
  const seen = unclaimed.get(fileKey(position));
  if (seen === undefined) return look.directories.has(dirname(position.path)) ? undefined : { position };
  if (!isReadable(seen)) return { position };
  return holdsWhatWasRead(position, seen) ? { position, seen } : undefined;
}

/**
 * By content alone: the copy that was made before the file was truncated, or the same file on a device that is numbered
 * anew (network file systems after a restart).
 */
function findCopy(
  position: FilePosition,
  look: Look,
  unclaimed: ReadonlyMap<string, SeenFile>,
): TrackedFile | undefined {
  if (position.prefixBytes === 0) return undefined;
  const log = look.logOf(position.path);
  const copies = [...unclaimed.values()].filter(
    (it) => it.log === log && isReadable(it) && holdsWhatWasRead(position, it),
  );
  const seen = copies.find(({ path }) => path === position.path) ?? copies[0];
  if (seen === undefined) return undefined;
  const { device, inode, path } = seen;
  const rotated = position.rotated || path !== position.path;
  return { position: { ...position, device, inode, path, rotated }, seen };
}

/** A rotated file is deleted in the end, as it should be; a log that goes before it was rotated is worth telling. */
function lossOf({ before, now }: Fate, look: Look): readonly SourceEvent[] {
  const { source, path, offset, rotated } = before;
  const isCopy = now !== undefined && fileKey(now.position) !== fileKey(before);
  if (rotated || (now !== undefined && (!isCopy || now.position.path === path))) return [];
  if (look.files.some((it) => fileKey(it) === fileKey(before))) {
    return [{ kind: 'truncated', source, path, offset, ...(now && { continuedIn: now.position.path }) }];
  }
  return now === undefined ? [{ kind: 'vanished', source, path, offset }] : [];
}

function byLog(fates: readonly Fate[], look: Look): ReadonlyMap<string, readonly Fate[]> {
  const groups = new Map<string, Fate[]>();
  for (const fate of fates) {
    const log = look.logOf(fate.before.path);
    groups.set(log, [...(groups.get(log) ?? []), fate]);
  }
  return groups;
}

/**
 * Files of a log that were made and rotated away since the last look, as when the agent was down over two rotations.
 * They were written after everything that is known of the log. As long as a file stays in its place there are none,
 * unless it was empty: then it looks the same after any number of truncations.
 */
function missedRotations(
  log: string,
  fates: readonly Fate[],
  look: Look,
  unclaimed: readonly SeenFile[],
): readonly ReadableFile[] {
  const current = fates.find(({ before }) => !before.rotated && before.path === log);
  if (current !== undefined && !mayHaveBeenReplaced(current, look)) return [];
  const isEmptied = current?.now !== undefined && isStillThere(current.before, current.now, look);
  const sinceMs = Math.max(...fates.map(({ before }) => before.modifiedMs));
  const isMissed = (it: SeenFile): it is ReadableFile =>
    it.log === log &&
    isRotationSuffix(it.path.slice(log.length)) &&
    it.modifiedMs > sinceMs &&
    // Beside a log in its place, an empty file is the beginning of a copy; otherwise its writer may still have it open.
    (isText(it) || (!isEmptied && it.size === 0 && isReadable(it)));
  return unclaimed.filter(isMissed);
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
  const { position, seen } = file;
  if (seen === undefined || isInPlace(position, look)) return file;
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

/** Whether a file beside a log begins as another file of that log does, as far as both go. */
function agree(file: ReadableFile, other: SeenFile | undefined): boolean {
  if (other?.head === undefined || file.path === file.log || file.log !== other.log) return false;
  const bytes = Math.min(file.head.length, other.head.length);
  return bytes > 0 && file.head.subarray(0, bytes).equals(other.head.subarray(0, bytes));
}

function isText(seen: SeenFile): seen is ReadableFile {
  return isReadable(seen) && seen.head.length > 0 && compressionOf(seen.head) === undefined;
}

function isReadable(seen: SeenFile): seen is ReadableFile {
  return seen.head !== undefined;
}

function isInPlace(position: FilePosition, look: Look): boolean {
  const there = look.at(position.path);
  return there !== undefined && fileKey(there) === fileKey(position);
}
