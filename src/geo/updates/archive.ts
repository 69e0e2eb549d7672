import { createGunzip } from 'node:zlib';
import type { ReadEntry } from 'tar';
import { Parser } from 'tar/parse';

export type Unpacked = { readonly name: string; readonly bytes: Buffer } | { readonly because: string };

/**
 * Takes the one `*.mmdb` out of a `.tar.gz`, in memory: no name in the archive ever names a file of ours, and nothing
 * grows beyond `mostBytes`, whatever the archive says of itself.
 */
export async function unpackDatabase(archive: Buffer, mostBytes: number): Promise<Unpacked> {
  const found: { name: string; chunks: Buffer[] }[] = [];
  let damage: string | undefined;
  const tar = new Parser({ strict: true, onReadEntry: take });
  tar.on('error', () => {
    damage ??= 'it is no sound tar archive';
  });
  const ended = new Promise<void>((resolve) => tar.on('end', resolve).on('error', resolve));

  const unpacking = createGunzip();
  unpacking.end(archive);
  let unpacked = 0;
  try {
    for await (const chunk of unpacking as AsyncIterable<Buffer>) {
      if (unpacked === 0 && chunk.readUInt8(0) === GZIP_MAGIC) damage = 'it is packed twice';
      unpacked += chunk.length;
      if (unpacked > mostBytes) damage = `it unpacks to more than ${mostBytes} bytes`;
      if (damage === undefined) tar.write(chunk);
      // Leaving the loop ends the unpacking.
      if (damage !== undefined) return { because: damage };
    }
  } catch {
    return { because: 'it is no sound gzip file, or is cut off' };
  }
  tar.end();
  await ended;
  if (damage !== undefined) return { because: damage };
  const [first, ...others] = found;
  if (first === undefined) return { because: 'it holds no *.mmdb' };
  if (others.length > 0) return { because: 'it holds several *.mmdb' };
  return { name: first.name, bytes: Buffer.concat(first.chunks) };

  /** What is not wanted is read over. */
  function take(entry: ReadEntry): void {
    const name = entry.path.split('/').at(-1) ?? '';
    if (entry.type !== 'File' || !name.endsWith('.mmdb')) {
      entry.resume();
      return;
    }
    const chunks: Buffer[] = [];
    found.push({ name, chunks });
    entry.on('data', (chunk) => chunks.push(chunk));
  }
}

/** The first of the two bytes by which a gzip file begins (RFC 1952 section 2.3.1); no name in a tar begins so. */
const GZIP_MAGIC = 0x1f;
