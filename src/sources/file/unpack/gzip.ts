import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArchiveDamage } from './damage.ts';

const OUTPUT_BYTES = 256 * 1024;

/** RFC 1952. Like gzip(1), whatever stands behind the last member and is no member is ignored. */
export async function* unpackGzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  // The reader of the result meets the error as well; here it would only be told a second time.
  pipeline(Readable.from(packed, { objectMode: true, highWaterMark: 1 }), gunzip, () => {});
  try {
    for await (const bytes of gunzip) yield bytes;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // zlib has no more to read but is not at the end: Z_BUF_ERROR.
    throw code.startsWith('Z_') ? new ArchiveDamage(code === 'Z_BUF_ERROR', { cause: error }) : error;
  }
}
