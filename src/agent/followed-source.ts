import { AUTO } from '../formats/registry.ts';
import type { Stages } from '../pipeline/inspect.ts';
import { openSource } from '../sources/open.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { LineSource, SourceBatch } from '../sources/source.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import { type Inspected, inspectLines, nothingOf } from './inspect-lines.ts';
import type { Memory } from './memory.ts';
import { settleSource, type Undecided } from './settle-format.ts';
import type { SourceReading } from './stages.ts';

/** Between two looks at the beginning of a log whose format is not settled. */
const LOOK_MS = 1_000;

/**
 * One source with its stages. It is opened from what is stored, and opened anew when a commit failed.
 *
 * With `format: auto`, no line is taken from a log before its format is settled: lines wait in their file, and the
 * decision is stored with the first batch that was read by it.
 */
export class FollowedSource {
  readonly name: string;
  readonly #settings: SourceSettings;
  /** Only for the pause between two looks. */
  readonly #nowMs: () => number;
  readonly #stagesOf: (source: SourceReading) => Stages;
  /** `undefined`: the format is not settled. */
  #stages: Stages | undefined;
  /** Settled, and not stored yet. */
  #settled: string | undefined;
  #settlement: Undecided['undecided'] | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** Read before the format was settled. */
  #held: SourceBatch | undefined;
  #lines: LineSource;
  /** Committed before, so that `start` no longer applies. */
  #seen: boolean;

  constructor(
    settings: SourceSettings,
    stagesOf: (source: SourceReading) => Stages,
    state: StoredState,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#nowMs = nowMs;
    this.name = settings.name;
    this.#settings = settings;
    this.#stagesOf = stagesOf;
    const format = settings.format === AUTO ? state.formats.get(settings.name) : settings.format;
    this.#stages = format === undefined ? undefined : stagesOf({ ...settings, format });
    this.#seen = state.sourcesSeen.has(settings.name);
    this.#lines = this.#open(state);
  }

  /** Rejects with the error of the system, which has a code, when the source cannot have what it needs. */
  async open(): Promise<void> {
    await this.#lines.open?.();
  }

  /** Why no line is read, although there are some; `undefined` when all is well. */
  get doubt(): Undecided['undecided'] | undefined {
    return this.#stages === undefined && this.#settlement?.kind !== 'empty' ? this.#settlement : undefined;
  }

  async read(endsAtIdle: boolean): Promise<SourceBatch> {
    if (this.#stages === undefined) await this.#settle();
    if (this.#stages === undefined) {
      if (this.#held !== undefined || this.#settlement?.kind !== 'empty') return NOTHING;
      const batch = await this.#lines.read({ endsAtIdle });
      if (batch.lines.length === 0) return batch;
      this.#held = batch;
      return NOTHING;
    }
    const held = this.#held;
    this.#held = undefined;
    return held ?? this.#lines.read({ endsAtIdle });
  }

  /** Takes a batch through the pipeline. @returns what there is to store but for the findings; nothing at all if so. */
  inspect(batch: SourceBatch, memory: Memory): (Inspected & { readonly toStore: CommitBatch }) | undefined {
    const { lines, positions, forgotten, cursor } = batch;
    const isNews = lines.length > 0 || positions.length > 0 || forgotten.length > 0 || cursor !== undefined;
    if (!isNews && (this.#seen || batch === NOTHING)) return undefined;
    const inspected =
      this.#stages === undefined ? nothingOf(this.name) : inspectLines(this.name, lines, this.#stages, memory);
    const { counts, samples } = inspected;
    const toStore: CommitBatch = {
      positions,
      forgotten,
      ...(cursor !== undefined && { cursors: [{ source: this.name, cursor }] }),
      sessions: memory.takeSessions(),
      counts: [counts],
      samples,
      ...(!this.#seen && { sourcesSeen: [this.name] }),
      ...(this.#settled !== undefined && { formats: [{ source: this.name, format: this.#settled }] }),
    };
    return { ...inspected, toStore };
  }

  /** To be called after the batch was stored. */
  committed(): void {
    this.#seen = true;
    this.#settled = undefined;
    this.#lines.committed?.();
  }

  /** @returns whether closing would lose what the source holds: then it takes nothing new, and is to be read until idle. */
  drain(): boolean {
    this.#lines.drain?.();
    return this.#lines.drain !== undefined;
  }

  /** Goes back to what is stored. */
  async restart(state: StoredState): Promise<void> {
    this.#held = undefined;
    this.#seen = state.sourcesSeen.has(this.name);
    if (this.#lines.rewind !== undefined) return this.#lines.rewind();
    await this.#lines.close();
    this.#lines = this.#open(state);
  }

  close(): Promise<void> {
    return this.#lines.close();
  }

  async #settle(): Promise<void> {
    const nowMs = this.#nowMs();
    // The configuration has no other: what a listener was sent cannot be looked at and left where it is.
    if (this.#settings.type !== 'file' || nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    const settlement = await settleSource(this.#settings);
    if (settlement.kind !== 'settled') {
      this.#settlement = settlement;
      return;
    }
    this.#settled = settlement.format;
    this.#stages = this.#stagesOf({ ...this.#settings, format: settlement.format });
  }

  #open({ positions, cursors }: StoredState): LineSource {
    const cursor = cursors.get(this.name);
    return openSource(this.#settings, {
      positions: positions.filter(({ source }) => source === this.name),
      ...(cursor !== undefined && { cursor }),
      firstSeen: !this.#seen,
    });
  }
}

const NOTHING: SourceBatch = { lines: [], positions: [], forgotten: [], events: [], idle: true };
