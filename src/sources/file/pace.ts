/** So few files are looked at whenever there is a read. */
const FEW_FILES = 400;
/** A look takes 20 to 40 us of a core a file: so that it takes no more than a few per cent of the time. */
const REST_MS_PER_FILE = 0.5;
/** On a machine that has more to do it takes longer, and must leave most of the time to reading all the same. */
const REST_PER_LOOK = 4;
/** Nothing waits longer than this to be seen. */
const LONGEST_REST_MS = 10_000;

/**
 * How often all of a source's directories are looked at. With 20,000 files that is every ten seconds; meanwhile only what
 * was written to lately is watched.
 */
export class Pace {
  readonly #nowMs: () => number;
  #lookedMs = 0;
  #restMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** To be called when a look found this many files, took this long (ms), and left nothing to read. */
  looked(files: number, tookMs: number): void {
    this.#lookedMs = this.#nowMs();
    const restMs = Math.min(Math.max(files * REST_MS_PER_FILE, tookMs * REST_PER_LOOK), LONGEST_REST_MS);
    this.#restMs = files <= FEW_FILES ? 0 : restMs;
  }

  /** The next read is to look at everything. */
  hurry(): void {
    this.#restMs = 0;
  }

  /** False too when the clock was set back. */
  get isResting(): boolean {
    const passedMs = this.#nowMs() - this.#lookedMs;
    return passedMs >= 0 && passedMs < this.#restMs;
  }
}
