import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isCompressedName } from './compression.ts';
import { globMatcher, isGlob } from './glob.ts';
import { type OpenFiles, openForReading } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { logNameOf } from './rotation-names.ts';
import { errnoOf, type FileFacts, factsOf, readHead, type SeenFile } from './seen-file.ts';

export interface Unreadable {
  readonly path: string;
  /** `EACCES`, `EIO`. */
  readonly code: string;
}

/** What was found on the disk at one moment. */
export interface Look {
  /** Every log that a pattern matches, every file beside it whose name begins with a log's name, and what is still open. */
  readonly files: readonly SeenFile[];
  /** Directories in which all could be seen: of any other it cannot be said that a file is gone. */
  readonly directories: ReadonlySet<string>;
  readonly unreadable: readonly Unreadable[];
  readonly at: (path: string) => SeenFile | undefined;
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
  readonly head: Buffer;
}

/** Looks at a directory in which files are being renamed all the while. */
const MOST_TRIES = 20;

type NamedFile = Pick<SeenFile, 'path' | 'log' | 'wanted'>;

/** Looks at the directories of one source's files. */
export class Lookout {
  readonly #patterns: ReadonlyMap<string, readonly Pattern[]>;
  readonly #openFiles: OpenFiles;
  /** Heads that were read before; they hold for as long as the file's stamp is the same. */
  #heads: ReadonlyMap<string, KnownHead> = new Map();
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
    this.#heads = new Map([...this.#heads].filter(([key]) => key !== fileKey(file)));
  }

  /**
   * Looks until two looks agree. One that was taken while files were being renamed can show a file under two names, or
   * none, and what is missed then is missed for good. A look that agrees with the last one needs no second.
   *
   * @returns `undefined` when the directory does not come to rest: better to look again later than to believe it.
   */
  async look(positions: readonly FilePosition[]): Promise<Look | undefined> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const look = await this.#lookOnce(positions);
      const before = this.#last;
      this.#last = look.files;
      if (before !== undefined && isContinued(before, look.files)) return look;
    }
    return undefined;
  }

  async #lookOnce(positions: readonly FilePosition[]): Promise<Look> {
    const unreadable: Unreadable[] = [];
    const listings = new Map<string, Listing>();
    for (const [directory, patterns] of this.#patterns) {
      const listing = await this.#list(directory, patterns, positions, unreadable);
      if (listing !== undefined) listings.set(directory, listing);
    }
    const logOf = (path: string) => {
      const logs = listings.get(dirname(path))?.logs ?? new Set();
      return join(dirname(path), logNameOf(basename(path), logs) ?? basename(path));
    };
    const listed = [...listings.values()].flatMap(({ files }) => files);
    const keys = new Set(listed.map(fileKey));
    const unlisted: SeenFile[] = [];
    for (const position of positions) {
      if (keys.has(fileKey(position)) || !listings.has(dirname(position.path))) continue;
      unlisted.push(...(await this.#inspectUnlisted(position, logOf(position.path), unreadable)));
    }
    const files = [...listed, ...unlisted];
    this.#heads = headsOf(files);
    const byPath = new Map(listed.map((it) => [it.path, it]));
    const directories = new Set([...listings].filter(([, { complete }]) => complete).map(([directory]) => directory));
    return { files, directories, unreadable, at: (path) => byPath.get(path), logOf };
  }

  async #list(
    directory: string,
    patterns: readonly Pattern[],
    positions: readonly FilePosition[],
    unreadable: Unreadable[],
  ): Promise<Listing | undefined> {
    const names = await readdir(directory).catch(errnoOf);
    if (typeof names === 'string') {
      if (names !== 'ENOENT') unreadable.push({ path: directory, code: names });
      return undefined;
    }
    const known = positions.filter(({ path }) => dirname(path) === directory).map(({ path }) => basename(path));
    const logs = logNames(names, patterns, known);
    const files: SeenFile[] = [];
    let complete = true;
    for (const named of namedFiles(directory, names, patterns, logs)) {
      const file = await this.#inspect(named, unreadable);
      if (file === 'unknown') complete = false;
      else if (file !== undefined) files.push(file);
    }
    return { logs, files, complete };
  }

  /** @returns `undefined` for what is no file, or is gone already; `unknown` when not even that can be told. */
  async #inspect(named: NamedFile, unreadable: Unreadable[]): Promise<SeenFile | 'unknown' | undefined> {
    let facts: FileFacts | undefined;
    try {
      const found = await stat(named.path, { bigint: true });
      if (!found.isFile()) return undefined;
      facts = factsOf(found);
      const known = this.#heads.get(fileKey(facts));
      if (known?.stamp === facts.stamp) return { ...named, ...facts, head: known.head, unlisted: false };
      return await this.#inspectContent(named, facts);
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ENOENT') return undefined;
      unreadable.push({ path: named.path, code });
      return facts === undefined ? 'unknown' : { ...named, ...facts, unlisted: false };
    }
  }

  async #inspectContent(named: NamedFile, facts: FileFacts): Promise<SeenFile> {
    const kept = this.#openFiles.get(facts);
    const file = kept ?? (await openForReading(named.path));
    try {
      const current = factsOf(await file.stat({ bigint: true }));
      return { ...named, ...current, head: await readHead(file), unlisted: false };
    } finally {
      if (kept === undefined) await file.close();
    }
  }

  /** Moved to another directory, or deleted: as long as it is open, it can be read. */
  async #inspectUnlisted(position: FilePosition, log: string, unreadable: Unreadable[]): Promise<readonly SeenFile[]> {
    const file = this.#openFiles.get(position);
    if (file === undefined) return [];
    const { path } = position;
    try {
      const facts = factsOf(await file.stat({ bigint: true }));
      return [{ path, log, wanted: false, ...facts, head: await readHead(file), unlisted: true }];
    } catch (error) {
      unreadable.push({ path, code: errnoOf(error) });
      return [];
    }
  }
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

function headsOf(files: readonly SeenFile[]): ReadonlyMap<string, KnownHead> {
  return new Map(
    files.flatMap((it) => (it.head === undefined ? [] : [[fileKey(it), { stamp: it.stamp, head: it.head }]])),
  );
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
): readonly NamedFile[] {
  return names.flatMap((name) => {
    const log = isCompressedName(name) ? undefined : logNameOf(name, logs);
    if (log === undefined) return [];
    return [{ path: join(directory, name), log: join(directory, log), wanted: isWanted(name, patterns) }];
  });
}

function isWanted(name: string, patterns: readonly Pattern[]): boolean {
  return patterns.some(({ matches }) => matches(name));
}
