import { hash } from 'node:crypto';
import { type FilePosition, fileKey } from './position.ts';
import type { SeenFile } from './seen-file.ts';
import { type UnpackedChunk, UnpackedFile, type UnpackOptions } from './unpacked-file.ts';

/** Archives that are being unpacked at the same time: each holds a file, a window and a piece of its content. */
const MOST_OPEN = 2;
/** Things that are remembered to save work; what is forgotten is found out again. */
const MOST_NOTES = 4_096;

/**
 * The archives that logs were compressed into. What is kept of them between two reads only saves unpacking them from the
 * beginning again.
 */
export class Archives {
  readonly #isSettled: (archive: SeenFile) => boolean;
  readonly #open = new Map<string, UnpackedFile>();
  readonly #heads = new Map<string, { readonly head: Buffer; readonly whole: boolean }>();
  readonly #refuted = new Set<string>();

  /** @param isSettled whether nobody is still writing an archive, which then stays as short as it is. */
  constructor(isSettled: (archive: SeenFile) => boolean) {
    this.#isSettled = isSettled;
  }

  /** The first 1024 bytes of what it holds, or all if it holds less. @returns `undefined` while that cannot be told. */
  async headOf(archive: SeenFile): Promise<Buffer | undefined> {
    const { head, whole } = await this.#head(archive);
    return whole || (this.#isSettled(archive) && head.length > 0) ? head : undefined;
  }

  /** Whether it may be what a position's file became: `waiting` while too little of it is there to tell. */
  async mayHold(position: FilePosition, archive: SeenFile): Promise<'possible' | 'refuted' | 'waiting'> {
    if (this.#refuted.has(claim(position, archive))) return 'refuted';
    const { head, whole } = await this.#head(archive);
    const { prefixBytes, prefixSha256 } = position;
    if (head.length < prefixBytes) return whole || this.#isSettled(archive) ? 'refuted' : 'waiting';
    return hash('sha256', head.subarray(0, prefixBytes), 'hex') === prefixSha256 ? 'possible' : 'refuted';
  }

  /** Reads on behind a position. Throws what reading a file throws. */
  async read(position: FilePosition, archive: SeenFile, options: UnpackOptions): Promise<UnpackedChunk> {
    const file = await this.#opened(archive, position.offset);
    if (file === undefined) {
      this.refute(position, archive);
      return { kind: 'other' };
    }
    const chunk = await this.#guarded(archive, () => file.read(position, archive, options));
    if (chunk.kind === 'other') this.refute(position, archive);
    if (chunk.kind === 'other' || (chunk.kind === 'read' && chunk.ended)) await this.close(archive);
    return chunk;
  }

  /** Not to be looked at for this position again. */
  refute(position: FilePosition, archive: SeenFile): void {
    if (this.#refuted.size >= MOST_NOTES) this.#refuted.clear();
    this.#refuted.add(claim(position, archive));
  }

  async close(archive: Pick<FilePosition, 'device' | 'inode'>): Promise<void> {
    const file = this.#open.get(fileKey(archive));
    this.#open.delete(fileKey(archive));
    await file?.close();
  }

  async closeAll(): Promise<void> {
    const files = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(files.map((it) => it.close()));
  }

  async #head(archive: SeenFile): Promise<{ readonly head: Buffer; readonly whole: boolean }> {
    const key = `${fileKey(archive)} ${archive.contentStamp}`;
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const file = await this.#opened(archive, 0);
    const found =
      file === undefined
        ? { head: Buffer.alloc(0), whole: true }
        : await this.#guarded(archive, async () => {
            const { head, whole } = await file.head();
            return { head: Buffer.from(head), whole };
          });
    if (this.#heads.size >= MOST_NOTES) this.#heads.clear();
    this.#heads.set(key, found);
    return found;
  }

  async #opened(archive: SeenFile, offset: number): Promise<UnpackedFile | undefined> {
    const key = fileKey(archive);
    const kept = this.#open.get(key);
    if (kept?.contentStamp === archive.contentStamp && kept.reaches(offset)) {
      this.#open.delete(key);
      this.#open.set(key, kept);
      return kept;
    }
    await this.close(archive);
    const file = await UnpackedFile.open(archive);
    if (file === undefined) return undefined;
    this.#open.set(key, file);
    const [oldest] = this.#open;
    if (this.#open.size > MOST_OPEN && oldest !== undefined) {
      this.#open.delete(oldest[0]);
      await oldest[1].close();
    }
    return file;
  }

  /** A file that could not be read cannot be gone on with. */
  async #guarded<T>(archive: SeenFile, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.close(archive);
      throw error;
    }
  }
}

/** By content: a position that is tried on an archive already bears its name. */
function claim({ prefixSha256, offset, mark }: FilePosition, archive: SeenFile): string {
  return `${prefixSha256} ${offset} ${mark} ${fileKey(archive)} ${archive.contentStamp}`;
}
