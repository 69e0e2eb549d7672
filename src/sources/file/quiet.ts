import { type FilePosition, fileKey } from './position.ts';

/**
 * A writer keeps its file open until it is told of the rotation, and may only then write what it had buffered. After this
 * long without a write, counted from the rotation, it was told.
 */
const QUIET_MS = 60_000;

/** Knows which files were not written to for long since they were rotated, or packed. */
export class Quiet {
  readonly #nowMs: () => number;
  /** When each was asked about first. */
  readonly #sinceMs = new Map<string, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  isOver(file: Pick<FilePosition, 'device' | 'inode' | 'modifiedMs'>): boolean {
    const key = fileKey(file);
    const nowMs = this.#nowMs();
    const sinceMs = this.#sinceMs.get(key) ?? nowMs;
    this.#sinceMs.set(key, sinceMs);
    return nowMs - Math.max(file.modifiedMs, sinceMs) >= QUIET_MS;
  }

  /** Forgets all files but these. */
  keep(files: ReadonlyMap<string, unknown>): void {
    for (const key of this.#sinceMs.keys()) if (!files.has(key)) this.#sinceMs.delete(key);
  }
}
