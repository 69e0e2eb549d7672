import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SourceEvent } from '../../../src/sources/event.ts';
import { type FilePosition, fileKey } from '../../../src/sources/file/position.ts';
import { FileTail } from '../../../src/sources/file/tail.ts';
import type { Line } from '../../../src/sources/line.ts';
import type { FileSourceSettings } from '../../../src/sources/settings.ts';
import type { ReadLimits, SourceBatch } from '../../../src/sources/source.ts';

export async function scratch(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'file-tail-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export interface ByHandOptions {
  readonly start?: 'end' | 'beginning';
  readonly maxLineBytes?: number;
  readonly nowMs?: () => number;
}

/** A tail with the one caller it is made for: commits lines and positions together, and can lose what it did not commit. */
export class TailByHand {
  readonly committed = new Map<string, FilePosition>();
  readonly lines: Line[] = [];
  readonly events: SourceEvent[] = [];
  readonly #settings: FileSourceSettings;
  readonly #options: ByHandOptions;
  #everCommitted = false;
  #tail: FileTail;

  constructor(paths: readonly string[], options: ByHandOptions = {}) {
    const { start = 'beginning' } = options;
    this.#settings = { name: 'proxy', type: 'file', paths, format: 'squid', inside: 'client', timezone: 'UTC', start };
    this.#options = options;
    this.#tail = this.#make();
  }

  get texts(): readonly string[] {
    return this.lines.map(({ text }) => text);
  }

  async read(limits?: ReadLimits): Promise<SourceBatch> {
    return this.#tail.read(limits);
  }

  commit(batch: SourceBatch): void {
    for (const gone of batch.forgotten) this.committed.delete(fileKey(gone));
    for (const position of batch.positions) this.committed.set(fileKey(position), position);
    this.lines.push(...batch.lines);
    this.events.push(...batch.events);
    this.#everCommitted = true;
  }

  /** One read and its commit; the texts of its lines. */
  async step(limits?: ReadLimits): Promise<readonly string[]> {
    const batch = await this.read(limits);
    this.commit(batch);
    return batch.lines.map(({ text }) => text);
  }

  async untilIdle(limits?: ReadLimits): Promise<readonly string[]> {
    const before = this.lines.length;
    for (let reads = 0; reads < 10_000; reads++) {
      const batch = await this.read(limits);
      this.commit(batch);
      if (batch.idle) return this.texts.slice(before);
    }
    throw new Error('The tail never came to rest');
  }

  /** As after `kill -9`: only what was committed is left. */
  async crash(): Promise<void> {
    await this.#tail.close();
    this.#tail = this.#make();
  }

  async close(): Promise<void> {
    await this.#tail.close();
  }

  #make(): FileTail {
    const { maxLineBytes, nowMs } = this.#options;
    return new FileTail(this.#settings, {
      // As a database would give them back.
      positions: [...this.committed.values()].map((it) => structuredClone(it)),
      firstSeen: !this.#everCommitted,
      ...(maxLineBytes !== undefined && { maxLineBytes }),
      ...(nowMs !== undefined && { nowMs }),
    });
  }
}

/** A tail that is closed when the test is over. */
export function tailByHand(paths: string | readonly string[], options?: ByHandOptions): TailByHand {
  const tail = new TailByHand(typeof paths === 'string' ? [paths] : paths, options);
  onTestFinished(() => tail.close());
  return tail;
}
