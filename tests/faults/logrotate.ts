import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../e2e/requirements.ts';
import { proxyLine } from './traffic.ts';

/** How a log is rotated, in the words of logrotate(8). */
export interface Policy {
  readonly title: string;
  readonly directives: readonly string[];
  /**
   * What the writer does meanwhile. `goes-on`: it writes into the renamed file until it is told to open the log anew.
   * `waits`: what it wrote then would be lost to anybody: between the copy and the truncation, or after compression.
   */
  readonly writer: 'goes-on' | 'waits';
}

export const POLICIES: readonly Policy[] = [
  { title: 'renamed and made anew', directives: ['create 0644'], writer: 'goes-on' },
  { title: 'renamed, made anew by its writer', directives: ['nocreate'], writer: 'goes-on' },
  { title: 'copied and truncated', directives: ['copytruncate'], writer: 'waits' },
  {
    title: 'renamed to a date, compressed at the next rotation',
    directives: ['create 0644', 'dateext', 'dateformat -%Y%m%d-%s', 'compress', 'delaycompress'],
    writer: 'goes-on',
  },
  { title: 'compressed at once with gzip', directives: ['create 0644', 'compress'], writer: 'waits' },
  { title: 'copied, truncated and compressed with gzip', directives: ['copytruncate', 'compress'], writer: 'waits' },
  {
    title: 'compressed at once with xz',
    directives: ['create 0644', 'compress', `compresscmd /usr/bin/xz`, 'compressext .xz', 'compressoptions -1'],
    writer: 'waits',
  },
  {
    title: 'compressed at once with zstd',
    directives: ['create 0644', 'compress', 'compresscmd /usr/bin/zstd', 'compressext .zst', 'compressoptions --rm -q'],
    writer: 'waits',
  },
  {
    title: 'compressed at once with bzip2',
    directives: ['create 0644', 'compress', 'compresscmd /bin/bzip2', 'compressext .bz2'],
    writer: 'waits',
  },
];

/** What was put into the log so far. */
export interface Written {
  lines: number;
  findings: number;
  rotations: number;
}

/** Lines between two rotations. */
const ROTATE_EVERY = 500;

/** A gateway's log under load: written every few milliseconds in pieces that end anywhere, rotated by logrotate(8). */
export class RotatedLog {
  readonly path: string;
  readonly written: Written = { lines: 0, findings: 0, rotations: 0 };
  readonly #policy: Policy;
  readonly #config: string;
  readonly #random: () => number;
  #timer: NodeJS.Timeout | undefined;
  #file: number;
  #number = 0;
  #sinceRotation = 0;
  #rotation: Promise<void> | undefined;

  constructor(directory: string, policy: Policy, random: () => number) {
    const logs = join(directory, 'logs');
    mkdirSync(logs);
    // logrotate refuses a directory that others may write to.
    chmodSync(logs, 0o755);
    this.path = join(logs, 'access.log');
    this.#policy = policy;
    this.#config = join(directory, 'logrotate.conf');
    this.#random = random;
    const directives = ['rotate 100000', 'missingok', ...policy.directives];
    writeFileSync(this.#config, `"${this.path}" {\n${directives.map((it) => `  ${it}\n`).join('')}}\n`, {
      mode: 0o644,
    });
    this.#file = openSync(this.path, 'a', 0o644);
    // A file in which nothing stands yet could not be known again.
    this.#append(1);
  }

  start(): void {
    this.#timer = setInterval(() => this.#write(), 10);
  }

  /** Ends after the rotation that is under way, with a complete line. */
  async stop(): Promise<Written> {
    clearInterval(this.#timer);
    await this.#rotation;
    closeSync(this.#file);
    return this.written;
  }

  #write(): void {
    if (this.#rotation !== undefined && this.#policy.writer === 'waits') return;
    this.#append(3 + Math.floor(this.#random() * 10));
    if (this.#sinceRotation >= ROTATE_EVERY && this.#rotation === undefined) {
      this.#sinceRotation = 0;
      this.#rotation = this.#rotate().finally(() => {
        this.#rotation = undefined;
      });
    }
  }

  /** In two pieces that end anywhere. */
  #append(lines: number): void {
    let text = '';
    for (let i = 0; i < lines; i++) {
      this.#number += 1;
      const piece = proxyLine(this.#number, this.#random);
      text += piece.text;
      this.written.findings += piece.findings;
    }
    this.written.lines += lines;
    this.#sinceRotation += lines;
    const cut = Math.floor(this.#random() * text.length);
    writeSync(this.#file, text.slice(0, cut));
    writeSync(this.#file, text.slice(cut));
  }

  async #rotate(): Promise<void> {
    const state = `${this.#config}.state`;
    const child = spawn(programPath('logrotate'), ['--force', '--state', state, this.#config]);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    // Two rotations in one second would have one name: the second is put off, and says so.
    const isPutOff = said.includes('already exists, skipping rotation');
    if (code !== 0 && !isPutOff) throw new Error(`logrotate ended with ${code}: ${said}`);
    if (!isPutOff) this.written.rotations += 1;
    const renamed = this.#file;
    this.#file = openSync(this.path, 'a', 0o644);
    closeSync(renamed);
  }
}
