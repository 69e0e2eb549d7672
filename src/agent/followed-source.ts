import { AUTO } from '../formats/registry.ts';
import type { Stages } from '../pipeline/inspect.ts';
import { FileTail, type SourceBatch } from '../sources/file/tail.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import { type Inspected, inspectLines } from './inspect-lines.ts';
import type { Memory } from './memory.ts';
import { settleSource, type Undecided } from './settle-format.ts';
import type { SourceReading } from './stages.ts';

/** Between two looks at the beginning of a log whose format is not settled. */
const LOOK_MS = 1_000;

/**
 * One source with its stages. Its tail is made from the stored positions, and made anew when a commit failed.
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
  #tail: FileTail;
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
    this.#tail = this.#tailFrom(state);
  }

  /** Why no line is read, although there are some; `undefined` when all is well. */
  get doubt(): Undecided['undecided'] | undefined {
    return this.#stages === undefined && this.#settlement?.kind !== 'empty' ? this.#settlement : undefined;
  }

  async read(endsAtIdle: boolean): Promise<SourceBatch> {
    if (this.#stages === undefined) await this.#settle();
    if (this.#stages === undefined) {
      if (this.#held !== undefined || this.#settlement?.kind !== 'empty') return NOTHING;
      const batch = await this.#tail.read({ endsAtIdle });
      if (batch.lines.length === 0) return batch;
      this.#held = batch;
      return NOTHING;
    }
    const held = this.#held;
    this.#held = undefined;
    return held ?? this.#tail.read({ endsAtIdle });
  }

  /** Takes a batch through the pipeline. @returns what there is to store but for the findings; nothing at all if so. */
  inspect(batch: SourceBatch, memory: Memory): { findings: Inspected['findings']; toStore: CommitBatch } | undefined {
    const { lines, positions, forgotten } = batch;
    const nothingNew = lines.length === 0 && positions.length === 0 && forgotten.length === 0;
    if (nothingNew && (this.#seen || batch === NOTHING)) return undefined;
    const inspected = this.#stages && inspectLines(this.name, lines, this.#stages, memory);
    const toStore: CommitBatch = {
      positions,
      forgotten,
      sessions: memory.takeSessions(),
      ...(inspected !== undefined && { counts: [inspected.counts], samples: inspected.samples }),
      ...(!this.#seen && { sourcesSeen: [this.name] }),
      ...(this.#settled !== undefined && { formats: [{ source: this.name, format: this.#settled }] }),
    };
    return { findings: inspected?.findings ?? [], toStore };
  }

  /** To be called after the batch was stored. */
  committed(): void {
    this.#seen = true;
    this.#settled = undefined;
  }

  /** Goes back to what is stored. */
  async restart(state: StoredState): Promise<void> {
    await this.#tail.close();
    this.#held = undefined;
    this.#seen = state.sourcesSeen.has(this.name);
    this.#tail = this.#tailFrom(state);
  }

  close(): Promise<void> {
    return this.#tail.close();
  }

  async #settle(): Promise<void> {
    const nowMs = this.#nowMs();
    if (nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    const settlement = await settleSource(this.#settings);
    if (settlement.kind !== 'settled') {
      this.#settlement = settlement;
      return;
    }
    this.#settled = settlement.format;
    this.#stages = this.#stagesOf({ ...this.#settings, format: settlement.format });
  }

  #tailFrom({ positions }: StoredState): FileTail {
    const own = positions.filter(({ source }) => source === this.name);
    return new FileTail(this.#settings, { positions: own, firstSeen: !this.#seen });
  }
}

const NOTHING: SourceBatch = { lines: [], positions: [], forgotten: [], events: [], idle: true };
