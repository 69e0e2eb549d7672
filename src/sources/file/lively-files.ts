import { stat } from 'node:fs/promises';
import { fileKey } from './position.ts';
import type { TrackedFile } from './reconcile.ts';
import { factsOf, type SeenFile } from './seen-file.ts';

/** Written to within this time: likely to be written to again. */
const LIVELY_MS = 10 * 60_000;
const MOST_LIVELY = 4_096;
/** With more, a glance at all of them is followed by a rest of so many times what it took. */
const FEW_LIVELY = 1_024;
const REST_PER_GLANCE = 4;
/** Files that are looked at side by side. */
const AT_ONCE = 32;

/** The logs in their places that were written to lately, between two looks at all of them. */
export class LivelyFiles {
  readonly #nowMs: () => number;
  #files: readonly SeenFile[] = [];
  /** Stamps of what was read, by file. */
  #read = new Map<string, string>();
  /** Those that were found grown and have not had their turn yet. */
  #waiting: SeenFile[] = [];
  /** By the process's own clock (ms): no sooner is there another glance. */
  #restsUntilMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * What a look found, and was read as far as it went then, but for some.
   *
   * @returns false when there are too many to be watched.
   */
  choose(files: readonly TrackedFile[], unread: ReadonlySet<string>): boolean {
    const since = this.#nowMs() - LIVELY_MS;
    const isUnread = (file: SeenFile) => unread.has(fileKey(file));
    const lively = files
      .flatMap(({ seen }) => (seen !== undefined && !seen.packed ? [seen] : []))
      .filter((it) => it.modifiedMs >= since || isUnread(it))
      .sort((a, b) => Number(isUnread(b)) - Number(isUnread(a)) || b.modifiedMs - a.modifiedMs);
    this.#files = lively.slice(0, MOST_LIVELY);
    this.#waiting = [];
    this.#read = new Map(this.#files.filter((it) => !isUnread(it)).map((it) => [fileKey(it), it.stamp]));
    return !lively.slice(MOST_LIVELY).some(isUnread);
  }

  /** The one whose turn it was is read as far as it went when it was found grown. */
  wasRead(): void {
    const file = this.#waiting.shift();
    if (file !== undefined) this.#read.set(fileKey(file), file.stamp);
  }

  /** There is more in the one whose turn it was: the others come first. */
  wasReadInPart(): void {
    const file = this.#waiting.shift();
    if (file !== undefined) this.#waiting.push(file);
  }

  /**
   * Those that have grown since they were read, in the order of their turns; nobody has a second one before all had their
   * first. As long as a path leads to the same file, what was added to it can be read: that its content is the same is
   * seen while it is read.
   *
   * @returns `undefined` when anything else happened, or cannot be told: then all has to be looked at.
   */
  async grown(): Promise<readonly SeenFile[] | undefined> {
    if (this.#waiting.length > 0) return [...this.#waiting];
    const beganMs = performance.now();
    if (beganMs < this.#restsUntilMs) return [];
    const now: SeenFile[] = [];
    for (let at = 0; at < this.#files.length; at += AT_ONCE) {
      for (const file of await Promise.all(this.#files.slice(at, at + AT_ONCE).map(glance))) {
        if (file === undefined) return undefined;
        now.push(file);
      }
    }
    this.#files = now;
    const tookMs = performance.now() - beganMs;
    if (now.length > FEW_LIVELY) this.#restsUntilMs = beganMs + tookMs * (1 + REST_PER_GLANCE);
    this.#waiting = now.filter((it) => this.#read.get(fileKey(it)) !== it.stamp);
    return [...this.#waiting];
  }
}

async function glance(seen: SeenFile): Promise<SeenFile | undefined> {
  try {
    const facts = factsOf(await stat(seen.path, { bigint: true }));
    return fileKey(facts) === fileKey(seen) && facts.size >= seen.size ? { ...seen, ...facts } : undefined;
  } catch {
    return undefined;
  }
}
