import type { FileProtocol } from '../formats/record.ts';
import type { SavedSession, SessionChanges } from './session.ts';

/** What is known of one file session (`internal-sftp[15237]`): the lines about its files may name no user or address. */
export interface FileSession {
  readonly kind: 'file-session';
  readonly user?: string;
  readonly ip?: string;
  readonly host?: string;
  readonly port?: number;
  /** That was used last: where it was accepted, the one that logged in. */
  readonly key?: string;
  /** When somebody was let in, ms since the epoch. */
  readonly enteredMs?: number;
}

/** The server that a client's log says it is connected to, since it said that it began. */
export interface Remote {
  readonly kind: 'remote';
  readonly ip?: string;
  readonly host?: string;
  readonly port?: number;
  readonly protocol?: FileProtocol;
  /** It was connected to others too, so nobody can tell which of them a file went to. */
  readonly several?: true;
}

/** Logins of one user from one address that are still connected. Joins sshd's lines to the SFTP server's. */
export interface LiveLogins {
  readonly kind: 'logins';
  /** Client port and SSH key of each, as far as the server logs them. The latest is last. */
  readonly logins: readonly { readonly port?: number; readonly key?: string }[];
}

export type SessionState = FileSession | LiveLogins | Remote;

interface Entry {
  readonly source: string;
  readonly state: SessionState;
  readonly lastSeenMs: number;
}

export interface SessionLimits {
  /** The least recently seen are forgotten first. */
  readonly maxEntries: number;
  /** ms of log time without a line. */
  readonly maxAgeMs: number;
}

const DAY_MS = 86_400_000;

/** Enough for a busy gateway; about 30 MB when full. */
export const DEFAULT_SESSION_LIMITS: SessionLimits = { maxEntries: 50_000, maxAgeMs: 7 * DAY_MS };

/**
 * The open sessions, as a value that the pipeline is handed: bounded in number and age, and saved in the transaction
 * that saves the read positions. A session that was forgotten makes its later files' receiver unknown, never "ours".
 */
export class Sessions {
  readonly #limits: SessionLimits;
  /** In order of `lastSeenMs`, the oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Set<string>();
  readonly #ended = new Map<string, string>();

  constructor(saved: readonly SavedSession[] = [], limits: SessionLimits = DEFAULT_SESSION_LIMITS) {
    this.#limits = limits;
    for (const { source, key, lastSeenMs, state } of [...saved].sort(
      (one, other) => one.lastSeenMs - other.lastSeenMs,
    )) {
      this.#entries.set(entryKey(source, key), { source, lastSeenMs, state: JSON.parse(state) as SessionState });
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  get(source: string, key: string): SessionState | undefined {
    return this.#entries.get(entryKey(source, key))?.state;
  }

  set(source: string, key: string, state: SessionState, timeMs: number): void {
    const id = entryKey(source, key);
    this.#entries.delete(id);
    this.#entries.set(id, { source, state, lastSeenMs: timeMs });
    this.#changed.add(id);
    this.#ended.delete(id);
    this.#forgetOldest(timeMs);
  }

  end(source: string, key: string): void {
    this.#forget(entryKey(source, key));
  }

  /** What changed since this was last asked. */
  takeChanges(): SessionChanges {
    const saved = [...this.#changed].flatMap((id): SavedSession[] => {
      const entry = this.#entries.get(id);
      if (entry === undefined) return [];
      const { source, state, lastSeenMs } = entry;
      return [{ source, key: id.slice(source.length + 1), lastSeenMs, state: JSON.stringify(state) }];
    });
    const ended = [...this.#ended].map(([id, source]) => ({ source, key: id.slice(source.length + 1) }));
    this.#changed.clear();
    this.#ended.clear();
    return { saved, ended };
  }

  #forgetOldest(nowMs: number): void {
    for (const [id, { lastSeenMs }] of this.#entries) {
      if (this.#entries.size <= this.#limits.maxEntries && nowMs - lastSeenMs <= this.#limits.maxAgeMs) return;
      this.#forget(id);
    }
  }

  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#changed.delete(id);
    this.#ended.set(id, entry.source);
  }
}

function entryKey(source: string, key: string): string {
  return `${source}\n${key}`;
}
