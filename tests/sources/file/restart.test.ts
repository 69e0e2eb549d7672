import { appendFile, readdir, readlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fileKey } from '../../../src/sources/file/position.ts';
import { scratch, tailByHand } from './by-hand.ts';

test('a batch that was not committed is read again, exactly the same', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo\nthree\n');
  const tail = tailByHand(log);
  await tail.step({ maxLines: 1 });
  const lost = await tail.read({ maxLines: 1 });
  expect(lost.lines.map(({ text }) => text)).toEqual(['two']);
  await tail.crash();
  expect(await tail.read({ maxLines: 1 })).toEqual(lost);
});

test('after a restart the tail goes on behind the last committed line', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await tail.crash();
  await appendFile(log, ' and more\nthree\n');
  expect(await tail.untilIdle()).toEqual(['two and more', 'three']);
});

test('nothing changes hands when nothing was written', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, 'one\n');
  const tail = tailByHand(`${dir}/access.log`);
  await tail.untilIdle();
  expect(await tail.read()).toEqual({ lines: [], positions: [], forgotten: [], events: [], idle: true });
});

test('a position grows with its file: prefix of whole lines up to 1024 bytes, offset to the last line end', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntw');
  const tail = tailByHand(log);
  await tail.untilIdle();
  // printf 'one\n' | sha256sum
  expect([...tail.committed.values()]).toMatchObject([
    {
      source: 'proxy',
      path: log,
      prefixBytes: 4,
      prefixSha256: '2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806',
      contentId: '7692c3ad3540bb80',
      offset: 4,
      rotated: false,
    },
  ]);
  await appendFile(log, `o\n${'x'.repeat(2_000)}\n`);
  await tail.untilIdle();
  expect([...tail.committed.values()]).toMatchObject([{ prefixBytes: 1024, offset: 2_009 }]);
});

test('a file with the inode of another one, and another beginning, is a new file', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'two\n');
  const other = tailByHand(log);
  await other.untilIdle();
  const [position] = other.committed.values();
  if (position === undefined) throw new Error('no position was committed');
  const tail = tailByHand(log, { start: 'end' });
  const reused = { ...position, path: `${log}.1`, prefixBytes: 3, prefixSha256: 'b'.repeat(64), rotated: true };
  tail.commit({ lines: [], positions: [reused], forgotten: [], events: [], idle: true });
  await tail.crash();
  expect(await tail.untilIdle()).toEqual(['two']);
  expect(tail.committed.get(fileKey(position))).toEqual(position);
});

test('a device that is numbered anew does not make the tail begin again', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  const [position] = tail.committed.values();
  if (position === undefined) throw new Error('no position was committed');
  tail.committed.clear();
  const renumbered = { ...position, device: '99999' };
  tail.committed.set(fileKey(renumbered), renumbered);
  await tail.crash();
  await appendFile(log, 'two\n');
  expect(await tail.untilIdle()).toEqual(['two']);
  expect([...tail.committed.keys()]).toEqual([fileKey(position)]);
  expect(tail.events).toEqual([]);
});

test('more files than may be open are followed all the same', async () => {
  const dir = await scratch();
  const names = Array.from({ length: 2_100 }, (_, index) => `${dir}/${index}.log`);
  for (const name of names) await writeFile(name, `${name} 1\n`);
  const tail = tailByHand(`${dir}/*.log`);
  await tail.untilIdle();
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((it) => readlink(`/proc/self/fd/${it}`).catch(() => '')),
  );
  expect(links.filter((it) => it.startsWith(dir))).toHaveLength(2_048);
  for (const name of names) await appendFile(name, `${name} 2\n`);
  await tail.untilIdle();
  expect([...tail.texts].sort()).toEqual(names.flatMap((it) => [`${it} 1`, `${it} 2`]).sort());
});
