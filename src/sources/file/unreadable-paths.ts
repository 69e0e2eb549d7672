import type { SourceEvent } from '../event.ts';
import type { Look, Unreadable } from './lookout.ts';

/** Codes by path: what was unreadable at the last read, as it is told only when it changes. */
export class UnreadablePaths {
  readonly #source: string;
  #codes: ReadonlyMap<string, string> = new Map();

  constructor(source: string) {
    this.#source = source;
  }

  /** What there is to tell. A path that is gone is neither unreadable nor readable. */
  changes(unreadable: readonly Unreadable[], look: Pick<Look, 'at' | 'directories'>): readonly SourceEvent[] {
    const source = this.#source;
    const before = this.#codes;
    this.#codes = new Map(unreadable.map(({ path, code }) => [path, code]));
    const events: SourceEvent[] = [];
    for (const [path, code] of this.#codes) {
      if (before.get(path) !== code) events.push({ kind: 'unreadable', source, path, code });
    }
    for (const path of before.keys()) {
      const isThere = look.at(path) !== undefined || look.directories.has(path);
      if (isThere && !this.#codes.has(path)) events.push({ kind: 'readable', source, path });
    }
    return events;
  }
}
