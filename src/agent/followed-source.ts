import type { Stages } from '../pipeline/inspect.ts';
import { openSource } from '../sources/open.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { LineSource, SourceBatch } from '../sources/source.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import { type Inspected, inspectLines } from './inspect-lines.ts';
import type { Memory } from './memory.ts';

/** One source with its stages. It is opened from what is stored, and opened anew when a commit failed. */
export class FollowedSource {
  readonly name: string;
  readonly #settings: SourceSettings;
  readonly #stages: Stages;
  #lines: LineSource;
  /** Committed before, so that `start` no longer applies. */
  #seen: boolean;

  constructor(settings: SourceSettings, stages: Stages, state: StoredState) {
    this.name = settings.name;
    this.#settings = settings;
    this.#stages = stages;
    this.#seen = state.sourcesSeen.has(settings.name);
    this.#lines = this.#open(state);
  }

  /** Rejects with the error of the system, which has a code, when the source cannot have what it needs. */
  async open(): Promise<void> {
    await this.#lines.open?.();
  }

  read(endsAtIdle: boolean): Promise<SourceBatch> {
    return this.#lines.read({ endsAtIdle });
  }

  /** Takes a batch through the pipeline. @returns what there is to store but for the findings; nothing at all if so. */
  inspect(batch: SourceBatch, memory: Memory): (Inspected & { readonly toStore: CommitBatch }) | undefined {
    const { lines, positions, forgotten, cursor } = batch;
    const isNews = lines.length > 0 || positions.length > 0 || forgotten.length > 0 || cursor !== undefined;
    if (this.#seen && !isNews) return undefined;
    const inspected = inspectLines(this.name, lines, this.#stages, memory.sessions);
    const { counts, samples } = inspected;
    const toStore: CommitBatch = {
      positions,
      forgotten,
      ...(cursor !== undefined && { cursors: [{ source: this.name, cursor }] }),
      sessions: memory.takeSessions(),
      counts: [counts],
      samples,
      ...(!this.#seen && { sourcesSeen: [this.name] }),
    };
    return { ...inspected, toStore };
  }

  /** To be called after the batch was stored. */
  committed(): void {
    this.#seen = true;
    this.#lines.committed?.();
  }

  /** @returns whether closing would lose what the source holds: then it takes nothing new, and is to be read until idle. */
  drain(): boolean {
    this.#lines.drain?.();
    return this.#lines.drain !== undefined;
  }

  /** Goes back to what is stored. */
  async restart(state: StoredState): Promise<void> {
    this.#seen = state.sourcesSeen.has(this.name);
    if (this.#lines.rewind !== undefined) return this.#lines.rewind();
    await this.#lines.close();
    this.#lines = this.#open(state);
  }

  close(): Promise<void> {
    return this.#lines.close();
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
