import type { LinePlace } from '../sources/line.ts';
import type { SavedSession, SessionChanges } from '../transfers/session.ts';

interface Entry {
  readonly source: string;
  readonly file: LinePlace['file'];
  readonly header: string;
  readonly savedMs: number;
}

/** Headers are a few hundred bytes; readers refuse those of more than some KiB. */
const MAX_FILES = 4_096;

/** Sets the rows apart from those of sessions, with which they share a table. */
const KEY_PREFIX = 'header ';

/** Whether a saved row is a file's header, and none of a session. */
export function isSavedHeader({ key }: Pick<SavedSession, 'key'>): boolean {
  return key.startsWith(KEY_PREFIX);
}

/**
 * The latest header of each file, such as `#Fields`, without which its lines cannot be read: bounded in number, and saved
 * in the transaction that saves the read positions, so that a file is read on from its middle. A header that was
 * forgotten makes the lines of its file unreadable, never wrong.
 */
export class FileHeaders {
  readonly #maxFiles: number;
  /** In order of their use, the latest last. */
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Set<string>();
  readonly #forgotten = new Map<string, Entry>();
  /** Most lines belong to the file of the line before. */
  #last: { readonly source: string; readonly file: string; readonly header: string | undefined } | undefined;

  constructor(saved: readonly SavedSession[] = [], maxFiles = MAX_FILES) {
    this.#maxFiles = maxFiles;
    const headers = saved.filter(isSavedHeader).sort((one, other) => one.lastSeenMs - other.lastSeenMs);
    for (const { source, key, lastSeenMs, state } of headers) {
      const file = key.slice(KEY_PREFIX.length);
      this.#entries.set(entryKey(source, file), { source, file, header: state, savedMs: lastSeenMs });
    }
  }

  /** The header that holds for the next line of this file. */
  of(source: string, file: string): string | undefined {
    if (this.#entries.size === 0) return undefined;
    const last = this.#last;
    if (last !== undefined && last.file === file && last.source === source) return last.header;
    const key = entryKey(source, file);
    const entry = this.#entries.get(key);
    this.#last = { source, file, header: entry?.header };
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.header;
  }

  /** @param timeMs of the log, ms since the epoch: after a restart, the headers of the oldest files are forgotten first */
  set(source: string, file: string, header: string, timeMs: number): void {
    const key = entryKey(source, file);
    this.#last = undefined;
    if (this.#entries.get(key)?.header === header) return;
    this.#entries.delete(key);
    this.#entries.set(key, { source, file, header, savedMs: timeMs });
    this.#changed.add(key);
    this.#forgotten.delete(key);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#maxFiles) break;
      this.#entries.delete(oldest);
      this.#changed.delete(oldest);
      this.#forgotten.set(oldest, entry);
    }
  }

  /** What changed since this was last asked. */
  takeChanges(): SessionChanges {
    const saved = [...this.#changed].flatMap((key): SavedSession[] => {
      const entry = this.#entries.get(key);
      if (entry === undefined) return [];
      const { source, file, header, savedMs } = entry;
      return [{ source, key: KEY_PREFIX + file, lastSeenMs: savedMs, state: header }];
    });
    const ended = [...this.#forgotten.values()].map(({ source, file }) => ({ source, key: KEY_PREFIX + file }));
    this.#changed.clear();
    this.#forgotten.clear();
    return { saved, ended };
  }
}

function entryKey(source: string, file: string): string {
  return `${file} ${source}`;
}
