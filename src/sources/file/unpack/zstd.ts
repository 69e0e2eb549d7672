import { Decompress } from 'fzstd';
import { ArchiveDamage } from './damage.ts';

/** What zstd(1) refuses as well, unless it is told otherwise: windows over 128 MiB (`--long=27`). */
const MOST_WINDOW_BYTES = 2 ** 27;
/** A piece is unpacked at one go, and log text is seldom packed to less than a hundredth. */
const PIECE_BYTES = 16 * 1024;
/** Of `ZstdErrorCode`. */
const UNEXPECTED_END = 5;

/** RFC 8878: frames, and skippable frames between them. Checksums of the content are not verified. */
export async function* unpackZstd(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const unpacked: Buffer[] = [];
  const decompress = new Decompress((data) => {
    if (data.length > 0) unpacked.push(Buffer.from(data.buffer, data.byteOffset, data.length));
  });
  let isFirst = true;
  for await (const bytes of packed) {
    if (isFirst && windowBytes(bytes) > MOST_WINDOW_BYTES) throw new ArchiveDamage(false);
    isFirst = false;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield* push(bytes.subarray(at, at + PIECE_BYTES), false);
  }
  yield* push(Buffer.alloc(0), true);

  /** Whatever the decoder throws comes from the data: it touches nothing else. What it made before is good. */
  function* push(bytes: Uint8Array, last: boolean): Generator<Buffer, void, undefined> {
    let damage: ArchiveDamage | undefined;
    try {
      decompress.push(bytes, last);
    } catch (cause) {
      const cutShort = cause instanceof Error && 'code' in cause && cause.code === UNEXPECTED_END;
      damage = new ArchiveDamage(cutShort, { cause });
    }
    yield* unpacked.splice(0);
    if (damage !== undefined) throw damage;
  }
}

/**
 * Memory that the first frame asks for; RFC 8878, section 3.1.1.1.2. A frame in a single segment has no window: its
 * content is then no longer than what its maker held at once.
 */
function windowBytes(frame: Buffer): number {
  const isSingleSegment = ((frame[4] ?? 0) & 0x20) !== 0;
  const descriptor = frame[5] ?? 0;
  if (isSingleSegment) return 0;
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
