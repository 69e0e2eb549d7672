import type { Stages } from '../pipeline/inspect.ts';
import { FileTail, type SourceBatch } from '../sources/file/tail.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import { type Inspected, inspectLines } from './inspect-lines.ts';
import type { Memory } from './memory.ts';

/** One source with its stages. Its tail is made from the stored positions, and made anew when a commit failed. */
export class FollowedSource {
  readonly name: string;
  readonly #settings: SourceSettings;
  readonly #stages: Stages;
  #tail: FileTail;
  /** Committed before, so that `start` no longer applies. */
  #seen: boolean;

  constructor(settings: SourceSettings, stages: Stages, state: StoredState) {
    this.name = settings.name;
    this.#settings = settings;
    this.#stages = stages;
    this.#seen = state.sourcesSeen.has(settings.name);
    this.#tail = this.#tailFrom(state);
  }

  read(endsAtIdle: boolean): Promise<SourceBatch> {
    return this.#tail.read({ endsAtIdle });
  }

  /** Takes a batch through the pipeline. @returns what there is to store but for the findings; nothing at all if so. */
  inspect(batch: SourceBatch, memory: Memory): { findings: Inspected['findings']; toStore: CommitBatch } | undefined {
    const { lines, positions, forgotten } = batch;
    if (this.#seen && lines.length === 0 && positions.length === 0 && forgotten.length === 0) return undefined;
    const { findings, counts, samples } = inspectLines(this.name, lines, this.#stages, memory);
    const toStore: CommitBatch = {
      positions,
      forgotten,
      sessions: memory.takeSessions(),
      counts: [counts],
      samples,
      ...(!this.#seen && { sourcesSeen: [this.name] }),
    };
    return { findings, toStore };
  }

  /** To be called after the batch was stored. */
  committed(): void {
    this.#seen = true;
  }

  /** Goes back to what is stored. */
  async restart(state: StoredState): Promise<void> {
    await this.#tail.close();
    this.#seen = state.sourcesSeen.has(this.name);
    this.#tail = this.#tailFrom(state);
  }

  close(): Promise<void> {
    return this.#tail.close();
  }

  #tailFrom({ positions }: StoredState): FileTail {
    const own = positions.filter(({ source }) => source === this.name);
    return new FileTail(this.#settings, { positions: own, firstSeen: !this.#seen });
  }
}
