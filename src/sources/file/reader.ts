import type { Batch } from './batch.ts';
import { CHUNK_BYTES, type Piece, readChunk, readPiece } from './chunk.ts';
import type { Evidence } from './evidence.ts';
import type { Look } from './lookout.ts';
import { MARK_BYTES } from './mark.ts';
import type { OpenFiles } from './open-files.ts';
import { type FilePosition, fileKey } from './position.ts';
import { prefixOf } from './prefix.ts';
import type { Quiet } from './quiet.ts';
import { movedFrom, TIME_SLACK_MS, type TrackedFile } from './reconcile.ts';
import { errnoOf, type SeenFile } from './seen-file.ts';

export interface ReaderOptions {
  readonly maxLineBytes: number;
  readonly openFiles: OpenFiles;
  readonly evidence: Evidence;
  readonly quiet: Quiet;
  /** Hears of a file that was found replaced under the read. */
  readonly doubt: (file: SeenFile) => void;
}

/** Of a log that has grown by more, a piece at a time is read. */
const MOST_AHEAD_BYTES = 64 * 1024;
/** For what is added between the look and the read. */
const AHEAD_SLACK_BYTES = 4 * 1024;

/** Takes note of how far a file is read; `undefined`: it is done with and gone. */
type Advance = (to: FilePosition | undefined) => void;

/** Reads on in one file or archive, from its position as far as a batch has room. */
export class Reader {
  readonly #maxLineBytes: number;
  readonly #openFiles: OpenFiles;
  readonly #evidence: Evidence;
  readonly #quiet: Quiet;
  readonly #doubt: (file: SeenFile) => void;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** Stamps of files in which nothing but an unterminated line is left. */
  readonly #drained = new Map<string, string>();

  constructor({ maxLineBytes, openFiles, evidence, quiet, doubt }: ReaderOptions) {
    this.#maxLineBytes = maxLineBytes;
    this.#openFiles = openFiles;
    this.#evidence = evidence;
    this.#quiet = quiet;
    this.#doubt = doubt;
  }

  /** @returns the position after it; `undefined` when the file is done with and gone. */
  async read(file: TrackedFile, look: Look, batch: Batch): Promise<FilePosition | undefined> {
    const { position, seen, unproven } = file;
    if (seen === undefined) return position;
    return this.#guarded(unproven ?? position, seen, batch, async (advance) => {
      if (position.archive !== undefined) await this.#readArchive(file, seen, look, batch, advance);
      else if (seen.size !== position.offset || !this.#isFinished(position, seen, batch)) {
        await this.#readPlain(position, seen, batch, advance);
      } else advance(await this.#finish(position, seen, look));
    });
  }

  /** @returns how far `work` got, whatever it met. */
  async #guarded(
    start: FilePosition,
    seen: SeenFile,
    batch: Batch,
    work: (advance: Advance) => Promise<void>,
  ): Promise<FilePosition | undefined> {
    let reached: FilePosition | undefined = start;
    try {
      await work((to) => {
        reached = to;
      });
    } catch (error) {
      const code = errnoOf(error);
      // A handle of a network file system that has lost its file is of no more use.
      if (code === 'ESTALE') await this.#openFiles.close(seen).catch(() => {});
      // Renamed or deleted after the look: the next one shows.
      if (code === 'ENOENT') batch.idle = false;
      else batch.unreadable.push({ path: seen.path, code });
    }
    return reached;
  }

  /** Reads on in a log that has grown. @returns the position after it. */
  async readOn(position: FilePosition, seen: SeenFile, batch: Batch, ahead?: Piece): Promise<FilePosition> {
    const read = (advance: Advance) => this.#readPlain(position, seen, batch, advance, ahead);
    return (await this.#guarded(position, seen, batch, read)) ?? position;
  }

  /**
   * What little was added to a log, so that many can be waiting for the disk at the same time.
   *
   * @returns `undefined` when it is much, or cannot be read: to be read in its turn then.
   */
  async readAhead({ offset, ...position }: FilePosition, seen: SeenFile): Promise<Piece | undefined> {
    const bytes = MARK_BYTES + seen.size - offset + AHEAD_SLACK_BYTES;
    if (bytes > MOST_AHEAD_BYTES) return undefined;
    try {
      const file = await this.#openFiles.open(seen);
      return file && (await readPiece(file, { ...position, offset }, Buffer.allocUnsafeSlow(bytes)));
    } catch (error) {
      errnoOf(error);
      return undefined;
    }
  }

  async #readPlain(before: FilePosition, seen: SeenFile, batch: Batch, advance: Advance, ahead?: Piece): Promise<void> {
    const key = fileKey(before);
    let position = identified(before, seen);
    advance(position);
    const isFinished = (modifiedMs: number) => this.#isFinished(position, { ...seen, modifiedMs }, batch);
    const isDrained = this.#drained.get(key) === seen.stamp && !isFinished(seen.modifiedMs);
    const hasNews = seen.size !== before.offset && !isDrained;
    const file = hasNews || this.#openFiles.hasRoom ? await this.#openFiles.open(seen) : undefined;
    if (!hasNews) return;
    let piece = ahead;
    while (file !== undefined && !batch.isFull) {
      const options = { path: seen.path, seenStamp: seen.stamp, maxLineBytes: this.#maxLineBytes, isFinished };
      const chunk = await readChunk(file, position, this.#buffer, { ...options, ...batch.room }, piece);
      piece = undefined;
      if (chunk.kind === 'replaced') {
        this.#doubt(seen);
        break;
      }
      batch.take(chunk.lines, chunk.position.offset - position.offset);
      position = chunk.position;
      advance(position);
      if (chunk.drained) {
        this.#drained.set(key, chunk.stamp);
        return;
      }
    }
    batch.idle = false;
  }

  /** Reads on in the archive that a log was compressed into. */
  async #readArchive(
    { position: start, unproven }: TrackedFile,
    seen: SeenFile,
    look: Look,
    batch: Batch,
    advance: Advance,
  ): Promise<void> {
    if (start.ended === true) return;
    let position = start;
    const isProven = unproven === undefined;
    while (!batch.isFull) {
      const chunk = await this.#evidence.archives.read(position, seen, {
        maxLineBytes: this.#maxLineBytes,
        ...batch.room,
      });
      if (chunk.kind === 'damaged') return this.#meetDamage(chunk, position, seen, isProven, batch, advance);
      if (chunk.kind === 'other' && isProven) {
        batch.events.push({ kind: 'vanished', source: position.source, path: seen.path, offset: position.offset });
        return advance({ ...position, ended: true });
      }
      if (chunk.kind !== 'read') break;
      batch.take(chunk.lines, chunk.position.offset - position.offset);
      if (!isProven && unproven !== undefined) {
        // Others that were missed are asked for once more, before this one is at its end.
        batch.events.push(...movedFrom(unproven, seen.path, look));
        advance(chunk.position);
        break;
      }
      position = chunk.ended ? { ...chunk.position, ended: true } : chunk.position;
      advance(position);
      if (chunk.ended) return;
    }
    batch.idle = false;
  }

  /** An archive that is cut short may still be being written. Otherwise what it should hold beyond the offset is lost. */
  #meetDamage(
    { reached, cutShort }: { readonly reached: boolean; readonly cutShort: boolean },
    position: FilePosition,
    seen: SeenFile,
    isProven: boolean,
    batch: Batch,
    advance: Advance,
  ): void {
    if (cutShort && !this.#quiet.isOver(seen)) return;
    if (!reached && !isProven) {
      this.#evidence.archives.refute(position, seen);
      batch.idle = false;
      return;
    }
    batch.events.push({ kind: 'vanished', source: position.source, path: seen.path, offset: position.offset });
    advance({ ...position, ended: true });
  }

  /** Read to its end, and nobody writes to it any more. @returns `undefined` when it is gone, too. */
  async #finish(position: FilePosition, seen: SeenFile, look: Look): Promise<FilePosition | undefined> {
    await this.#openFiles.close(seen);
    const ended: FilePosition = position.ended === true ? position : { ...position, ended: true };
    if (!seen.unlisted || position.target !== undefined) return seen.unlisted ? undefined : ended;
    // What it was compressed into must not be read for a log that was missed.
    for (const archive of look.files) {
      if (!archive.packed || archive.log !== seen.log || archive.modifiedMs < seen.modifiedMs - TIME_SLACK_MS) continue;
      if ((await this.#evidence.archives.mayHold(position, archive)) !== 'refuted') return { ...ended, rotated: true };
    }
    return undefined;
  }

  #isFinished(
    { rotated }: FilePosition,
    seen: Pick<SeenFile, 'device' | 'inode' | 'modifiedMs'>,
    batch: Batch,
  ): boolean {
    return rotated && (batch.endsAtIdle || this.#quiet.isOver(seen));
  }

  /** Forgets all files but these. */
  keep(positions: ReadonlyMap<string, unknown>): void {
    for (const key of this.#drained.keys()) if (!positions.has(key)) this.#drained.delete(key);
  }
}

/** A file that had no whole line yet is known by those that it has now: it may be truncated before it is read. */
function identified(position: FilePosition, { head }: SeenFile): FilePosition {
  if (position.prefixBytes > 0 || head === undefined) return position;
  const prefix = prefixOf(head);
  return prefix.prefixBytes === 0 ? position : { ...position, ...prefix };
}
