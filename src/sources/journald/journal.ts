import { setTimeout as wait } from 'node:timers/promises';
import { cutEvents } from '../cut-event.ts';
import { matchesOf } from '../describe.ts';
import type { SourceEvent } from '../event.ts';
import type { Line } from '../line.ts';
import type { JournaldSourceSettings } from '../settings.ts';
import type { LineSource, ReadLimits, SourceBatch, SourceProgress } from '../source.ts';
import { cursorOf, toLine } from './entry-line.ts';
import type { JournalEntry } from './export-format.ts';
import { Journalctl, JournalError, type JournalQuery } from './journalctl.ts';
import { type JournalPosition, readPosition, writePosition } from './position.ts';

export interface JournalOptions extends Pick<SourceProgress, 'cursor' | 'firstSeen'> {
  readonly nowMs?: () => number;
  /** After so long without an entry the journal is looked at anew. Default 10 minutes. */
  readonly quietMs?: number;
}

const DEFAULT_MAX_LINES = 5_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;
const DEFAULT_QUIET_MS = 10 * 60_000;
/** Whoever was not read for so long looks whether the journal still has what comes next. */
const STALLED_MS = 30_000;
/** Bytes of entries that may wait to be read. */
const QUEUE_BYTES = 4 * 1024 * 1024;
/** What an entry costs beside its text. */
const OVERHEAD_BYTES = 300;
/** How long a read waits for what is on its way, where the run is to end when all is read. */
const PATIENCE_MS = 100;
const BACKOFF_MS: readonly number[] = [1_000, 2_000, 5_000, 10_000, 30_000];

/** A line, or none: then it is only known that nothing stands before the position. */
interface Step {
  readonly position: Exclude<JournalPosition, undefined>;
  readonly line?: Line;
}

/**
 * Follows the journal through a journalctl(1) of its own, round by round:
 *
 * 1. is the entry there that was read last? If not, the journal was vacuumed past it
 * 2. read on from it to the end
 * 3. follow, until nothing came for ten minutes; then the end is the new position, so that a journal which holds nothing
 *    for us is not taken for one that has lost something
 *
 * Reading begins with the entry that was read last, which is then passed over: `--after-cursor` of systemd before 255
 * passes over the first entry whichever it is, so that after vacuuming one is lost (systemd issue 30288).
 */
export class Journal implements LineSource {
  readonly #settings: JournaldSourceSettings;
  readonly #nowMs: () => number;
  readonly #quietMs: number;
  readonly #path: string;
  readonly #closing = new AbortController();
  /** Up to where entries are in the queue. */
  #position: JournalPosition;
  #queue: Step[] = [];
  #queueBytes = 0;
  #events: SourceEvent[] = [];
  #child: Journalctl | undefined;
  #isFollowing = false;
  #rounds: Promise<void> | undefined;
  #fault: unknown;
  /** All that was there at the beginning is in the queue, or cannot be had now. */
  #isAtEnd = false;
  #lastEntryMs = 0;
  #lastReadMs: number;
  #trouble: string | undefined;

  constructor(settings: JournaldSourceSettings, options: JournalOptions) {
    this.#settings = settings;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#quietMs = options.quietMs ?? DEFAULT_QUIET_MS;
    this.#path = settings.directory ?? 'journal';
    this.#lastReadMs = this.#nowMs();
    this.#position = readPosition(options.cursor);
    if (options.firstSeen && settings.start === 'end') this.#advance({ position: { sinceMs: this.#nowMs() } });
  }

  async read(limits: ReadLimits = {}): Promise<SourceBatch> {
    this.#rounds ??= this.#goRound().catch((error: unknown) => {
      this.#fault = error;
    });
    if (this.#fault !== undefined) throw this.#fault;
    await this.#refreshIfStale();
    if (limits.endsAtIdle === true && this.#queue.length === 0 && !this.#isAtEnd)
      await wait(PATIENCE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    const steps = this.#take(limits.maxLines ?? DEFAULT_MAX_LINES, limits.maxBytes ?? DEFAULT_MAX_BYTES);
    const last = steps.at(-1);
    const lines = steps.flatMap(({ line }) => line ?? []);
    const events = [...this.#events, ...cutEvents(lines)];
    this.#events = [];
    const mayCome = limits.endsAtIdle === true && !this.#isAtEnd;
    return {
      lines,
      positions: [],
      forgotten: [],
      ...(last !== undefined && { cursor: writePosition(last.position) }),
      events,
      idle: this.#queue.length === 0 && !mayCome,
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#child?.stop();
    await this.#rounds;
  }

  async #goRound(): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#checkPosition();
        await this.#readToEnd();
        this.#recovered();
        failures = 0;
        await this.#follow();
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        if (signal.aborted) return;
        this.#failed(error.code);
        const ms = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)];
        failures += 1;
        await wait(ms, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #checkPosition(): Promise<void> {
    if (this.#position === undefined || 'sinceMs' in this.#position) return;
    const { cursor } = this.#position;
    const [first] = await this.#query({ matches: [], from: this.#position, lines: 'one' });
    if (this.#closing.signal.aborted) return;
    if (first !== undefined && cursorOf(first) === cursor) return;
    this.#events.push({ kind: 'journal-vacuumed', source: this.#settings.name });
    // Nothing stands behind it either: what there is was written before it by a clock that went wrong, or is all new.
    if (first === undefined) this.#position = undefined;
  }

  /** Reads what is there. When none of it is for us, the end of it all is where to go on. */
  async #readToEnd(): Promise<void> {
    const [newest] = await this.#query({ matches: [], lines: 'one' });
    const before = this.#position;
    await this.#run({ lines: 'all' });
    if (this.#closing.signal.aborted) return;
    this.#isAtEnd = true;
    const cursor = newest === undefined ? undefined : cursorOf(newest);
    const isNews = this.#position === before && cursor !== undefined && !isAt(before, cursor);
    if (isNews) this.#advance({ position: { cursor } });
  }

  async #follow(): Promise<void> {
    this.#lastEntryMs = this.#nowMs();
    this.#isFollowing = true;
    await this.#run({ lines: 'all', follow: true }).finally(() => {
      this.#isFollowing = false;
    });
  }

  /** Has our entries put into the queue, until journalctl ends or is stopped. */
  async #run(query: Pick<JournalQuery, 'lines' | 'follow'>): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const from = this.#position;
    const child = new Journalctl(
      { ...this.#common(), matches: matchesOf(this.#settings.match), ...(from !== undefined && { from }), ...query },
      (entries) => {
        for (const entry of entries) this.#enqueue(entry);
        if (this.#queueBytes >= QUEUE_BYTES) child.pause();
      },
    );
    this.#child = child;
    try {
      await child.ended;
    } finally {
      this.#child = undefined;
    }
  }

  async #query(query: Omit<JournalQuery, 'directory'>): Promise<readonly JournalEntry[]> {
    if (this.#closing.signal.aborted) return [];
    const found: JournalEntry[] = [];
    const child = new Journalctl({ ...this.#common(), ...query }, (entries) => found.push(...entries));
    this.#child = child;
    try {
      await child.ended;
    } finally {
      this.#child = undefined;
    }
    return found;
  }

  #common(): Pick<JournalQuery, 'directory'> {
    const { directory } = this.#settings;
    return directory === undefined ? {} : { directory };
  }

  #enqueue(entry: JournalEntry): void {
    const cursor = cursorOf(entry);
    if (cursor === undefined || isAt(this.#position, cursor)) return;
    this.#lastEntryMs = this.#nowMs();
    this.#advance({ position: { cursor }, line: toLine(entry, cursor, this.#settings.name, this.#path) });
  }

  #advance(step: Step): void {
    this.#position = step.position;
    this.#queue.push(step);
    this.#queueBytes += bytesOf(step);
  }

  #take(maxLines: number, maxBytes: number): readonly Step[] {
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < maxLines && bytes < maxBytes; count++)
      bytes += this.#queue[count]?.line?.place.bytes ?? 0;
    const steps = this.#queue.splice(0, count);
    for (const step of steps) this.#queueBytes -= bytesOf(step);
    if (this.#queueBytes <= QUEUE_BYTES / 2) this.#child?.resume();
    return steps;
  }

  /** Ends the round when the journal is to be looked at anew. */
  async #refreshIfStale(): Promise<void> {
    const nowMs = this.#nowMs();
    const isStalled = nowMs - this.#lastReadMs >= STALLED_MS;
    const isQuiet = nowMs - this.#lastEntryMs >= this.#quietMs;
    this.#lastReadMs = nowMs;
    if (this.#isFollowing && (isStalled || isQuiet)) await this.#child?.stop();
  }

  #failed(code: string): void {
    if (code !== this.#trouble)
      this.#events.push({ kind: 'unreadable', source: this.#settings.name, path: this.#path, code });
    this.#trouble = code;
    this.#isAtEnd = true;
  }

  #recovered(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#events.push({ kind: 'readable', source: this.#settings.name, path: this.#path });
  }
}

function isAt(position: JournalPosition, cursor: string): boolean {
  return position !== undefined && 'cursor' in position && position.cursor === cursor;
}

function bytesOf({ line }: Step): number {
  return OVERHEAD_BYTES + (line?.place.bytes ?? 0);
}
