import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ReplayProgress } from '../agent/replay.ts';
import { compressionOf } from '../sources/file/compression.ts';
import { count, type Io } from './io.ts';

export interface Progress {
  readonly report: (progress: ReplayProgress) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

/** A bar on a terminal; elsewhere a line now and then. Weighed by the bytes that the files hold when unpacked. */
export async function progressOn({ stderr }: Io, paths: readonly string[]): Promise<Progress> {
  const sizes = new Map<string, number>();
  for (const path of paths) sizes.set(path, await unpackedBytes(path));
  const all = paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
  const isTerminal = stderr.isTTY === true;
  const startedMs = performance.now();
  let toldMs = startedMs;
  let current: string | undefined;
  let before = 0;

  return { report, end: () => void (isTerminal && stderr.write(CLEAR_LINE)) };

  function report({ path, filesDone, files, lines, bytes }: ReplayProgress): void {
    if (path !== current) {
      if (current !== undefined) before += sizes.get(current) ?? 0;
      current = path;
    }
    const nowMs = performance.now();
    if (nowMs - toldMs < (isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    toldMs = nowMs;
    const share = all === 0 ? 0 : Math.min(before + Math.min(bytes, sizes.get(path) ?? 0), all) / all;
    const perSecond = Math.round((lines * 1000) / (nowMs - startedMs));
    const words = `${Math.floor(share * 100)}%, file ${filesDone + 1} of ${files}, ${count(lines)} lines, ${count(perSecond)} a second, ${basename(path)}`;
    stderr.write(isTerminal ? CLEAR_LINE + bar(share, words, stderr.columns ?? 80) : `${words}\n`);
  }
}

function bar(share: number, words: string, columns: number): string {
  const filled = Math.round(share * BAR_LENGTH);
  // One column less than there are: a full line would move on to the next.
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_LENGTH - filled)}] ${words}`.slice(0, columns - 1);
}

/** As far as it can be told without reading the file. One that cannot be read has none: replaying it says why. */
async function unpackedBytes(path: string): Promise<number> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return 0;
  try {
    const { size } = await file.stat();
    const head = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    if (compressionOf(head.buffer.subarray(0, head.bytesRead)) === undefined) return size;
    // ISIZE, the last four bytes: the size modulo 2^32 of the last member (RFC 1952, section 2.3.1).
    const tail = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return tail.bytesRead === 4 ? Math.max(size, tail.buffer.readUInt32LE(0)) : size;
  } catch {
    return 0;
  } finally {
    await file.close();
  }
}

const CLEAR_LINE = '\r\u001b[K';
const BAR_LENGTH = 24;
const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;
const HEAD_BYTES = 8;
