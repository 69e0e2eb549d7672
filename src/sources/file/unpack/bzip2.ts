import { createRequire } from 'node:module';
import { ArchiveDamage } from './damage.ts';

/** The block decoder under unbzip2-stream. Its stream would hold each byte of a block as a number of its own. */
interface BlockDecoder {
  /** @returns hundreds of thousands of bytes in a block, 1 to 9. */
  header(bits: Bits): number;
  /** @returns the checksum so far; `null` at the end of the stream, which has one of its own. */
  decompress(bits: Bits, put: (byte: number) => void, block: Int32Array, size: number, checksum: number): number | null;
}
interface Bits {
  (count: number | null): number;
  readonly bytesRead: number;
}

const require = createRequire(import.meta.url);
const { header, decompress } = bound(require('unbzip2-stream/lib/bzip2.js') as BlockDecoder);
const bitsOf = require('unbzip2-stream/lib/bit_iterator.js') as (next: () => Uint8Array) => Bits;

/** More than a packed block takes up, which is 1 % and 600 bytes over its content at worst (bzip2(1)). */
const SLACK_BYTES = 25_000;
const BLOCK_UNIT = 100_000;
const HEADER_BYTES = 4;

/** bzip2 1.0 streams, one or more, all checksums verified. Like bzip2(1), what follows the last one and is none is ignored. */
export async function* unpackBzip2(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const input = new Input(packed);
  const bits = bitsOf(input.take);
  for (let streams = 0; await input.has(HEADER_BYTES - 1, bits.bytesRead); streams++) {
    await input.has(HEADER_BYTES, bits.bytesRead);
    const level = attempt(() => header(bits), streams === 0 ? undefined : 0);
    if (level === 0) return;
    const block = new Int32Array(BLOCK_UNIT * level);
    for (let checksum: number | null = 0; checksum !== null; ) {
      await input.has(SLACK_BYTES + BLOCK_UNIT * level, bits.bytesRead);
      const output = new Output();
      const before: number = checksum;
      checksum = attempt(() => decompress(bits, output.put, block, block.length, before));
      if (output.length > 0) yield output.bytes();
    }
  }
}

function bound(decoder: BlockDecoder): BlockDecoder {
  return { header: decoder.header.bind(decoder), decompress: decoder.decompress.bind(decoder) };
}

/** Whatever the decoder throws comes from the data. `otherwise`: what damage means instead. */
function attempt<T>(decode: () => T, otherwise?: T): T {
  try {
    return decode();
  } catch (cause) {
    if (otherwise !== undefined) return otherwise;
    throw cause instanceof ArchiveDamage ? cause : new ArchiveDamage(false, { cause });
  }
}

/** Packed bytes that were read and not yet decoded: about a block. */
class Input {
  readonly #packed: AsyncIterator<Buffer>;
  /** The decoder asks for its first bytes before there are any. */
  readonly #queue: Buffer[] = [Buffer.alloc(0)];
  #received = 0;
  #ended = false;

  constructor(packed: AsyncIterable<Buffer>) {
    this.#packed = packed[Symbol.asyncIterator]();
  }

  /** Reads until there are `bytes` more than were `used`. @returns false when there are none at all. */
  async has(bytes: number, used: number): Promise<boolean> {
    while (!this.#ended && this.#received - used < bytes) {
      const { done, value } = await this.#packed.next();
      if (done === true) this.#ended = true;
      else if (value.length > 0) {
        this.#queue.push(value);
        this.#received += value.length;
      }
    }
    return this.#received > used;
  }

  readonly take = (): Buffer => {
    const next = this.#queue.shift();
    if (next === undefined) throw new ArchiveDamage(true);
    return next;
  };
}

/** Grows with a block: what was run-length encoded unpacks to fifty times its size at most. */
class Output {
  #bytes = Buffer.allocUnsafeSlow(1024 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  readonly put = (byte: number): void => {
    if (this.#length === this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
      this.#bytes.copy(grown);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
  };

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
