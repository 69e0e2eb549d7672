import { LeastRecentlyUsed } from '../least-recently-used.ts';
import type { Resolution, Resolve } from './resolution.ts';

/** What names are known to answer, for those who cannot wait. */
export interface Names {
  /**
   * What a name answered about the time of a log line (ms since the epoch), if that is known by now. If not, or if it
   * could be fresher, it is asked for meanwhile, and later lines have it.
   */
  find(host: string, atMs: number): Resolution | undefined;
}

const DAY_MS = 86_400_000;
/** A line is judged by an answer of the same time, not by one that is further away than this. */
const GOOD_FOR_MS = DAY_MS;
/** In use, an answer is renewed after this, and one that told nothing after that. */
const RENEWED_AFTER_MS = 3_600_000;
const NOTHING_RENEWED_AFTER_MS = 5 * 60_000;
/** Names remembered; an entry takes some hundred bytes. */
const REMEMBERED = 8_192;
/** Names waiting to be asked for; more come again with their next line. */
const MOST_WAITING = 1_024;
const AT_ONCE = 8;

interface Known {
  readonly resolution: Resolution;
  /** ms since the epoch. */
  readonly renewAtMs: number;
}

/** Looks names up ahead, never making anybody wait. Bounded, whatever stands in the logs. */
export class NameCache implements Names {
  readonly #resolve: Resolve;
  readonly #nowMs: () => number;
  readonly #known = new LeastRecentlyUsed<string, Known>(REMEMBERED);
  readonly #waiting = new Set<string>();
  readonly #asking = new Set<string>();
  #idle: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(resolve: Resolve, nowMs: () => number) {
    this.#resolve = resolve;
    this.#nowMs = nowMs;
  }

  find(host: string, atMs: number): Resolution | undefined {
    const known = this.#known.get(host);
    if (known === undefined || this.#nowMs() >= known.renewAtMs) this.#askFor(host);
    return known !== undefined && Math.abs(atMs - known.resolution.atMs) <= GOOD_FOR_MS ? known.resolution : undefined;
  }

  /** Takes in what somebody else found out. An outage takes nothing away that was known. */
  remember(host: string, resolution: Resolution): void {
    const known = this.#known.get(host);
    const isLoss = resolution.kind === 'failed' && known?.resolution.kind === 'answered';
    const afterMs = resolution.kind === 'answered' ? RENEWED_AFTER_MS : NOTHING_RENEWED_AFTER_MS;
    this.#known.set(host, {
      resolution: isLoss ? known.resolution : resolution,
      renewAtMs: resolution.atMs + afterMs,
    });
  }

  /** Resolves when nothing is being asked for. */
  settled(): Promise<void> {
    if (this.#waiting.size + this.#asking.size === 0) return Promise.resolve();
    if (this.#idle === undefined) {
      let resolve = (): void => {};
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#idle = { promise, resolve };
    }
    return this.#idle.promise;
  }

  #askFor(host: string): void {
    if (!ASKABLE.test(host) || host.length > LONGEST_NAME) return;
    if (this.#asking.has(host) || this.#waiting.has(host) || this.#waiting.size >= MOST_WAITING) return;
    this.#waiting.add(host);
    this.#next();
  }

  #next(): void {
    for (const host of this.#waiting) {
      if (this.#asking.size >= AT_ONCE) return;
      this.#waiting.delete(host);
      this.#asking.add(host);
      void this.#ask(host);
    }
    if (this.#asking.size > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  async #ask(host: string): Promise<void> {
    const resolution = await this.#resolve(host);
    this.#asking.delete(host);
    this.remember(host, resolution);
    this.#next();
  }
}

/** What could be a name in DNS (RFC 1123 section 2.1, with the underscore that hosts have in practice). */
const ASKABLE = /^(?=.*[a-z])[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;
const LONGEST_NAME = 253;
