import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isCompressedName, uncompressedName } from './compression.ts';
import { globMatcher, isGlob } from './glob.ts';
import { type OpenFiles, openForReading } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { isFullHead } from './prefix.ts';
import { logNameOf } from './rotation-names.ts';
import { errnoOf, type FileFacts, factsOf, readHead, type SeenFile } from './seen-file.ts';

export interface Unreadable {
  readonly path: string;
  /** `EACCES`, `EIO`. */
  readonly code: string;
}

/** What was found on the disk at one moment. */
export interface Look {
  /**
   * Every log that a pattern matches, every file beside it whose name begins with a log's name, what symbolic links led
   * to, and what is still open.
   */
  readonly files: readonly SeenFile[];
  /** Directories in which all could be seen: of any other it cannot be said that a file is gone. */
  readonly directories: ReadonlySet<string>;
  readonly unreadable: readonly Unreadable[];
  readonly at: (path: string) => SeenFile | undefined;
  readonly byKey: ReadonlyMap<string, SeenFile>;
  /** The log that a path belongs to, by its name: itself, if to no other. */
  readonly logOf: (path: string) => string;
}

interface Pattern {
  readonly text: string;
  readonly matches: (name: string) => boolean;
}

interface Listing {
  readonly logs: ReadonlySet<string>;
  readonly files: readonly SeenFile[];
  readonly complete: boolean;
}

interface KnownHead {
  readonly stamp: string;
  readonly size: number;
  readonly head: Buffer;
}

/** Looks at a directory in which files are being renamed all the while. */
const MOST_TRIES = 20;

/** Files that are looked at side by side. Each takes a thread of the pool for as long as the disk takes. */
const AT_ONCE = 32;

type NamedFile = Pick<SeenFile, 'path' | 'log' | 'wanted' | 'packed'> & { readonly isLink: boolean };

interface OneLook {
  readonly positions: ReadonlyMap<string, FilePosition>;
  readonly unreadable: Unreadable[];
}

/** Looks at the directories of one source's files. */
export class Lookout {
  readonly #patterns: ReadonlyMap<string, readonly Pattern[]>;
  readonly #openFiles: OpenFiles;
  /** Heads that were read before; they hold for as long as the file's stamp is the same. */
  #heads = new Map<string, KnownHead>();
  #last: readonly SeenFile[] | undefined;

  /** `paths`: absolute; the last component may be a glob. */
  constructor(paths: readonly string[], openFiles: OpenFiles) {
    this.#patterns = groupByDirectory(paths);
    this.#openFiles = openFiles;
  }

  /** Whether the patterns still lead to a path: it, or the beginning of its name, must match one. */
  covers(path: string): boolean {
    const name = basename(path);
    const patterns = this.#patterns.get(dirname(path)) ?? [];
    const starts = Array.from(name, (_, index) => name.slice(0, index + 1));
    return patterns.some(({ matches }) => starts.some(matches));
  }

  /** Has the head of a file read again, whatever its stamp says. */
  doubt(file: Pick<FilePosition, 'device' | 'inode'>): void {
    this.#heads.delete(fileKey(file));
  }

  /**
   * Looks until two looks agree. One that was taken while files were being renamed can show a file under two names, or
   * none, and what is missed then is missed for good. A look that agrees with the last one needs no second.
   *
   * @param positions by file.
   * @returns `undefined` when the directory does not come to rest: better to look again later than to believe it.
   */
  async look(positions: ReadonlyMap<string, FilePosition>): Promise<Look | undefined> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const look = await this.#lookOnce(positions);
      const before = this.#last;
      this.#last = look.files;
      if (before !== undefined && isContinued(before, look.files)) return look;
    }
    return undefined;
  }

  async #lookOnce(positions: ReadonlyMap<string, FilePosition>): Promise<Look> {
    const unreadable: Unreadable[] = [];
    const one = { positions, unreadable };
    const known = namesByDirectory(positions);
    const listings = new Map<string, Listing>();
    for (const [directory, patterns] of this.#patterns) {
      const listing = await this.#list(directory, patterns, known.get(directory) ?? [], one);
      if (listing !== undefined) listings.set(directory, listing);
    }
    const logOf = (path: string) => {
      const logs = listings.get(dirname(path))?.logs ?? new Set();
      const name = uncompressedName(basename(path));
      return join(dirname(path), logNameOf(name, logs) ?? name);
    };
    const listed = [...listings.values()].flatMap(({ files }) => files);
    const byKey = new Map<string, SeenFile>();
    for (const file of listed) {
      // Where several paths lead to one file, it is known by the one that is no link.
      if (byKey.get(fileKey(file))?.target !== undefined || !byKey.has(fileKey(file))) byKey.set(fileKey(file), file);
    }
    const unlisted: SeenFile[] = [];
    for (const [key, position] of positions) {
      if (byKey.has(key) || !listings.has(dirname(position.path))) continue;
      unlisted.push(...(await this.#inspectUnlisted(position, logOf(position.path), unreadable)));
    }
    for (const file of unlisted) byKey.set(fileKey(file), file);
    this.#heads = headsOf(byKey);
    const byPath = new Map(listed.map((it) => [it.path, it]));
    const directories = new Set([...listings].filter(([, { complete }]) => complete).map(([directory]) => directory));
    return { files: [...listed, ...unlisted], directories, unreadable, at: (path) => byPath.get(path), byKey, logOf };
  }

  async #list(
    directory: string,
    patterns: readonly Pattern[],
    known: readonly string[],
    one: OneLook,
  ): Promise<Listing | undefined> {
    const entries = await readdir(directory, { withFileTypes: true }).catch(errnoOf);
    if (typeof entries === 'string') {
      if (entries !== 'ENOENT') one.unreadable.push({ path: directory, code: entries });
      return undefined;
    }
    const names = entries.map(({ name }) => name);
    const logs = logNames(names, patterns, known);
    const links = new Set(entries.filter((it) => it.isSymbolicLink()).map(({ name }) => name));
    const named = namedFiles(directory, names, patterns, logs, links);
    const files: SeenFile[] = [];
    let complete = true;
    for (let at = 0; at < named.length; at += AT_ONCE) {
      for (const file of await Promise.all(named.slice(at, at + AT_ONCE).map((it) => this.#inspect(it, one)))) {
        if (file === 'unknown') complete = false;
        else if (file !== undefined) files.push(file);
      }
    }
    return { logs, files, complete };
  }

  /** @returns `undefined` for what is no file, or is gone already; `unknown` when not even that can be told. */
  async #inspect({ isLink, ...named }: NamedFile, one: OneLook): Promise<SeenFile | 'unknown' | undefined> {
    let facts: FileFacts | undefined;
    try {
      const target = isLink ? { target: await realpath(named.path) } : {};
      const found = await stat(named.path, { bigint: true });
      if (!found.isFile()) return undefined;
      facts = factsOf(found);
      const seen = { ...named, ...target, ...facts, unlisted: false };
      if (named.packed) return seen;
      const known = this.#heads.get(fileKey(facts));
      if (known !== undefined && holds(known, facts, one.positions.get(fileKey(facts)))) {
        return { ...seen, head: known.head };
      }
      return { ...seen, ...(await this.#inspectContent(named.path, facts)) };
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ENOENT') return undefined;
      one.unreadable.push({ path: named.path, code });
      return facts === undefined ? 'unknown' : { ...named, ...facts, unlisted: false };
    }
  }

  async #inspectContent(path: string, facts: FileFacts): Promise<FileFacts & { readonly head: Buffer }> {
    const kept = this.#openFiles.get(facts);
    const file = kept ?? (await openForReading(path));
    try {
      const current = factsOf(await file.stat({ bigint: true }));
      return { ...current, head: await readHead(file) };
    } finally {
      if (kept === undefined) await file.close();
    }
  }

  /** Moved to another directory, deleted, or no longer what a link leads to: it can be read where it is, or while it is open. */
  async #inspectUnlisted(position: FilePosition, log: string, unreadable: Unreadable[]): Promise<readonly SeenFile[]> {
    const path = position.target ?? position.path;
    const kept = this.#openFiles.get(position);
    if (kept === undefined && position.target === undefined) return [];
    try {
      const file = kept ?? (await openForReading(path));
      try {
        const facts = factsOf(await file.stat({ bigint: true }));
        if (fileKey(facts) !== fileKey(position)) return [];
        return [{ path, log, wanted: false, packed: false, ...facts, head: await readHead(file), unlisted: true }];
      } finally {
        if (kept === undefined) await file.close();
      }
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ESTALE') await this.#openFiles.close(position);
      if (code !== 'ENOENT') unreadable.push({ path, code });
      return [];
    }
  }
}

/**
 * Whether a head that was read before is still the file's. One that has all it can have is not read again while its file
 * grows: whoever reads what was added looks at the head as well.
 */
function holds(known: KnownHead, facts: FileFacts, position: FilePosition | undefined): boolean {
  if (known.stamp === facts.stamp) return true;
  const hasGrown = position !== undefined && facts.size > position.offset && facts.size > known.size;
  return hasGrown && isFullHead(known.head);
}

function namesByDirectory(positions: ReadonlyMap<string, FilePosition>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { path } of positions.values()) {
    const inDirectory = names.get(dirname(path));
    const name = uncompressedName(basename(path));
    if (inDirectory === undefined) names.set(dirname(path), [name]);
    else inDirectory.push(name);
  }
  return names;
}

/** Whether every name still leads to the same file, and no file has lost what it began with. */
function isContinued(before: readonly SeenFile[], now: readonly SeenFile[]): boolean {
  const byPath = new Map(before.filter(({ unlisted }) => !unlisted).map((it) => [it.path, it]));
  const listed = now.filter(({ unlisted }) => !unlisted);
  if (byPath.size !== listed.length) return false;
  return listed.every((it) => {
    const earlier = byPath.get(it.path);
    return earlier !== undefined && fileKey(earlier) === fileKey(it) && beginsAs(it.head, earlier.head);
  });
}

function beginsAs(head: Buffer | undefined, earlier: Buffer | undefined): boolean {
  if (head === undefined || earlier === undefined) return head === earlier;
  return head === earlier || head.subarray(0, earlier.length).equals(earlier);
}

function headsOf(files: ReadonlyMap<string, SeenFile>): Map<string, KnownHead> {
  const heads = new Map<string, KnownHead>();
  for (const [key, { head, stamp, size }] of files) if (head !== undefined) heads.set(key, { stamp, size, head });
  return heads;
}

function groupByDirectory(paths: readonly string[]): ReadonlyMap<string, readonly Pattern[]> {
  const patterns = new Map<string, Pattern[]>();
  for (const path of paths) {
    const text = basename(path);
    const inDirectory = patterns.get(dirname(path)) ?? [];
    inDirectory.push({ text, matches: globMatcher(text) });
    patterns.set(dirname(path), inDirectory);
  }
  return patterns;
}

/** Names that other names may be a rotation of, whether a file has them at the moment or not. */
function logNames(
  names: readonly string[],
  patterns: readonly Pattern[],
  known: readonly string[],
): ReadonlySet<string> {
  const written = patterns.map(({ text }) => text).filter((text) => !isGlob(text));
  const matched = names.filter((name) => !isCompressedName(name) && isWanted(name, patterns));
  return new Set([...written, ...matched, ...known]);
}

function namedFiles(
  directory: string,
  names: readonly string[],
  patterns: readonly Pattern[],
  logs: ReadonlySet<string>,
  links: ReadonlySet<string>,
): readonly NamedFile[] {
  return names.flatMap((name) => {
    const packed = isCompressedName(name);
    const log = logNameOf(packed ? uncompressedName(name) : name, logs);
    if (log === undefined) return [];
    const wanted = isWanted(name, patterns);
    return [{ path: join(directory, name), log: join(directory, log), wanted, packed, isLink: links.has(name) }];
  });
}

function isWanted(name: string, patterns: readonly Pattern[]): boolean {
  return patterns.some(({ matches }) => matches(name));
}
