import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** One call of a program that changed a file, or brought it to the disk. */
export type Call =
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'rename'; readonly path: string; readonly from: string }
  | { readonly kind: 'sync' | 'unlink'; readonly path: string };

/** What `trace.c` wrote down, paths relative to `directory`. */
export function readTrace(file: string, directory: string): readonly Call[] {
  const bytes = readFileSync(file);
  const calls: Call[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf('\n', at);
    const [, kind, first, second, name] = /^(\w+) (\d+) (\d+) (.*)$/.exec(bytes.toString('utf8', at, end)) ?? [];
    const path = relative(directory, name ?? '');
    at = end + 1;
    if (kind === 'write') {
      calls.push({ kind, path, offset: Number(first), data: bytes.subarray(at, at + Number(second)) });
      at += Number(second);
    } else if (kind === 'rename') {
      calls.push({ kind, path, from: relative(directory, bytes.toString('utf8', at, at + Number(second))) });
      at += Number(second);
    } else if (kind === 'truncate') calls.push({ kind, path, size: Number(first) });
    else if (kind === 'sync' || kind === 'unlink') calls.push({ kind, path });
    else throw new Error(`The trace cannot be read at byte ${at}`);
  }
  return calls;
}

/** A disk writes this much whole, or not at all. */
const SECTOR_BYTES = 512;

/**
 * What a disk may hold after the power failed behind the first `count` calls: of each file all that was synced, and of
 * what was changed since, any part, in any order, each write torn at any sector.
 */
export function afterPowerCut(
  calls: readonly Call[],
  count: number,
  random: () => number,
): ReadonlyMap<string, Buffer> {
  const disk = new Map<string, StoredFile>();
  const unsynced = new Map<string, Call[]>();
  let renames: Rename[] = [];
  for (const call of calls.slice(0, count)) {
    if (call.kind === 'rename') {
      renames.push({ from: call.from, path: call.path, replaced: disk.get(call.path) });
      move(disk, call.from, call.path);
      move(unsynced, call.from, call.path);
      continue;
    }
    const waiting = unsynced.get(call.path) ?? [];
    if (call.kind === 'sync') {
      for (const it of waiting) apply(disk, it);
      unsynced.delete(call.path);
      for (const [path, changes] of unsynced) if (dirname(path) === call.path) applyUnlinks(disk, changes);
      renames = renames.filter(({ path }) => dirname(path) !== call.path);
    } else {
      waiting.push(call);
      unsynced.set(call.path, waiting);
    }
  }
  for (const waiting of unsynced.values()) {
    for (const call of waiting) if (random() < 0.5) apply(disk, torn(call, random));
  }
  // Names are brought to the disk in their order: some of the last may be missing.
  for (const { from, path, replaced } of renames.slice(Math.floor(random() * (renames.length + 1))).reverse()) {
    move(disk, path, from);
    if (replaced !== undefined) disk.set(path, replaced);
  }
  return new Map([...disk].map(([path, file]) => [path, file.content()]));
}

interface Rename {
  readonly from: string;
  readonly path: string;
  readonly replaced: StoredFile | undefined;
}

function move<T>(files: Map<string, T>, from: string, to: string): void {
  const file = files.get(from);
  files.delete(from);
  if (file === undefined) files.delete(to);
  else files.set(to, file);
}

/** A directory that is synced forgets for good the files that were unlinked in it. */
function applyUnlinks(disk: Map<string, StoredFile>, changes: Call[]): void {
  const end = changes.findLastIndex(({ kind }) => kind === 'unlink') + 1;
  for (const it of changes.splice(0, end)) apply(disk, it);
}

function torn(call: Call, random: () => number): Call {
  if (call.kind !== 'write' || random() < 0.7) return call;
  const kept = Math.floor((random() * call.data.length) / SECTOR_BYTES) * SECTOR_BYTES;
  return { ...call, data: call.data.subarray(0, kept) };
}

function apply(disk: Map<string, StoredFile>, call: Call): void {
  if (call.kind === 'rename') return;
  if (call.kind === 'unlink') {
    disk.delete(call.path);
    return;
  }
  const file = disk.get(call.path) ?? new StoredFile();
  disk.set(call.path, file);
  if (call.kind === 'write') file.write(call.offset, call.data);
  else if (call.kind === 'truncate') file.truncate(call.size);
}

/** A file that grows without being copied at every write. */
class StoredFile {
  #bytes = Buffer.alloc(64 * 1024);
  #size = 0;

  write(offset: number, data: Buffer): void {
    const end = offset + data.length;
    if (end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(end)]);
    data.copy(this.#bytes, offset);
    this.#size = Math.max(this.#size, end);
  }

  truncate(size: number): void {
    if (size > this.#size) this.write(this.#size, Buffer.alloc(size - this.#size));
    this.#bytes.fill(0, size);
    this.#size = size;
  }

  content(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }
}
