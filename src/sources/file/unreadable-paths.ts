import type { SourceEvent } from '../event.ts';
import type { Look, Unreadable } from './lookout.ts';

/** Codes by path: what was unreadable at the last read, as it is told only when it changes. */
export class UnreadablePaths {
  readonly #source: string;
  #codes: ReadonlyMap<string, string> = new Map();

  constructor(source: string) {
    this.#source = source;
  }

  /** What there is to tell. A path that is gone is neither unreadable nor readable, until it is there again. */
  changes(unreadable: readonly Unreadable[], look: Pick<Look, 'at' | 'directories'>): readonly SourceEvent[] {
    const source = this.#source;
    const before = this.#codes;
    const codes = new Map(unreadable.map(({ path, code }) => [path, code]));
    const events: SourceEvent[] = [];
    for (const [path, code] of codes) {
      if (before.get(path) !== code) events.push({ kind: 'unreadable', source, path, code });
    }
    for (const [path, code] of before) {
      if (codes.has(path)) continue;
      const isThere = look.at(path) !== undefined || look.directories.has(path);
      if (isThere) events.push({ kind: 'readable', source, path });
      else if (codes.size < MOST_PATHS) codes.set(path, code);
    }
    this.#codes = codes;
    return events;
  }
}

/** So many are remembered, with those that are gone. */
const MOST_PATHS = 10_000;
