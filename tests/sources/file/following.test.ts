import { appendFile, mkdir, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scratch, tailByHand } from './by-hand.ts';

test('a log that does not exist yet is waited for, its directory as well, and read from its beginning', async () => {
  const dir = await scratch();
  const tail = tailByHand(`${dir}/squid/access.log`, { start: 'end' });
  expect(await tail.untilIdle()).toEqual([]);
  await mkdir(`${dir}/squid`);
  expect(await tail.untilIdle()).toEqual([]);
  await writeFile(`${dir}/squid/access.log`, 'one\ntwo\n');
  expect(await tail.untilIdle()).toEqual(['one', 'two']);
  expect(tail.events).toEqual([]);
});

test('start: end passes over the complete lines that were there and reads the one being written whole', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, 'old\nhal');
  const tail = tailByHand(`${dir}/access.log`, { start: 'end' });
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(`${dir}/access.log`, 'f\nnew\n');
  await tail.crash();
  expect(await tail.untilIdle()).toEqual(['half', 'new']);
  // printf old | sha256sum, although that line was never read.
  expect(tail.lines[0]?.place).toEqual({ file: 'cba06b5736faf67e', offset: 4, bytes: 5 });
});

test('start: end looks for the last line end further back than one block', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, `old\n${'x'.repeat(150_000)}`);
  const tail = tailByHand(`${dir}/access.log`, { start: 'end' });
  await tail.untilIdle();
  await appendFile(`${dir}/access.log`, '\nnew\n');
  expect((await tail.untilIdle()).map((it) => it.length)).toEqual([150_000, 3]);
});

test('start: end hands on nothing of a line that is over the limit already', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, `old\n${'x'.repeat(150_000)}`);
  const tail = tailByHand(`${dir}/access.log`, { start: 'end', maxLineBytes: 1_000 });
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(`${dir}/access.log`, 'rest\nnew\n');
  expect(await tail.untilIdle()).toEqual(['new']);
});

test('start: end is for the first sight only: after an empty commit, files that appear are read whole', async () => {
  const dir = await scratch();
  const tail = tailByHand(`${dir}/*.log`, { start: 'end' });
  await tail.untilIdle();
  await writeFile(`${dir}/access.log`, 'one\n');
  await tail.crash();
  expect(await tail.untilIdle()).toEqual(['one']);
});

test('a first sight that was not committed is a first sight again', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, 'old\n');
  const tail = tailByHand(`${dir}/access.log`, { start: 'end' });
  await tail.read();
  await tail.crash();
  await appendFile(`${dir}/access.log`, 'between\n');
  expect(await tail.untilIdle()).toEqual([]);
});

test('a glob follows files as they come and go, and leaves compressed and hidden ones alone', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/a.log`, 'a1\n');
  await writeFile(`${dir}/b.txt`, 'no\n');
  await writeFile(`${dir}/.c.log`, 'no\n');
  const tail = tailByHand(`${dir}/*.log*`);
  expect(await tail.untilIdle()).toEqual(['a1']);
  await writeFile(`${dir}/b.log`, 'b1\n');
  await writeFile(`${dir}/old.log.gz`, 'no\n');
  await writeFile(`${dir}/zipped.log`, Buffer.from('1f8b0800000000000003', 'hex'));
  await appendFile(`${dir}/a.log`, 'a2\n');
  expect([...(await tail.untilIdle())].sort()).toEqual(['a2', 'b1']);
  await unlink(`${dir}/a.log`);
  await appendFile(`${dir}/b.log`, 'b2\n');
  expect(await tail.untilIdle()).toEqual(['b2']);
});

test('two logs that begin with the same banner are both read', async () => {
  const dir = await scratch();
  const banner = '#Software: a product with a long banner\n'.repeat(50);
  await writeFile(`${dir}/a.log`, `${banner}a\n`);
  await writeFile(`${dir}/b.log`, `${banner}b\n`);
  const tail = tailByHand(`${dir}/*.log`);
  expect((await tail.untilIdle()).filter((it) => it.length === 1)).toEqual(['a', 'b']);
});

test('a path that two patterns match is read once', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, 'one\n');
  const tail = tailByHand([`${dir}/access.log`, `${dir}/*.log`]);
  expect(await tail.untilIdle()).toEqual(['one']);
});

test('positions of files that the configuration no longer names are left alone', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/a.log`, 'a1\n');
  const before = tailByHand(`${dir}/a.log`);
  await before.untilIdle();
  const after = tailByHand(`${dir}/b.log`);
  for (const [key, position] of before.committed) after.committed.set(key, position);
  await after.crash();
  await appendFile(`${dir}/a.log`, 'a2\n');
  expect(await after.untilIdle()).toEqual([]);
  expect([...after.committed.keys()]).toEqual([...before.committed.keys()]);
});

test('an unreadable path is told once, and read as soon as it can be', async () => {
  const dir = await scratch();
  await symlink('access.log', `${dir}/access.log`);
  const tail = tailByHand(`${dir}/access.log`);
  await tail.untilIdle();
  await tail.untilIdle();
  expect(tail.events).toEqual([{ kind: 'unreadable', source: 'proxy', path: `${dir}/access.log`, code: 'ELOOP' }]);
  await rm(`${dir}/access.log`);
  await writeFile(`${dir}/access.log`, 'one\n');
  expect(await tail.untilIdle()).toEqual(['one']);
});

test('what was unreadable and is read again is told, and what is gone is not', async () => {
  const dir = await scratch();
  for (const name of ['a.log', 'b.log']) await symlink(name, `${dir}/${name}`);
  const tail = tailByHand(`${dir}/*.log`);
  await tail.untilIdle();
  expect(tail.events.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable']);
  await rm(`${dir}/a.log`);
  await rm(`${dir}/b.log`);
  await writeFile(`${dir}/a.log`, 'one\n');
  await tail.untilIdle();
  await tail.untilIdle();
  expect(tail.events.slice(2)).toEqual([{ kind: 'readable', source: 'proxy', path: `${dir}/a.log` }]);
});

test('a log that becomes unreadable for a while is resumed, not read again', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/squid`);
  await writeFile(`${dir}/squid/access.log`, 'one\n');
  const tail = tailByHand(`${dir}/mount/access.log`);
  await symlink('squid', `${dir}/mount`);
  await tail.untilIdle();
  await tail.crash();
  await rm(`${dir}/mount`);
  await writeFile(`${dir}/mount`, 'no directory');
  await tail.untilIdle();
  expect(tail.events).toEqual([{ kind: 'unreadable', source: 'proxy', path: `${dir}/mount`, code: 'ENOTDIR' }]);
  await rm(`${dir}/mount`);
  await tail.untilIdle();
  await appendFile(`${dir}/squid/access.log`, 'two\n');
  await symlink('squid', `${dir}/mount`);
  expect(await tail.untilIdle()).toEqual(['two']);
  expect(tail.events.at(-1)).toEqual({ kind: 'readable', source: 'proxy', path: `${dir}/mount` });
});

test('the last line waits for its end, however often it is looked at', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, 'one\ntw');
  const tail = tailByHand(`${dir}/access.log`);
  expect(await tail.untilIdle()).toEqual(['one']);
  expect(await tail.untilIdle({ endsAtIdle: true })).toEqual([]);
  await appendFile(`${dir}/access.log`, 'o');
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(`${dir}/access.log`, '\n');
  expect(await tail.untilIdle()).toEqual(['two']);
});

test('limits hold, and a read that ends at one is not idle', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, 'one\ntwo\nthree\nfour\n');
  const tail = tailByHand(`${dir}/access.log`);
  const byLines = await tail.read({ maxLines: 1 });
  expect(byLines.lines.map(({ text }) => text)).toEqual(['one']);
  expect(byLines.idle).toBe(false);
  const byBytes = await tail.read({ maxBytes: 5 });
  expect(byBytes.lines.map(({ text }) => text)).toEqual(['two', 'three']);
  const rest = await tail.read();
  expect(rest.lines.map(({ text }) => text)).toEqual(['four']);
  expect(rest.idle).toBe(true);
});
