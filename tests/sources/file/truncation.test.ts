import { appendFile, copyFile, open, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CHUNK_BYTES, readChunk } from '../../../src/sources/file/chunk.ts';
import { prefixOf } from '../../../src/sources/file/prefix.ts';
import { scratch, tailByHand } from './by-hand.ts';

async function copyAndTruncate(log: string, copy: string): Promise<void> {
  await copyFile(log, copy);
  await truncate(log);
}

test('a truncated log is finished from its copy, then read from its beginning', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await appendFile(log, 'two\nthree\n');
  await copyAndTruncate(log, `${log}.1`);
  await appendFile(log, 'four\n');
  expect(await tail.untilIdle({ maxLines: 1 })).toEqual(['two', 'three', 'four']);
  expect(tail.lines.map(({ path }) => path)).toEqual([log, `${log}.1`, `${log}.1`, log]);
  expect(tail.events).toEqual([{ kind: 'truncated', source: 'proxy', path: log, offset: 4, continuedIn: `${log}.1` }]);
});

test('a log that was truncated and has grown beyond what was read is known by its beginning', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await appendFile(log, 'two\n');
  await copyAndTruncate(log, `${log}.1`);
  await appendFile(log, 'three\nfour\nfive\n');
  expect(await tail.untilIdle()).toEqual(['two', 'three', 'four', 'five']);
});

test('the same holds after a restart, and when the new beginning is as long as the old file', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await tail.crash();
  await copyAndTruncate(log, `${log}-20261124`);
  await appendFile(log, 'two\n');
  expect(await tail.untilIdle()).toEqual(['two']);
});

test('a log that was copied and truncated more than once while nobody looked is read in the order written', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  await utimes(log, 1_000, 1_000);
  const tail = tailByHand(log);
  await tail.untilIdle();
  await tail.crash();
  await appendFile(log, 'two\n');
  await copyAndTruncate(log, `${log}.2`);
  await utimes(`${log}.2`, 2_000, 2_000);
  await appendFile(log, 'three\n');
  await copyAndTruncate(log, `${log}.1`);
  await utimes(`${log}.1`, 3_000, 3_000);
  await appendFile(log, 'four\n');
  expect(await tail.untilIdle()).toEqual(['two', 'three', 'four']);
});

test('a log that was empty when it was last seen does not hide a truncation', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, '');
  await utimes(log, 1_000, 1_000);
  const tail = tailByHand(log);
  await tail.untilIdle();
  await appendFile(log, 'one\n');
  await copyAndTruncate(log, `${log}.1`);
  expect(await tail.untilIdle()).toEqual(['one']);
});

test('without a copy the loss is told, and the log read from its beginning', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await truncate(log);
  await appendFile(log, 'new\n');
  expect(await tail.untilIdle()).toEqual(['new']);
  expect(tail.events).toEqual([{ kind: 'truncated', source: 'proxy', path: log, offset: 8 }]);
});

test('a log that was only shortened is known to be truncated although it begins as before', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, `${'x'.repeat(1_100)}\n${'y'.repeat(1_100)}\n`);
  const tail = tailByHand(log);
  await tail.untilIdle();
  await truncate(log, 1_101);
  await tail.untilIdle();
  expect(tail.events).toEqual([{ kind: 'truncated', source: 'proxy', path: log, offset: 2_202 }]);
});

test('a sibling that is shorter than what was read, or begins otherwise, is not taken for the copy', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await writeFile(`${log}.1`, 'one\n');
  await writeFile(`${log}.2`, 'other\nlines\n');
  await utimes(`${log}.2`, 1_000, 1_000);
  await truncate(log);
  await tail.untilIdle();
  expect(tail.events).toEqual([{ kind: 'truncated', source: 'proxy', path: log, offset: 8 }]);
});

test('a copy in the making is not read as a log of its own, even if the glob matches it', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo\n');
  const tail = tailByHand(`${log}*`);
  await tail.untilIdle();
  await writeFile(`${log}.1`, '');
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(`${log}.1`, 'one\nt');
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(`${log}.1`, 'wo\n');
  await truncate(log);
  await appendFile(log, 'three\n');
  expect(await tail.untilIdle()).toEqual(['three']);
  await rename(`${log}.1`, `${log}.2`);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
});

test('a copy that overwrites the last one, in the same inode, is recognised', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await copyAndTruncate(log, `${log}.1`);
  await appendFile(log, 'two\n');
  await tail.untilIdle();
  await appendFile(log, 'three\n');
  await copyAndTruncate(log, `${log}.1`);
  await appendFile(log, 'four\n');
  await tail.untilIdle();
  expect(tail.texts).toEqual(['one', 'two', 'three', 'four']);
});

test('what was read of a file that was truncated under the read is thrown away', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo\n');
  const file = await open(log);
  const position = {
    source: 'proxy',
    path: log,
    device: '1',
    inode: '1',
    ...prefixOf(Buffer.from('one\n')),
    contentId: '7692c3ad3540bb80',
    offset: 4,
    rotated: false,
    modifiedMs: 0,
  };
  const options = {
    path: log,
    seenStamp: '',
    maxLineBytes: 100,
    maxLines: 9,
    maxBytes: 1_000,
    isFinished: () => false,
  };
  const read = () => readChunk(file, position, Buffer.alloc(CHUNK_BYTES), options);
  expect(await read()).toMatchObject({
    kind: 'read',
    lines: [{ text: 'two' }],
    position: { offset: 8, prefixBytes: 8 },
  });
  await truncate(log);
  expect(await read()).toEqual({ kind: 'replaced' });
  await appendFile(log, 'three\nfour\n');
  expect(await read()).toEqual({ kind: 'replaced' });
  await file.close();
});

test('half a first line is no identity: a log that was truncated and begins with it again has rotated', async () => {
  const dir = await scratch();
  const log = `${dir}/auth.log`;
  await writeFile(log, 'Nov 24 0');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await appendFile(log, '4:11 first\nNov 24 04:12 second\n');
  await copyFile(log, `${log}.1`);
  await truncate(log);
  await appendFile(log, 'Nov 24 05:00 third\n');
  await tail.crash();
  await tail.untilIdle();
  expect(tail.texts).toEqual(['Nov 24 04:11 first', 'Nov 24 04:12 second', 'Nov 24 05:00 third']);
});

test('a file in which nothing can be recognised yet is not read when it has changed since it was looked at', async () => {
  const dir = await scratch();
  const log = `${dir}/auth.log`;
  await writeFile(log, 'Nov 24 04:11 first\n');
  const file = await open(log);
  const position = {
    source: 'proxy',
    path: log,
    device: '1',
    inode: '1',
    ...prefixOf(Buffer.from('Nov 24 0')),
    offset: 0,
    rotated: false,
    modifiedMs: 0,
  };
  const { size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  const readSeen = (seenStamp: string) =>
    readChunk(file, position, Buffer.alloc(CHUNK_BYTES), {
      path: log,
      seenStamp,
      maxLineBytes: 100,
      maxLines: 9,
      maxBytes: 1_000,
      isFinished: () => false,
    });
  expect(await readSeen('8 0 0')).toEqual({ kind: 'replaced' });
  expect(await readSeen(`${size} ${mtimeNs} ${ctimeNs}`)).toMatchObject({
    kind: 'read',
    lines: [{ text: 'Nov 24 04:11 first' }],
  });
  await file.close();
});
