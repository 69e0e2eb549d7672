import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileSinkSettings } from '../settings.ts';
import type { Transport } from '../transport.ts';
import { reasonOf, STORED, type Verdict } from '../verdict.ts';
import { countAtEnd, mendEnd } from './file-end.ts';
import { rotate, syncDirectory } from './file-rotation.ts';

export interface FileTransportSettings extends Pick<FileSinkSettings, 'path' | 'rotateBytes' | 'keep'> {
  /** How every line of ours begins: half a line that begins so was left by a crash. */
  readonly lineBegins: string;
}

/**
 * Appends lines to a file: one write a batch, on the disk before it is acknowledged. What a crash left half done is
 * mended when the file is opened: half a line is cut off, and lines that were written but never acknowledged, which come
 * again first, are recognised and not written twice. A file that was moved away by others is opened anew.
 */
export class FileTransport implements Transport {
  readonly #settings: FileTransportSettings;
  #file: FileHandle | undefined;

  constructor(settings: FileTransportSettings) {
    this.#settings = settings;
  }

  async send(messages: readonly string[]): Promise<Verdict> {
    try {
      await this.#append(messages);
      return STORED;
    } catch (error) {
      // Whatever reached the file is sorted out when it is opened for the next try.
      await this.close().catch(() => {});
      return { kind: 'again', because: `cannot write ${this.#settings.path} (${reasonOf(error)})` };
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #append(messages: readonly string[]): Promise<void> {
    const { file, unwritten } = await this.#ready(messages);
    if (unwritten.length > 0) {
      const bytes = Buffer.from(unwritten.join(''));
      const target = await this.#rotateBefore(file, bytes.length);
      await target.appendFile(bytes);
      await target.sync();
    } else {
      // Found in place, which does not mean that they had reached the disk.
      await file.sync();
    }
  }

  /** The open file, and those of the messages that are not in it yet. */
  async #ready(messages: readonly string[]): Promise<{ file: FileHandle; unwritten: readonly string[] }> {
    const { path } = this.#settings;
    if (this.#file !== undefined && (await isMovedAway(this.#file, path))) await this.close();
    if (this.#file !== undefined) return { file: this.#file, unwritten: messages };
    this.#file = await openForAppend(path);
    await mendEnd(this.#file, this.#settings.lineBegins);
    return { file: this.#file, unwritten: messages.slice(await countAtEnd(this.#file, messages)) };
  }

  async #rotateBefore(file: FileHandle, bytes: number): Promise<FileHandle> {
    const { path, rotateBytes, keep } = this.#settings;
    const { size, mode } = await file.stat();
    if (rotateBytes === undefined || size === 0 || size + bytes <= rotateBytes) return file;
    await this.close();
    await rotate(path, keep);
    const next = await openForAppend(path);
    // Whoever was allowed to read the alerts, a forwarder above all, still is.
    await next.chmod(mode & 0o777);
    this.#file = next;
    return next;
  }
}

/** Readable too, for its end is looked at. A directory and a file that are made here are the owner's alone. */
async function openForAppend(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  await syncDirectory(dirname(path));
  return file;
}

async function isMovedAway(file: FileHandle, path: string): Promise<boolean> {
  const [held, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return named === undefined || named.ino !== held.ino || named.dev !== held.dev;
}
