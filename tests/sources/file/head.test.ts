import { appendFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readArchive } from '../../../src/sources/file/archive.ts';
import { encodingOf } from '../../../src/sources/file/encoding.ts';
import { fileHead } from '../../../src/sources/file/head.ts';
import { scratch, tailByHand } from './by-hand.ts';

const IIS = '#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time c-ip\r\n';
const VPC_FLOW = 'version account-id interface-id srcaddr dstaddr\n';

const headOf = (text: string, max = 100, last = false) =>
  fileHead(Buffer.from(text), { encoding: 'utf-8', maxLineBytes: max, last });

test('a first line like all others names its file by itself', () => {
  // printf 'one 1' | sha256sum
  const head = { contentId: 'a16fbedb291b7303', headerBytes: 0 };
  expect(headOf('one 1\r\n')).toEqual(head);
  expect(headOf('one 1\ntwo\n')).toEqual(head);
  expect(headOf('one 1')).toBeUndefined();
  expect(headOf('one 1', 100, true)).toEqual(head);
});

test('a first line over the limit names its file by the part that is kept', () => {
  const head = { contentId: 'a16fbedb291b7303', headerBytes: 0 };
  expect(headOf('one 1 and more', 5)).toEqual(head);
  expect(headOf('one 1 and more\n', 5)).toEqual(head);
  expect(headOf('one 1', 5)).toBeUndefined();
});

test.each([
  ['directives', IIS],
  ['a row of column names', VPC_FLOW],
])('%s, which every file begins with, name it together with the line behind them', (_, header) => {
  expect(headOf(header)).toBeUndefined();
  const [monday, tuesday] = [headOf(`${header}2026-11-23 1\n`), headOf(`${header}2026-11-24 1\n`)];
  expect(monday?.headerBytes).toBe(header.length);
  expect(monday?.contentId).not.toBe(tuesday?.contentId);
  expect(headOf(header, 100, true)?.headerBytes).toBe(header.length);
});

test('a header that never ends is one up to 16 KiB', () => {
  const comments = `#${'x'.repeat(98)}\n`.repeat(200);
  expect(headOf(comments)).toMatchObject({ headerBytes: 16_300 });
});

test.each([
  ['UTF-8', (text: string) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
])('a header behind a byte order mark of %s is one, and the same packed', async (_, encoded) => {
  const directory = await scratch();
  const names = new Set<string>();
  for (const day of ['2026-11-23', '2026-11-24']) {
    const bytes = encoded(`${IIS}${day} 04:04:56 10.1.2.3\r\n`);
    const log = `${directory}/${day}.log`;
    await writeFile(log, bytes);
    await writeFile(`${log}.gz`, gzipSync(bytes));
    const headerBytes = encoded(IIS).length;
    const encoding = encodingOf(bytes);
    expect(fileHead(bytes, { encoding, maxLineBytes: 1_000, last: false })?.headerBytes).toBe(headerBytes);
    for (const path of [log, `${log}.gz`]) {
      for await (const { lines } of readArchive(path, 's')) {
        expect(lines.map(({ text }) => text)).toEqual([...IIS.split('\r\n').slice(0, 2), `${day} 04:04:56 10.1.2.3`]);
        for (const { place } of lines) names.add(place.file);
      }
    }
    const tail = tailByHand(log, { start: 'end' });
    expect(await tail.untilIdle()).toEqual(IIS.split('\r\n').slice(0, 2));
    await appendFile(log, encoded('2026-11-24 04:04:57 10.1.2.4\r\n').subarray(encoded('').length));
    expect(await tail.untilIdle()).toEqual(['2026-11-24 04:04:57 10.1.2.4']);
  }
  expect(names.size).toBe(2);
});

test('the lines of a header wait for the first line behind it, and nothing is lost', async () => {
  const log = `${await scratch()}/u_ex261124.log`;
  await writeFile(log, IIS);
  const tail = tailByHand(log);
  expect(await tail.untilIdle()).toEqual([]);
  await tail.crash();
  await appendFile(log, '2026-11-24 04:04:56 10.1.2.3\r\n');
  expect(await tail.untilIdle()).toEqual([...IIS.split('\r\n').slice(0, 2), '2026-11-24 04:04:56 10.1.2.3']);
});

test('a file that is read from its end on shows its header all the same', async () => {
  const log = `${await scratch()}/u_ex261124.log`;
  await writeFile(log, `${IIS}2026-11-24 04:04:56 10.1.2.3\r\n`);
  const tail = tailByHand(log, { start: 'end' });
  expect(await tail.untilIdle()).toEqual(IIS.split('\r\n').slice(0, 2));
  await appendFile(log, '2026-11-24 04:04:57 10.1.2.4\r\n');
  expect(await tail.untilIdle()).toEqual(['2026-11-24 04:04:57 10.1.2.4']);
});
