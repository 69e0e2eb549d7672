import type { Facts, SourceFacts } from '../conditions/facts.ts';
import { type ClockReading, jumpBetween } from '../coverage/clock-jump.ts';
import type { Gap, NoticedGap } from '../coverage/gap.ts';
import { EMPTY_WINDOW, type ReadingWindow, slide } from '../coverage/reading-window.ts';
import {
  changesBetween,
  forgetGaps,
  forgetUnreadable,
  note,
  observe,
  overJump,
  resume,
  type SourceCoverage,
  type StoredCoverage,
} from '../coverage/source-coverage.ts';
import type { AnySourceSettings } from '../sources/settings.ts';
import type { SourceBatch } from '../sources/source.ts';
import type { CommitBatch } from '../store/batch.ts';
import type { Store } from '../store/store.ts';
import type { AgentClock } from './clock.ts';
import type { Inspected } from './inspect-lines.ts';

/** Spans are stored at least this often, so that an agent that is killed loses no more of them. */
export const HEARTBEAT_MS = 10_000;

type WatchedSettings = AnySourceSettings & { readonly type: string };

/** What is known of one source beyond its lines. */
interface Watched {
  readonly settings: WatchedSettings;
  readonly coverage: SourceCoverage;
  /** As it is stored. */
  readonly stored: StoredCoverage;
  readonly window: ReadingWindow;
  /** By the steady clock: its last line, or the start. */
  readonly quietSinceMs: number;
  readonly hasSpoken: boolean;
}

/**
 * Watches the watch: when each source was looked at, what was missed, and how its lines could be read. It runs ahead of
 * the store until `committed`; after a commit that failed it goes back to what is stored, for the batch will be read again.
 */
export class Watch {
  readonly #clock: AgentClock;
  readonly #closeAfterMs: number;
  #watched: ReadonlyMap<string, Watched>;
  #safe: ReadonlyMap<string, Watched>;
  #lastReading: ClockReading;
  #beatMs = Number.NEGATIVE_INFINITY;

  constructor(
    sources: readonly WatchedSettings[],
    closeAfterMs: number,
    store: Pick<Store, 'coverageOf'>,
    clock: AgentClock,
  ) {
    this.#clock = clock;
    this.#closeAfterMs = closeAfterMs;
    this.#lastReading = clock.read();
    const { wallMs, steadyMs } = this.#lastReading;
    this.#watched = new Map(
      sources.map((settings) => {
        const stored = store.coverageOf(settings.name, wallMs - closeAfterMs);
        const watched: Watched = {
          settings,
          coverage: resume(settings, stored, wallMs),
          stored,
          window: EMPTY_WINDOW,
          quietSinceMs: steadyMs,
          hasSpoken: false,
        };
        return [settings.name, watched];
      }),
    );
    this.#safe = this.#watched;
  }

  /** To be called before the sources are looked at: a clock that was set is noted for all of them. */
  lookAtClock(): void {
    const reading = this.#clock.read();
    const jump = jumpBetween(this.#lastReading, reading);
    this.#lastReading = reading;
    if (jump === undefined) return;
    for (const source of this.#watched.keys()) {
      this.#revise(source, (it) => ({ ...it, coverage: overJump(it.coverage, jump) }));
    }
  }

  /** What a look at a source showed. `inspected` is absent when there was nothing in it to store. */
  observed(source: string, { events, lines }: SourceBatch, inspected: Inspected | undefined): void {
    const { wallMs, steadyMs } = this.#clock.read();
    this.#revise(source, (it) => ({
      ...it,
      coverage: forgetGaps(observe(it.coverage, { nowMs: wallMs, events }), wallMs - this.#closeAfterMs),
      ...(inspected !== undefined && { window: slide(it.window, inspected.counts, inspected.unreadableTexts) }),
      ...(lines.length > 0 && { quietSinceMs: steadyMs, hasSpoken: true }),
    }));
  }

  /** A gap that no look can show. */
  note(source: string, gap: NoticedGap): void {
    this.#revise(source, (it) => ({ ...it, coverage: note(it.coverage, gap) }));
  }

  /**
   * What there is to store: always when it can go with a batch, by itself when there is a gap to tell, when a span was
   * not stored for long, or when `now` says so.
   */
  changes({ now }: { readonly now: boolean }): Pick<CommitBatch, 'spans' | 'gaps'> | undefined {
    const all = [...this.#watched.values()].map(({ stored, coverage }) => changesBetween(stored, coverage));
    const spans = all.flatMap((it) => it.spans);
    const gaps = all.flatMap((it) => it.gaps);
    const isDue = now || gaps.length > 0 || this.#clock.read().steadyMs - this.#beatMs >= HEARTBEAT_MS;
    return isDue && spans.length + gaps.length > 0 ? { spans, gaps } : undefined;
  }

  /** Of what `changes` gave, the gaps that begin with it: the others were stored before, and have changed. */
  freshGaps(): readonly Gap[] {
    return [...this.#watched.values()].flatMap(({ stored, coverage }) => {
      const known = new Set(stored.gaps.map(({ id }) => id));
      return coverage.gaps.filter(({ id }) => !known.has(id));
    });
  }

  /** Error codes of the sources that cannot be read at the moment, as far as they cannot. */
  unreadable(): ReadonlyMap<string, string> {
    const codes = [...this.#watched].map(([name, { coverage }]) => [name, ...coverage.unreadable.values()] as const);
    return new Map(codes.flatMap(([name, first]) => (first === undefined ? [] : [[name, first]])));
  }

  /** What `changes` gave is stored. */
  committed(): void {
    this.#beatMs = this.#clock.read().steadyMs;
    this.#watched = new Map([...this.#watched].map(([name, it]) => [name, { ...it, stored: it.coverage }]));
    this.#safe = this.#watched;
  }

  /** Goes back to what is stored: what was observed since is observed again. */
  startOver(): void {
    this.#watched = this.#safe;
    for (const source of this.#watched.keys()) {
      this.#revise(source, (it) => ({ ...it, coverage: forgetUnreadable(it.coverage) }));
    }
  }

  /** For the conditions to be judged by. */
  facts(): Omit<Facts, 'staleFiles' | 'endpoints' | 'sinks'> {
    const { wallMs, steadyMs } = this.#clock.read();
    return {
      nowMs: wallMs,
      closeAfterMs: this.#closeAfterMs,
      sources: [...this.#watched.values()].map((it) => factsOf(it, steadyMs)),
    };
  }

  #revise(source: string, next: (it: Watched) => Watched): void {
    const watched = this.#watched.get(source);
    if (watched !== undefined) this.#watched = new Map(this.#watched).set(source, next(watched));
  }
}

function factsOf({ settings, coverage, window, quietSinceMs, hasSpoken }: Watched, steadyMs: number): SourceFacts {
  const { name, format, timezone, silenceMs } = settings;
  return {
    name,
    format,
    timezone,
    ...(silenceMs !== undefined && { silenceMs }),
    quietMs: steadyMs - quietSinceMs,
    hasSpoken,
    gaps: coverage.gaps,
    window,
  };
}
