import type { FileHandle } from 'node:fs/promises';
import { Archives } from './archives.ts';
import { markBefore } from './mark.ts';
import { type OpenFiles, openForReading } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { holdsWhatWasRead, isBlank, isFullHead } from './prefix.ts';
import type { ReadableFile } from './reconcile.ts';
import { type FileFacts, factsOf, type SeenFile } from './seen-file.ts';

/** What was found out about a file no longer holds: it changed after it was looked at. */
export class LookIsOld extends Error {
  override readonly name = 'LookIsOld';
}

/**
 * Answers what a look leaves open, by reading more of a file. An answer that would mean that a file was replaced is only
 * given while it is still as it was seen: otherwise what it was replaced with, or copied to, may not have been seen.
 */
export class Evidence {
  readonly archives: Archives;
  readonly #openFiles: OpenFiles;
  /** Files whose content was found replaced while they were read. */
  readonly #doubted = new Set<string>();

  constructor(openFiles: OpenFiles, isSettled: (archive: SeenFile) => boolean) {
    this.archives = new Archives(isSettled);
    this.#openFiles = openFiles;
  }

  doubt(file: Pick<FilePosition, 'device' | 'inode'>): void {
    this.#doubted.add(fileKey(file));
  }

  /**
   * Whether a file still holds what was read of it. What it holds just before the offset is not looked at where reading
   * on will show it, nor where nothing was written.
   *
   * @throws LookIsOld, and whatever reading a file throws.
   */
  async holds(position: FilePosition, seen: ReadableFile): Promise<boolean> {
    if (!holdsWhatWasRead(position, seen)) return false;
    const key = fileKey(seen);
    const isAsLeft = seen.size === position.offset && seen.modifiedMs === position.modifiedMs;
    if ((isAsLeft || seen.size > position.offset) && !this.#doubted.has(key)) return true;
    const answer = await this.holdsMark(position, seen);
    this.#doubted.delete(key);
    return answer;
  }

  /** @throws as `holds` does */
  async holdsMark({ offset, mark }: FilePosition, seen: SeenFile): Promise<boolean> {
    if (mark === undefined) return true;
    const { answer, now } = await this.#ask(seen, async (file) => (await markBefore(file, offset)).mark === mark);
    if (!answer && now.stamp !== seen.stamp) throw new LookIsOld();
    return answer;
  }

  /**
   * Whether two files are the same as far as both go, which their heads do not tell.
   *
   * @throws as `holds` does
   */
  async agree(one: ReadableFile, other: ReadableFile): Promise<boolean> {
    if (!beginAlike(one.head, other.head)) return false;
    if (!isFullHead(one.head) || !isFullHead(other.head)) return true;
    const both = Math.min(one.size, other.size);
    const marks: (string | undefined)[] = [];
    for (const seen of [one, other]) {
      const { answer, now } = await this.#ask(seen, async (file) => (await markBefore(file, both)).mark);
      if (now.size < seen.size) throw new LookIsOld();
      marks.push(answer);
    }
    return marks[0] === marks[1];
  }

  async #ask<T>(
    seen: SeenFile,
    question: (file: FileHandle) => Promise<T>,
  ): Promise<{ readonly answer: T; readonly now: FileFacts }> {
    const kept = this.#openFiles.get(seen);
    const file = kept ?? (await openForReading(seen.path));
    try {
      const answer = await question(file);
      const now = factsOf(await file.stat({ bigint: true }));
      if (fileKey(now) !== fileKey(seen)) throw new LookIsOld();
      return { answer, now };
    } finally {
      if (kept === undefined) await file.close();
    }
  }
}

/** Whether what two files begin with is the same as far as both heads go, and is of their own. */
export function beginAlike(one: Buffer, other: Buffer): boolean {
  const bytes = Math.min(one.length, other.length);
  const common = one.subarray(0, bytes);
  return !isBlank(common) && common.equals(other.subarray(0, bytes));
}
