import type { Compression } from '../compression.ts';
import { unpackBzip2 } from './bzip2.ts';
import { unpackGzip } from './gzip.ts';
import { unpackXz } from './xz.ts';
import { unpackZstd } from './zstd.ts';

/**
 * Packed bytes as a file holds them, in pieces of any size, become what was packed. Pulled: nothing is unpacked before it
 * is asked for, and what is held is bounded by the format's window or block. Several members, streams or frames after one
 * another are one content, as the tools that made them read it.
 *
 * Throws ArchiveDamage, after all that could be unpacked; and whatever `packed` throws.
 */
export type Unpack = (packed: AsyncIterable<Buffer>) => AsyncGenerator<Buffer, void, undefined>;

const UNPACK: Readonly<Record<Compression, Unpack>> = {
  gzip: unpackGzip,
  xz: unpackXz,
  zstd: unpackZstd,
  bzip2: unpackBzip2,
};

/** With no compression, the bytes as they are. */
export function unpack(packed: AsyncIterable<Buffer>, compression: Compression | undefined): AsyncIterable<Buffer> {
  return compression === undefined ? packed : UNPACK[compression](packed);
}
