import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Compression } from '../../../src/sources/file/compression.ts';

export const COMPRESSIONS: readonly Compression[] = ['gzip', 'xz', 'zstd', 'bzip2'];

export const EXTENSIONS: Readonly<Record<Compression, string>> = { gzip: 'gz', xz: 'xz', zstd: 'zst', bzip2: 'bz2' };

type Packer = (content: Buffer, ...options: string[]) => Buffer;

/** The real tool (Debian: gzip, xz-utils, zstd, bzip2). @returns `undefined`, and says so, where it is missing. */
export function packerFor(compression: Compression): Packer | undefined {
  if (!hasTool(compression)) return undefined;
  return (content, ...options) => {
    const { status, stdout, stderr } = spawnSync(compression, ['-c', ...options], {
      input: content,
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(`${compression}: ${stderr}`);
    return stdout;
  };
}

/** For thousands of small contents: gzip in this process, the others remembered, as starting a tool takes milliseconds. */
export function packQuickly(content: Buffer, compression: Compression): Buffer {
  if (compression === 'gzip') return gzipSync(content, { level: 1 });
  const key = `${compression} ${content.toString('latin1')}`;
  const known = packedBefore.get(key);
  if (known !== undefined) return known;
  const packed = packerFor(compression)?.(content, '-1') ?? gzipSync(content);
  packedBefore.set(key, packed);
  return packed;
}

const packedBefore = new Map<string, Buffer>();
const told = new Set<string>();

function hasTool(tool: string): boolean {
  const found = ['/usr/bin', '/bin', '/usr/local/bin'].some((directory) => existsSync(`${directory}/${tool}`));
  if (!found && !told.has(tool)) process.stderr.write(`${tool} is not installed: its tests are skipped\n`);
  if (!found) told.add(tool);
  return found;
}
