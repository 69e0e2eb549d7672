import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type FilePosition, fileKey } from './position.ts';
import { factsOf, type SeenFile } from './seen-file.ts';

const MAX_OPEN_FILES = 64;

/**
 * Files kept open while they are read, so that one which is renamed, moved to another directory or deleted between two
 * reads can be finished. Bounded: the one that was used longest ago is closed.
 */
export class OpenFiles {
  readonly #handles = new Map<string, FileHandle>();

  get(file: Pick<FilePosition, 'device' | 'inode'>): FileHandle | undefined {
    return this.#handles.get(fileKey(file));
  }

  get hasRoom(): boolean {
    return this.#handles.size < MAX_OPEN_FILES;
  }

  /** @returns `undefined` when another file has taken the path meanwhile. Throws what `open` throws. */
  async open(file: SeenFile): Promise<FileHandle | undefined> {
    const key = fileKey(file);
    const kept = this.#handles.get(key);
    this.#handles.delete(key);
    const handle = kept ?? (await openForReading(file.path));
    if (kept === undefined && fileKey(factsOf(await handle.stat({ bigint: true }))) !== key) {
      await handle.close();
      return undefined;
    }
    this.#handles.set(key, handle);
    await this.#closeOldest();
    return handle;
  }

  async close(file: Pick<FilePosition, 'device' | 'inode'>): Promise<void> {
    const handle = this.get(file);
    this.#handles.delete(fileKey(file));
    await handle?.close();
  }

  async closeAll(): Promise<void> {
    const handles = [...this.#handles.values()];
    this.#handles.clear();
    await Promise.all(handles.map((it) => it.close()));
  }

  async #closeOldest(): Promise<void> {
    if (this.#handles.size <= MAX_OPEN_FILES) return;
    for (const [key, handle] of this.#handles) {
      this.#handles.delete(key);
      await handle.close();
      return;
    }
  }
}

/** Never waits, should the path have become a FIFO (open(2), O_NONBLOCK). */
export async function openForReading(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK);
}
