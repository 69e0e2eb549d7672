import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Compression, compressionOf } from '../../../src/sources/file/compression.ts';
import { ArchiveDamage } from '../../../src/sources/file/unpack/damage.ts';
import { unpack } from '../../../src/sources/file/unpack/unpack.ts';
import { COMPRESSIONS, packerFor } from './packers.ts';

interface Unpacked {
  readonly text: string;
  /** `cut short` or `damaged`. */
  readonly damage?: string;
}

/** `piece`: bytes that are handed over at a time. */
async function unpacked(packed: Buffer, compression: Compression, piece = 64 * 1024): Promise<Unpacked> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < packed.length; at += piece) yield packed.subarray(at, at + piece);
  }
  const parts: Buffer[] = [];
  try {
    for await (const bytes of unpack(pieces(), compression)) parts.push(bytes);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    return { text: Buffer.concat(parts).toString(), damage: error.cutShort ? 'cut short' : 'damaged' };
  }
  return { text: Buffer.concat(parts).toString() };
}

const LOG = Array.from(
  { length: 20_000 },
  (_, index) => `${index} é GET http://site-${(index * 7919) % 977}.example/\n`,
).join('');

describe.each(COMPRESSIONS)('%s', (compression) => {
  const pack = packerFor(compression);
  const withTool = test.skipIf(pack === undefined);
  const packed = (text: string, ...options: string[]) => pack?.(Buffer.from(text), ...options) ?? Buffer.alloc(0);
  let whole: Buffer | undefined;
  const packedLog = () => (whole ??= packed(LOG, '-1'));

  withTool('what the real tool packed is unpacked, and told by its first bytes', async () => {
    const log = packedLog();
    expect(compressionOf(log)).toBe(compression);
    expect((await unpacked(log, compression)).text === LOG).toBe(true);
    expect(await unpacked(packed(''), compression)).toEqual({ text: '' });
  });

  withTool('it is the same in pieces of any size', async () => {
    const text = LOG.slice(0, 5_000);
    const log = packed(text);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 600 }), async (piece) => {
        expect(await unpacked(log, compression, piece)).toEqual({ text });
      }),
      { numRuns: 20 },
    );
  });

  withTool('several in one file are one content, an empty one among them', async () => {
    const parts = [packed('one\ntw'), packed(''), packed('o\n'), packed('three')];
    expect(await unpacked(Buffer.concat(parts), compression)).toEqual({ text: 'one\ntwo\nthree' });
    expect(await unpacked(Buffer.concat(parts), compression, 7)).toEqual({ text: 'one\ntwo\nthree' });
  });

  withTool('one that is cut short gives what is whole of it, wherever it was cut', async () => {
    const log = packedLog();
    for (const share of [0.2, 0.5, 0.9]) {
      const { text, damage } = await unpacked(log.subarray(0, Math.floor(log.length * share)), compression);
      expect(damage).toBe('cut short');
      expect(LOG.startsWith(text)).toBe(true);
    }
    expect((await unpacked(log.subarray(0, log.length - 2), compression)).damage).toBe('cut short');
  });

  // fzstd verifies no checksums: it sees damage only where the data makes no sense.
  const withChecksums = test.skipIf(pack === undefined || compression === 'zstd');
  withChecksums('one that was changed in the middle is damaged', async () => {
    const log = Buffer.from(packedLog());
    const middle = Math.floor(log.length / 2);
    log.fill(0xff, middle, middle + 64);
    expect((await unpacked(log, compression)).damage).toBeDefined();
  });
});

test.skipIf(packerFor('xz') === undefined)(
  'padding between xz streams is passed over, and so is a missing check',
  async () => {
    const pack = packerFor('xz');
    const one = pack?.(Buffer.from('one\n'), '--check=crc32') ?? Buffer.alloc(0);
    const two = pack?.(Buffer.from('two\n'), '--check=crc64', '-9') ?? Buffer.alloc(0);
    const none = pack?.(Buffer.from('three\n'), '--check=none') ?? Buffer.alloc(0);
    const file = Buffer.concat([one, Buffer.alloc(8), two, none, Buffer.alloc(4)]);
    expect(await unpacked(file, 'xz')).toEqual({ text: 'one\ntwo\nthree\n' });
  },
);

test.skipIf(packerFor('zstd') === undefined)('zstd with a checksum, a long window and a skippable frame', async () => {
  const pack = packerFor('zstd');
  const one = pack?.(Buffer.from('one\n'), '--check', '--long=27') ?? Buffer.alloc(0);
  const two = pack?.(Buffer.from('two\n'), '--no-check', '-19') ?? Buffer.alloc(0);
  // RFC 8878, 3.1.2: magic 0x184D2A50 to 0x184D2A5F, four bytes of length, little endian.
  const skippable = Buffer.from('502a4d180300000061626300', 'hex').subarray(0, 11);
  expect(await unpacked(Buffer.concat([one, skippable, two]), 'zstd')).toEqual({ text: 'one\ntwo\n' });
});

test('a zstd window that would take more memory than zstd itself allows is refused', async () => {
  // RFC 8878, 3.1.1.1: magic, a descriptor that asks for nothing, and a window of 2^(10 + 18) bytes.
  const frame = Buffer.concat([Buffer.from('28b52ffd0090', 'hex'), Buffer.alloc(20)]);
  expect(await unpacked(frame, 'zstd')).toEqual({ text: '', damage: 'damaged' });
});

test.skipIf(packerFor('bzip2') === undefined)('a bzip2 block that unpacks to fifty times its size', async () => {
  const text = 'x'.repeat(20_000_000);
  const packed = packerFor('bzip2')?.(Buffer.from(text)) ?? Buffer.alloc(0);
  expect((await unpacked(packed, 'bzip2')).text === text).toBe(true);
});

test('garbage behind the end: gzip and bzip2 pass over it as their tools do', async () => {
  const garbage = Buffer.from('\0\0 and then some');
  expect(await unpacked(Buffer.concat([gzipSync('one\n'), garbage]), 'gzip')).toEqual({ text: 'one\n' });
});

for (const [compression, damage] of [
  ['bzip2', undefined],
  ['xz', 'damaged'],
  ['zstd', 'damaged'],
] as const) {
  test.skipIf(packerFor(compression) === undefined)(
    `garbage behind the end of ${compression} loses nothing before it`,
    async () => {
      const one = packerFor(compression)?.(Buffer.from('one\n')) ?? Buffer.alloc(0);
      const { text, ...rest } = await unpacked(Buffer.concat([one, Buffer.from('and then some more')]), compression);
      expect(text).toBe('one\n');
      expect(rest).toEqual(damage === undefined ? {} : { damage });
    },
  );
}
