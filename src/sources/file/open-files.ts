import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type FilePosition, fileKey } from './position.ts';
import { errnoOf, factsOf, type SeenFile } from './seen-file.ts';

const MAX_OPEN_FILES = 2_048;

/**
 * Files kept open while they are read, so that one which is renamed, moved to another directory or deleted between two
 * reads can be finished. Bounded: the one that was used longest ago is closed.
 */
export class OpenFiles {
  readonly #handles = new Map<string, FileHandle>();
  #most = MAX_OPEN_FILES;

  get(file: Pick<FilePosition, 'device' | 'inode'>): FileHandle | undefined {
    return this.#handles.get(fileKey(file));
  }

  get hasRoom(): boolean {
    return this.#handles.size < this.#most;
  }

  /** @returns `undefined` when another file has taken the path meanwhile. Throws what `open` throws. */
  async open(file: SeenFile): Promise<FileHandle | undefined> {
    const key = fileKey(file);
    const kept = this.#handles.get(key);
    this.#handles.delete(key);
    const handle = kept ?? (await this.#openOne(file.path));
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

  /** Where the process may open fewer than we would, half of what it had open is enough from then on. */
  async #openOne(path: string): Promise<FileHandle> {
    try {
      return await openForReading(path);
    } catch (error) {
      if (errnoOf(error) !== 'EMFILE' || this.#handles.size === 0) throw error;
      this.#most = Math.ceil(this.#handles.size / 2);
      await this.#closeOldest();
      return openForReading(path);
    }
  }

  async #closeOldest(): Promise<void> {
    for (const [key, handle] of this.#handles) {
      if (this.#handles.size <= this.#most) return;
      this.#handles.delete(key);
      await handle.close();
    }
  }
}

/** Never waits, should the path have become a FIFO (open(2), O_NONBLOCK). */
export async function openForReading(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK);
}
