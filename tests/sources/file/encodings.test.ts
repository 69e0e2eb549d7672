import { appendFile, rename, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readArchive } from '../../../src/sources/file/archive.ts';
import { scratch, tailByHand } from './by-hand.ts';

function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

test.each(['le', 'be'] as const)('UTF-16 %s with a byte order mark is read by 16-bit units', async (order) => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  // U+0A0D and U+0D0A have the bytes of CR and LF, U+020A one of them: none ends a line.
  const text = '\ufeffone \u0a0d\u0d0a\r\ntwo \u020a😀\nhal';
  await writeFile(log, utf16(text, order));
  const tail = tailByHand(log);
  expect(await tail.untilIdle({ maxLines: 1 })).toEqual(['one \u0a0d\u0d0a', 'two \u020a😀']);
  // Offsets count bytes, the mark among them: 9 units, then 8.
  expect(tail.lines.map(({ place }) => [place.offset, place.bytes])).toEqual([
    [0, 18],
    [18, 16],
  ]);
  await tail.crash();
  // The first byte of a character, then the rest.
  await appendFile(log, utf16('f', order).subarray(0, 1));
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(log, Buffer.concat([utf16('f', order).subarray(1), utf16('\nlast', order)]));
  expect(await tail.untilIdle()).toEqual(['half']);
  await rename(log, `${log}.1`);
  await writeFile(log, '');
  expect(await tail.untilIdle({ endsAtIdle: true })).toEqual(['last']);

  await writeFile(`${dir}/a.gz`, gzipSync(utf16('\ufeffone\r\ntwo', order)));
  const read: string[] = [];
  for await (const { lines } of readArchive(`${dir}/a.gz`, 's')) read.push(...lines.map((it) => it.text));
  expect(read).toEqual(['one', 'two']);
});

test('start: end finds the last line end of UTF-16, and a cut line is resynchronised', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, utf16('\ufeffold\n\u0a00hal', 'le'));
  const tail = tailByHand(log, { start: 'end', maxLineBytes: 21 });
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(log, utf16(`f\n${'x'.repeat(30)}\nnext\n`, 'le'));
  expect(await tail.untilIdle()).toEqual(['\u0a00half', 'xxxxxxxxxx', 'next']);
  expect(tail.events).toMatchObject([{ kind: 'line-cut', keptBytes: 20 }]);
});

test('the byte order mark of UTF-8 is no part of the first line, and only of that', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, '\ufeffone\n\ufefftwo\n');
  const tail = tailByHand(`${dir}/access.log`);
  expect(await tail.untilIdle({ maxLines: 1 })).toEqual(['one', '\ufefftwo']);
  expect(tail.lines.map(({ place }) => place.offset)).toEqual([0, 7]);
});

test('a line that is no UTF-8 is Latin-1, and its neighbours are not; one that is cut within a character is still UTF-8', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(
    log,
    Buffer.concat([Buffer.from('café\n'), Buffer.from('café\n', 'latin1'), Buffer.from('ééééééé\n')]),
  );
  const tail = tailByHand(log, { maxLineBytes: 7 });
  expect(await tail.untilIdle()).toEqual(['café', 'café', 'ééé']);
});

test('UTF-16 lines do not depend on how much was written at a time', async () => {
  const dir = await scratch();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', '\u0a0a', '\u0d00', '\u000a', '\r\n'), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
      async (parts, sizes) => {
        const log = `${dir}/${run++}.log`;
        const all = utf16(`\ufeff${parts.join('')}\n`, 'le');
        await writeFile(log, '');
        const tail = tailByHand(log);
        let at = 0;
        for (const size of [...sizes, all.length]) {
          await appendFile(log, all.subarray(at, at + size));
          at += size;
          await tail.untilIdle();
          if (size % 2 === 0) await tail.crash();
        }
        await tail.close();
        const expected = `${parts.join('')}\n`.split('\n').slice(0, -1);
        expect(tail.texts).toEqual(expected.map((it) => it.replace(/\r$/, '')));
      },
    ),
    { numRuns: 30 },
  );
});
