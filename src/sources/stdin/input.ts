import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { cutEvents } from '../cut-event.ts';
import type { SourceEvent } from '../event.ts';
import { DEFAULT_MAX_LINE_BYTES, type SplitFrom, splitLines } from '../file/split-lines.ts';
import type { Line } from '../line.ts';
import type { StdinSourceSettings } from '../settings.ts';
import type { LineSource, ReadLimits, SourceBatch } from '../source.ts';

const DEFAULT_MAX_LINES = 5_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;
/** How long a read waits for more, where the run is to end at the stream's end. */
const PATIENCE_MS = 100;
const PATH = 'standard input';

/** Pipes and terminals keep the process alive while they are open, unless they are told not to. */
type Input = Readable & { readonly ref?: () => unknown; readonly unref?: () => unknown };

/** How far a stream was read. It outlives its reader: after a reload the next one goes on where that one stopped. */
class Progress {
  readonly #input: Input;
  from: SplitFrom = { offset: 0, withinLine: false };
  /** Read from the stream, and not yet given as lines. */
  bytes: Buffer = Buffer.alloc(0);
  hasEnded = false;
  trouble: string | undefined;
  #isListening = false;

  constructor(input: Input) {
    this.#input = input;
  }

  /** Takes what the stream has. Without a listener for `readable`, a stream reads nothing by itself. */
  pull(): void {
    this.#listen();
    const piece: unknown = this.hasEnded ? null : this.#input.read();
    if (Buffer.isBuffer(piece)) this.bytes = this.bytes.length === 0 ? piece : Buffer.concat([this.bytes, piece]);
  }

  /** The process may end although the stream does not. */
  release(): void {
    this.#input.unref?.();
  }

  #listen(): void {
    this.#input.ref?.();
    if (this.#isListening) return;
    this.#isListening = true;
    this.#input.on('readable', () => undefined);
    this.#input.once('end', () => {
      this.hasEnded = true;
    });
    this.#input.once('error', (error: NodeJS.ErrnoException) => {
      this.hasEnded = true;
      this.trouble = error.code ?? error.name;
    });
  }
}

const PROGRESS = new WeakMap<Input, Progress>();

/**
 * Lines of a stream. Their places are those that they would have in a file, so that a log which is piped in twice gives
 * its findings once. No more is read than is asked for, so that a full pipe holds its writer back.
 */
export class InputLines implements LineSource {
  readonly #settings: StdinSourceSettings;
  readonly #nowMs: () => number;
  readonly #progress: Progress;
  #isDraining = false;
  /** Given, and not known to be stored. */
  #given: readonly Line[] = [];
  #isToBeGivenAgain = false;
  #toldTrouble: string | undefined;

  constructor(settings: StdinSourceSettings, input: Input = process.stdin, nowMs: () => number = Date.now) {
    this.#settings = settings;
    this.#nowMs = nowMs;
    this.#progress = PROGRESS.get(input) ?? new Progress(input);
    PROGRESS.set(input, this.#progress);
  }

  async read(limits: ReadLimits = {}): Promise<SourceBatch> {
    if (this.#isToBeGivenAgain) {
      this.#isToBeGivenAgain = false;
      return batchOf(this.#given, [], false);
    }
    const mayWait = limits.endsAtIdle === true && !this.#isDraining;
    if (!this.#isDraining) this.#progress.pull();
    let lines = this.#split(limits);
    if (lines.length === 0 && mayWait && !this.#progress.hasEnded) {
      await wait(PATIENCE_MS);
      this.#progress.pull();
      lines = this.#split(limits);
    }
    this.#given = lines;
    const isAtEnd = mayWait ? this.#progress.hasEnded && this.#progress.bytes.length === 0 : true;
    return batchOf(lines, this.#newTrouble(), lines.length === 0 && isAtEnd);
  }

  drain(): void {
    this.#isDraining = true;
  }

  committed(): void {
    this.#given = [];
  }

  rewind(): void {
    this.#isToBeGivenAgain = this.#given.length > 0;
  }

  /** The stream itself stays open, for whoever reads it next. */
  async close(): Promise<void> {
    this.#isDraining = true;
    this.#progress.release();
  }

  #split({ maxLines = DEFAULT_MAX_LINES, maxBytes = DEFAULT_MAX_BYTES }: ReadLimits): readonly Line[] {
    const progress = this.#progress;
    const { lines, used, withinLine, contentId } = splitLines(progress.bytes, progress.from, {
      source: this.#settings.name,
      path: PATH,
      writtenBeforeMs: this.#nowMs(),
      encoding: 'utf-8',
      maxLineBytes: DEFAULT_MAX_LINE_BYTES,
      maxLines,
      maxBytes,
      last: progress.hasEnded,
    });
    progress.bytes = progress.bytes.subarray(used);
    progress.from = {
      offset: progress.from.offset + used,
      withinLine,
      ...(contentId !== undefined && { contentId }),
    };
    return lines;
  }

  #newTrouble(): readonly SourceEvent[] {
    const code = this.#progress.trouble;
    if (code === undefined || code === this.#toldTrouble) return [];
    this.#toldTrouble = code;
    return [{ kind: 'unreadable', source: this.#settings.name, path: PATH, code }];
  }
}

function batchOf(lines: readonly Line[], events: readonly SourceEvent[], idle: boolean): SourceBatch {
  return { lines, positions: [], forgotten: [], events: [...events, ...cutEvents(lines)], idle };
}
