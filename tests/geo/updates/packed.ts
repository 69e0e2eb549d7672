import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { writeMmdb } from '../mmdb-writer.ts';

export interface TarEntry {
  readonly name: string;
  readonly bytes: Buffer;
  /** Size that the header tells, where it lies. */
  readonly claimed?: number;
}

/** A tar archive in the ustar format (POSIX.1-1988): a header of 512 bytes a file, its bytes padded to 512, two blocks of zeros. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, bytes, claimed = bytes.length }) => [
    header(name, claimed),
    bytes,
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100, 'latin1');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A database of one network, as it comes out of a build of that day. */
export function database(edition: string, built: string, country = 'US'): Buffer {
  const record = { country: { iso_code: country } };
  return writeMmdb({ '198.51.100.0/24': record }, { databaseType: edition, built: `${built}T00:00:00Z` });
}

/** As MaxMind packs it: a directory with the date, the licence, the database. */
export function packed(edition: string, built: string, country?: string): Buffer {
  const folder = `${edition}_${built.replaceAll('-', '')}`;
  return packedBytes(folder, edition, database(edition, built, country));
}

export function packedBytes(folder: string, edition: string, bytes: Buffer): Buffer {
  return gzipSync(
    tarOf([
      { name: `${folder}/LICENSE.txt`, bytes: Buffer.from('as is\n') },
      { name: `${folder}/${edition}.mmdb`, bytes },
    ]),
  );
}

/** As sha256sum prints it. */
export function sha256Line(bytes: Buffer, name: string): string {
  return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
}
