import xz from 'xz-decompress';
import { ArchiveDamage } from './damage.ts';

/**
 * XZ Embedded as WebAssembly, as xz-decompress holds it. Its stream is not used: one waits while any other is open, and
 * ours stay open between two reads. What is used instead is its own affair: hence the exact version in package.json.
 */
interface XzEmbedded {
  readonly memory: { readonly buffer: ArrayBuffer };
  create_context(): number;
  destroy_context(context: number): void;
  supply_input(context: number, bytes: number): void;
  get_next_output(context: number): number;
}
interface XzPackage {
  _moduleInstance?: { readonly exports: XzEmbedded };
  _getModuleInstance(): Promise<void>;
}

/** Where a context keeps its numbers: 32-bit words from its address on. */
const BUFFER_BYTES = 0;
const INPUT_AT = 1;
const INPUT_USED = 2;
const OUTPUT_AT = 4;
const OUTPUT_FILLED = 5;

/** `enum xz_ret` of XZ Embedded's xz.h. */
const OK = 0;
const STREAM_END = 1;
const NO_PROGRESS = 8;

/** The .xz file format 1.1, section 2: streams, and between them padding in units of four NUL bytes. `--check=sha256` is not known to it. */
export async function* unpackXz(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const stream = new XzStream(await xzEmbedded());
  try {
    for await (const bytes of packed) {
      for (let at = 0; at < bytes.length; at += stream.bufferBytes) {
        yield* stream.unpack(bytes.subarray(at, at + stream.bufferBytes));
      }
    }
    yield* stream.unpack(NOTHING_MORE);
  } finally {
    stream.close();
  }
}

const NOTHING_MORE = Buffer.alloc(0);

async function xzEmbedded(): Promise<XzEmbedded> {
  const { XzReadableStream } = xz as unknown as { XzReadableStream: XzPackage };
  if (XzReadableStream._moduleInstance === undefined) await XzReadableStream._getModuleInstance();
  const instance = XzReadableStream._moduleInstance;
  if (instance === undefined) throw new Error('xz-decompress has no module');
  return instance.exports;
}

/** One file. Its streams are told apart inside. */
class XzStream {
  readonly #embedded: XzEmbedded;
  readonly #context: number;
  /** Bytes that it takes, and gives, at a time. */
  readonly bufferBytes: number;

  constructor(embedded: XzEmbedded) {
    this.#embedded = embedded;
    this.#context = embedded.create_context();
    this.bufferBytes = this.#word(BUFFER_BYTES);
  }

  /** @param packed no bytes at all say that the file is at its end. */
  *unpack(packed: Buffer): Generator<Buffer, void, undefined> {
    new Uint8Array(this.#embedded.memory.buffer).set(packed, this.#word(INPUT_AT));
    this.#embedded.supply_input(this.#context, packed.length);
    for (;;) {
      const code = this.#embedded.get_next_output(this.#context);
      const output = this.#takeOutput();
      if (output.length > 0) yield output;
      if (code === STREAM_END) return;
      if (code === NO_PROGRESS && packed.length === 0) throw new ArchiveDamage(true);
      if (code !== OK) throw new ArchiveDamage(false);
      const isUsedUp = this.#word(INPUT_USED) === packed.length && output.length < this.bufferBytes;
      if (isUsedUp && packed.length > 0) return;
    }
  }

  close(): void {
    this.#embedded.destroy_context(this.#context);
  }

  #takeOutput(): Buffer {
    const start = this.#word(OUTPUT_AT);
    const output = Buffer.from(this.#embedded.memory.buffer.slice(start, start + this.#word(OUTPUT_FILLED)));
    this.#words()[OUTPUT_FILLED] = 0;
    return output;
  }

  #word(index: number): number {
    return this.#words()[index] ?? 0;
  }

  /** Made anew each time: the memory moves when it grows. */
  #words(): Uint32Array {
    return new Uint32Array(this.#embedded.memory.buffer, this.#context, OUTPUT_FILLED + 1);
  }
}
