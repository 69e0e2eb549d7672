import {
  appendFile,
  copyFile,
  mkdir,
  open,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scratch, tailByHand } from './by-hand.ts';

const NOON_MS = Date.UTC(2026, 10, 24, 12);

async function setAge(path: string, minutesAgo: number): Promise<void> {
  const at = (NOON_MS - minutesAgo * 60_000) / 1_000;
  await utimes(path, at, at);
}

test('a renamed file is read to its end before the new one is opened', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await appendFile(log, 'two\n');
  await rename(log, `${log}.1`);
  await writeFile(log, 'three\n');
  expect(await tail.step({ maxLines: 1 })).toEqual(['two']);
  expect(await tail.untilIdle()).toEqual(['three']);
  expect(tail.lines.map(({ path }) => path)).toEqual([log, `${log}.1`, log]);
});

test('a dated name is found as well, and the log may be created late', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await rename(log, `${log}-20261124`);
  await appendFile(`${log}-20261124`, 'two\n');
  expect(await tail.untilIdle()).toEqual(['two']);
  await appendFile(`${log}-20261124`, 'three\n');
  await tail.crash();
  expect(await tail.untilIdle()).toEqual(['three']);
  await writeFile(log, 'four\n');
  expect(await tail.untilIdle()).toEqual(['four']);
  expect(tail.events).toEqual([]);
});

test('a renamed file is watched while its writer still has it open', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  const writer = await open(log, 'a');
  await writer.write('one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await rename(log, `${log}.1`);
  await writeFile(log, 'new 1\n');
  expect(await tail.untilIdle()).toEqual(['new 1']);
  await writer.write('two\n');
  await appendFile(log, 'new 2\n');
  expect(await tail.untilIdle()).toEqual(['two', 'new 2']);
  await writer.close();
});

test('the unterminated last line of a renamed file is taken a minute after the rotation, if quiet, and only once', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  let nowMs = NOON_MS;
  await writeFile(log, 'one\ntwo');
  const tail = tailByHand(log, { nowMs: () => nowMs });
  await tail.untilIdle();
  await rename(log, `${log}.1`);
  await setAge(`${log}.1`, 0);
  nowMs = NOON_MS + 60_000;
  expect(await tail.untilIdle()).toEqual([]);
  await writeFile(log, '');
  expect(await tail.untilIdle()).toEqual([]);
  // Half a minute later the writer flushes its buffer.
  await appendFile(`${log}.1`, '!');
  await setAge(`${log}.1`, -1.5);
  nowMs = NOON_MS + 149_999;
  expect(await tail.untilIdle()).toEqual([]);
  nowMs = NOON_MS + 150_000;
  expect(await tail.untilIdle()).toEqual(['two!']);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
  expect(tail.lines[1]?.place).toEqual({ file: '7692c3ad3540bb80', offset: 4, bytes: 4 });
});

test('a run that ends when idle takes the last line of a renamed file at once', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await rename(log, `${log}.1`);
  await writeFile(log, 'three\nfour');
  expect(await tail.untilIdle()).toEqual(['three']);
  expect(await tail.untilIdle({ endsAtIdle: true })).toEqual(['two']);
});

test('a position of a rotated file stays until the file is gone', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  let nowMs = NOON_MS;
  const tail = tailByHand(log, { nowMs: () => nowMs });
  await tail.untilIdle();
  await rename(log, `${log}.1`);
  await setAge(`${log}.1`, 10);
  await writeFile(log, 'two\n');
  await tail.untilIdle();
  const rotated = () => [...tail.committed.values()].filter((it) => it.rotated).map(({ path }) => path);
  expect(rotated()).toEqual([`${log}.1`]);
  await rename(`${log}.1`, `${log}.2`);
  await tail.untilIdle();
  expect(rotated()).toEqual([`${log}.2`]);
  nowMs += 60_000;
  await tail.untilIdle();
  await unlink(`${log}.2`);
  await tail.untilIdle();
  expect(rotated()).toEqual([]);
  expect(tail.committed.size).toBe(1);
  expect(tail.texts).toEqual(['one', 'two']);
  expect(tail.events).toEqual([]);
});

test('a file that is renamed, compressed and deleted between two reads is finished all the same', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  let nowMs = NOON_MS;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log, { nowMs: () => nowMs });
  await tail.untilIdle();
  await appendFile(log, 'two\nthree');
  await setAge(log, 0);
  await rename(log, `${log}.1`);
  await writeFile(`${log}.1.gz`, 'not read');
  await unlink(`${log}.1`);
  await writeFile(log, 'new\n');
  expect(await tail.untilIdle()).toEqual(['two', 'new']);
  expect(tail.committed.size).toBe(2);
  nowMs += 60_000;
  expect(await tail.untilIdle()).toEqual(['three']);
  await tail.untilIdle();
  expect(tail.committed.size).toBe(1);
  expect(tail.events).toEqual([]);
});

test('a file that is moved to another directory is finished as well', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await appendFile(log, 'two\n');
  await mkdir(`${dir}/old`);
  await rename(log, `${dir}/old/access.log.1`);
  await writeFile(log, 'new\n');
  expect(await tail.untilIdle()).toEqual(['two', 'new']);
});

test('after two rotations while nobody looked, ours comes first, then the one between, and nothing older', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(`${log}.1`, 'ancient\n');
  await setAge(`${log}.1`, 600);
  await writeFile(log, 'one\n');
  await setAge(log, 300);
  const tail = tailByHand(log, { nowMs: () => NOON_MS });
  await tail.untilIdle();
  await tail.crash();
  await appendFile(log, 'two\n');
  await setAge(log, 200);
  await rename(`${log}.1`, `${log}.4`);
  await rename(log, `${log}.3`);
  await writeFile(`${log}.2`, 'three\n');
  await setAge(`${log}.2`, 150);
  await writeFile(`${log}.1`, 'four\n');
  await setAge(`${log}.1`, 100);
  await writeFile(`${log}.bak`, 'no rotation of ours\n');
  await writeFile(log, 'five\n');
  expect(await tail.untilIdle({ maxLines: 1 })).toEqual(['two', 'three', 'four', 'five']);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
});

test('when ours was compressed meanwhile, that is told and the later ones are still read', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  await setAge(log, 300);
  const tail = tailByHand(log, { nowMs: () => NOON_MS });
  await tail.untilIdle();
  await tail.crash();
  await writeFile(`${log}.2.gz`, 'not read');
  await unlink(log);
  await writeFile(`${log}.1`, 'three\n');
  await setAge(`${log}.1`, 100);
  await writeFile(log, 'four\n');
  const read = await tail.untilIdle();
  expect(read).toEqual(['three', 'four']);
  // The number of the deleted file may be given to a new one at once: then it looks truncated.
  expect(tail.events).toMatchObject([{ source: 'proxy', path: log, offset: 4 }]);
  expect(['vanished', 'truncated']).toContain(tail.events[0]?.kind);
});

test('a log that is deleted while nobody looked is told, forgotten, and its successor read from the beginning', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await tail.crash();
  await rm(log);
  await tail.untilIdle();
  expect(tail.events).toEqual([{ kind: 'vanished', source: 'proxy', path: log, offset: 4 }]);
  expect(tail.committed.size).toBe(0);
  await writeFile(log, 'two\n');
  expect(await tail.untilIdle()).toEqual(['two']);
});

test('a glob that matches the rotated names reads each file once', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(`${log}.1`, 'one\n');
  await setAge(`${log}.1`, 10);
  await writeFile(log, 'two\n');
  await setAge(log, 5);
  const tail = tailByHand(`${log}*`);
  expect(await tail.untilIdle()).toEqual(['one', 'two']);
  await rename(`${log}.1`, `${log}.2`);
  await rename(log, `${log}.1`);
  await writeFile(log, 'three\n');
  expect(await tail.untilIdle()).toEqual(['three']);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
});

test('a glob that matches the rotated names misses none that came and went while nobody looked', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(`${log}.1`, 'one\n');
  await setAge(`${log}.1`, 50);
  await writeFile(log, 'two\n');
  await setAge(log, 40);
  const tail = tailByHand(`${log}*`);
  await tail.untilIdle();
  await tail.crash();
  await rename(log, `${log}-20261123`);
  await writeFile(`${log}-20261124`, 'three\nfour');
  await setAge(`${log}-20261124`, 30);
  await writeFile(log, 'five\n');
  expect(await tail.untilIdle({ endsAtIdle: true })).toEqual(['three', 'four', 'five']);
});

test('a log that a symbolic link points to is followed to the next one', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/2026-11-23`, 'one\n');
  await symlink('2026-11-23', `${dir}/current`);
  const tail = tailByHand(`${dir}/current`);
  await tail.untilIdle();
  await appendFile(`${dir}/2026-11-23`, 'two\n');
  await writeFile(`${dir}/2026-11-24`, 'three\n');
  await rm(`${dir}/current`);
  await symlink('2026-11-24', `${dir}/current`);
  expect(await tail.untilIdle()).toEqual(['two', 'three']);
});

test('only the very last line of a renamed file may lack its end, however many chunks it takes', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, '');
  const tail = tailByHand(log);
  await tail.untilIdle();
  const lines = Array.from({ length: 50_000 }, (_, index) => `line number ${index}`);
  await writeFile(log, lines.join('\n'));
  await rename(log, `${log}.1`);
  await writeFile(log, '');
  expect(await tail.untilIdle({ endsAtIdle: true, maxLines: 100_000 })).toEqual(lines);
});

test('a log that is deleted while it is open, with no successor, is finished and forgotten', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  let nowMs = NOON_MS;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log, { nowMs: () => nowMs });
  await tail.untilIdle();
  await appendFile(log, 'two\nthree');
  await setAge(log, 0);
  await unlink(log);
  expect(await tail.untilIdle()).toEqual(['two']);
  nowMs += 60_000;
  expect(await tail.untilIdle()).toEqual(['three']);
  await tail.untilIdle();
  expect(tail.committed.size).toBe(0);
  expect(tail.events).toEqual([]);
});

test('a file that was rotated away empty, and unseen, is read when its writer still writes to it', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  await setAge(log, 30);
  const tail = tailByHand(log, { nowMs: () => NOON_MS });
  await tail.untilIdle();
  await rename(log, `${log}.2`);
  await writeFile(`${log}.1`, '');
  await setAge(`${log}.1`, 20);
  await writeFile(log, 'three\n');
  expect(await tail.untilIdle()).toEqual(['three']);
  await appendFile(`${log}.1`, 'two\n');
  expect(await tail.untilIdle()).toEqual(['two']);
});

test('a log that came and went while its path was empty is read, although nothing of it was known', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  await setAge(log, 30);
  const tail = tailByHand(log, { nowMs: () => NOON_MS });
  await tail.untilIdle();
  await copyFile(log, `${log}.2`);
  await setAge(`${log}.2`, 20);
  await truncate(log);
  await rename(log, `${log}.1`);
  await setAge(`${log}.1`, 15);
  await tail.untilIdle();
  await rename(`${log}.2`, `${log}.3`);
  await rename(`${log}.1`, `${log}.2`);
  await writeFile(`${log}.1`, 'two\n');
  await setAge(`${log}.1`, 10);
  await writeFile(log, 'three\n');
  expect(await tail.untilIdle()).toEqual(['two', 'three']);
});

test('an empty log that is gone is not taken to be whatever lies beside it', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(`${log}.1`, 'ancient\n');
  await setAge(`${log}.1`, 600);
  await writeFile(log, '');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await tail.crash();
  await writeFile(`${dir}/next`, 'new\n');
  await rename(`${dir}/next`, log);
  expect(await tail.untilIdle()).toEqual(['new']);
  expect(tail.events).toEqual([{ kind: 'vanished', source: 'proxy', path: log, offset: 0 }]);
});
