import { type ChildProcess, spawn } from 'node:child_process';
import { ExportReader, type JournalEntry } from './export-format.ts';

/** What to read of a journal. */
export interface JournalQuery {
  /** Absent: the journal of this host. */
  readonly directory?: string;
  /** `FIELD=value` each. */
  readonly matches: readonly string[];
  /** The entry to begin with, or the time (ms since the epoch); absent: the oldest. */
  readonly from?: { readonly cursor: string } | { readonly sinceMs: number };
  /** `last`: the newest entry alone, or the one to begin with. */
  readonly lines: 'all' | 'one';
  /** Go on with what is added. */
  readonly follow?: true;
}

/** Fields that formats read. Every entry has its cursor and time as well. */
const FIELDS = [
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  '_COMM',
  '_HOSTNAME',
  '_PID',
  '_SOURCE_REALTIME_TIMESTAMP',
];
const MAX_STDERR_BYTES = 4 * 1024;

/**
 * Why journalctl could not do it: an errno where it can be told, else how it ended. What it wrote is not kept: it may
 * quote entries.
 */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: string;

  constructor(code: string) {
    super(`journalctl failed (${code})`);
    this.code = code;
  }
}

/** Arguments for journalctl(1). All but the values of matches are fixed, or have a form that is no option. */
export function argumentsFor({ directory, matches, from, lines, follow }: JournalQuery): readonly string[] {
  return [
    '--output=export',
    `--output-fields=${FIELDS.join(',')}`,
    '--no-pager',
    `--lines=${lines === 'all' ? 'all' : '1'}`,
    ...(follow === true ? ['--follow'] : []),
    ...(directory === undefined ? [] : [`--directory=${directory}`]),
    ...(from === undefined ? [] : ['cursor' in from ? `--cursor=${from.cursor}` : `--since=@${from.sinceMs / 1000}`]),
    ...matches,
  ];
}

/** A running journalctl. */
export class Journalctl {
  /** Without streams when it could not be started for want of file descriptors. */
  readonly #child: ChildProcess;
  #isStopped = false;
  /** Resolves when all entries were handed over, or after `stop`. Rejects with a `JournalError`. */
  readonly ended: Promise<void>;

  /** @param onEntries is called with what is read, until `stop`. */
  constructor(query: JournalQuery, onEntries: (entries: readonly JournalEntry[]) => void) {
    const reader = new ExportReader();
    this.#child = spawn('journalctl', argumentsFor(query), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', SYSTEMD_COLORS: '0' },
    });
    this.#child.stdout?.on('data', (piece: Buffer) => {
      const entries = reader.push(piece);
      if (entries.length > 0) onEntries(entries);
    });
    let complaints = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(0, MAX_STDERR_BYTES);
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => reject(new JournalError(error.code ?? error.name)));
      this.#child.once('close', (code, signal) => {
        const trouble = errnoIn(complaints) ?? (code === 0 ? undefined : (signal ?? `exit status ${code}`));
        if (trouble === undefined || this.#isStopped) resolve();
        else reject(new JournalError(trouble));
      });
    });
    // Whoever stops it need not look at how it ended.
    this.ended.catch(() => undefined);
  }

  pause(): void {
    this.#child.stdout?.pause();
  }

  resume(): void {
    this.#child.stdout?.resume();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#child.stdout?.removeAllListeners('data').resume();
    this.#child.kill('SIGTERM');
    await this.ended.catch(() => undefined);
  }
}

/** An account that may not read the system's journal gets nothing, or its own entries alone, and a hint. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/insufficient permissions|not seeing messages from other users/i, 'EACCES'],
  [/permission denied/i, 'EACCES'],
  [/no such file or directory/i, 'ENOENT'],
];

function errnoIn(complaints: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(complaints))?.[1];
}
