import {
  appendFile,
  copyFile,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { SourceEvent } from '../../../src/sources/event.ts';
import type { Compression } from '../../../src/sources/file/compression.ts';
import { scratch, type TailByHand, tailByHand } from './by-hand.ts';
import { COMPRESSIONS, EXTENSIONS, packerFor } from './packers.ts';

const NOON_MS = Date.UTC(2026, 10, 24, 12);

async function setAge(path: string, minutesAgo: number): Promise<void> {
  const at = (NOON_MS - minutesAgo * 60_000) / 1_000;
  await utimes(path, at, at);
}

/** As the tools do: the archive is made beside the file, takes over its times, and then the file is removed. */
async function compress(path: string, compression: Compression = 'gzip'): Promise<string> {
  const archive = `${path}.${EXTENSIONS[compression]}`;
  const { atime, mtime } = await stat(path);
  await writeFile(archive, packerFor(compression)?.(await readFile(path)) ?? '');
  await utimes(archive, atime, mtime);
  await unlink(path);
  return archive;
}

/** Where the number of a deleted file is given to a new one at once, it looks truncated, and continued in the archive. */
function losses({ events }: TailByHand): readonly SourceEvent[] {
  return events.filter((it) => it.kind !== 'truncated' || it.continuedIn === undefined);
}

describe.each(COMPRESSIONS)('%s', (compression) => {
  const withTool = test.skipIf(packerFor(compression) === undefined);

  withTool('a log that was read half before it was compressed is continued in the archive, and only once', async () => {
    const dir = await scratch();
    const log = `${dir}/access.log`;
    await writeFile(log, 'one\ntwo\n');
    const tail = tailByHand(log);
    await tail.step({ maxLines: 1 });
    await tail.crash();
    await appendFile(log, 'three\nfour');
    await rename(log, `${log}.1`);
    const archive = await compress(`${log}.1`, compression);
    await writeFile(log, 'new\n');
    expect(await tail.untilIdle({ maxLines: 1 })).toEqual(['two', 'three', 'four', 'new']);
    expect(tail.lines.map(({ path }) => path)).toEqual([log, archive, archive, archive, log]);
    // printf one | sha256sum: the places are those of the log.
    expect(tail.lines[2]?.place).toEqual({ file: '7692c3ad3540bb80', offset: 8, bytes: 6 });
    await tail.crash();
    expect(await tail.untilIdle()).toEqual([]);
    await rename(archive, `${log}.2.${EXTENSIONS[compression]}`);
    expect(await tail.untilIdle()).toEqual([]);
    expect(losses(tail)).toEqual([]);
  });
});

test('a log that was read to its end hands its position on, also while it is open, and no line is read again', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  let nowMs = NOON_MS;
  await writeFile(log, 'one\ntwo\n');
  await setAge(log, 0);
  const tail = tailByHand(`${log}*`, { nowMs: () => nowMs });
  await tail.untilIdle();
  await rename(log, `${log}.1`);
  await writeFile(log, '');
  await setAge(log, 10);
  await tail.untilIdle();
  await compress(`${log}.1`);
  await tail.untilIdle();
  nowMs += 60_000;
  for (let reads = 0; reads < 4; reads++) await tail.untilIdle();
  const positions = () => [...tail.committed.values()].map(({ path, offset, ended }) => ({ path, offset, ended }));
  expect(positions()).toContainEqual({ path: `${log}.1.gz`, offset: 8, ended: true });
  expect(positions()).toHaveLength(2);
  // Rotated again, by which all that is younger than the log was would be read.
  await rename(`${log}.1.gz`, `${log}.2.gz`);
  await rename(log, `${log}.1`);
  await writeFile(log, 'three\n');
  await tail.crash();
  expect(await tail.untilIdle()).toEqual(['three']);
  expect(losses(tail)).toEqual([]);
  await rm(`${log}.2.gz`);
  await tail.untilIdle();
  expect(losses(tail)).toEqual([]);
  expect(positions()).toHaveLength(2);
});

test('two rotations that were both compressed while nobody looked are read in the order written', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(`${log}.1`, 'ancient\n');
  await setAge(`${log}.1`, 600);
  const ancient = await compress(`${log}.1`, 'gzip');
  await writeFile(log, 'one\n');
  await setAge(log, 300);
  const tail = tailByHand(log, { nowMs: () => NOON_MS });
  await tail.untilIdle();
  await tail.crash();
  await rename(ancient, `${log}.4.gz`);
  await appendFile(log, 'two\n');
  await setAge(log, 200);
  await rename(log, `${log}.3`);
  await compress(`${log}.3`);
  await writeFile(`${log}.2`, 'three\n');
  await setAge(`${log}.2`, 150);
  await compress(`${log}.2`);
  await writeFile(`${log}.1`, 'four\n');
  await setAge(`${log}.1`, 100);
  await writeFile(log, 'five\n');
  expect(await tail.untilIdle({ maxLines: 1 })).toEqual(['two', 'three', 'four', 'five']);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
});

test('a copied and truncated log whose copy was compressed at once is continued there', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\n');
  const tail = tailByHand(log);
  await tail.untilIdle();
  await tail.crash();
  await appendFile(log, 'two\n');
  await copyFile(log, `${log}-20261124`);
  await truncate(log);
  const archive = await compress(`${log}-20261124`);
  await appendFile(log, 'three\n');
  expect(await tail.untilIdle()).toEqual(['two', 'three']);
  expect(tail.events).toEqual([{ kind: 'truncated', source: 'proxy', path: log, offset: 4, continuedIn: archive }]);
});

test.each([
  { title: 'a later one', age: 100, expected: ['two', 'three and more', 'four'] },
  // Nearer in time to what was read last, so that only what stands before the offset tells them apart.
  { title: 'an earlier one', age: 250, expected: ['three and more', 'two', 'four'] },
])('of two archives with the same long header, ours and $title, each is known', async ({ age, expected }) => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  const header = '#Fields: date time cs-uri-stem\n'.repeat(50);
  await writeFile(log, `${header}one\n`);
  await setAge(log, 300);
  const tail = tailByHand(log, { nowMs: () => NOON_MS });
  await tail.untilIdle();
  await tail.crash();
  await appendFile(log, 'two\n');
  await setAge(log, 200);
  await rename(log, `${log}.2`);
  await writeFile(`${log}.1`, `${header}three and more\n`);
  await setAge(`${log}.1`, age);
  await compress(`${log}.1`);
  await compress(`${log}.2`);
  await writeFile(log, `${header}four\n`);
  expect((await tail.untilIdle()).filter((it) => !it.startsWith('#'))).toEqual(expected);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
});

test('an archive that is still being written is waited for', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  let nowMs = NOON_MS;
  const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index} ${(index * 7919) % 10_007}\n`);
  await writeFile(log, lines[0] ?? '');
  await setAge(log, 1);
  const tail = tailByHand(log, { nowMs: () => nowMs });
  await tail.untilIdle();
  await tail.crash();
  const packed = packerFor('gzip')?.(Buffer.from(lines.join(''))) ?? Buffer.alloc(0);
  await unlink(log);
  await writeFile(`${log}.1.gz`, packed.subarray(0, 10));
  expect(await tail.untilIdle()).toEqual([]);
  await appendFile(`${log}.1.gz`, packed.subarray(10, 9_000));
  await tail.untilIdle();
  await appendFile(`${log}.1.gz`, packed.subarray(9_000));
  await tail.untilIdle();
  expect(tail.texts.map((it) => `${it}\n`).join('') === lines.join('')).toBe(true);
  expect(losses(tail)).toEqual([]);
  nowMs += 3_600_000;
  expect(await tail.untilIdle()).toEqual([]);
});

test('an archive that stays cut short is a gap, told once, and what is whole of it is read', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  let nowMs = NOON_MS;
  const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index} ${(index * 7919) % 10_007}`);
  await writeFile(log, `${lines[0]}\n`);
  await setAge(log, 1);
  const tail = tailByHand(log, { nowMs: () => nowMs });
  await tail.untilIdle();
  await tail.crash();
  const packed = packerFor('gzip')?.(Buffer.from(`${lines.join('\n')}\n`)) ?? Buffer.alloc(0);
  await unlink(log);
  await writeFile(`${log}.1.gz`, packed.subarray(0, 9_000));
  await setAge(`${log}.1.gz`, 0);
  await tail.untilIdle();
  nowMs += 60_000;
  for (let reads = 0; reads < 3; reads++) await tail.untilIdle();
  expect(tail.lines.length).toBeGreaterThan(500);
  expect(tail.texts).toEqual(lines.slice(0, tail.lines.length));
  const last = tail.lines.at(-1)?.place;
  const offset = (last?.offset ?? 0) + (last?.bytes ?? 0);
  expect(losses(tail)).toEqual([{ kind: 'vanished', source: 'proxy', path: `${log}.1.gz`, offset }]);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
  expect(losses(tail)).toHaveLength(1);
});

test('a rotated log that is deleted before it was read to its end is a gap', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'one\ntwo\n');
  const tail = tailByHand(log);
  await tail.step({ maxLines: 1 });
  await rename(log, `${log}.1`);
  await writeFile(log, 'three\n');
  await tail.step({ maxLines: 0 });
  await tail.crash();
  await rm(`${log}.1`);
  expect(await tail.untilIdle()).toEqual(['three']);
  expect(losses(tail)).toEqual([{ kind: 'vanished', source: 'proxy', path: `${log}.1`, offset: 4 }]);
});

test('a big archive is passed over to its offset in steps, so that others get their turn', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  const content = `${'x'.repeat(999)}\n`.repeat(20_000);
  await writeFile(log, content);
  const tail = tailByHand(log, { start: 'end' });
  await tail.untilIdle();
  await tail.crash();
  await appendFile(log, 'rest\n');
  await rename(log, `${log}.1`);
  await compress(`${log}.1`);
  let reads = 0;
  while (tail.lines.length === 0 && reads < 100) {
    await tail.step();
    reads += 1;
  }
  expect(tail.texts).toEqual(['rest']);
  // 20 MB in steps of 4 MiB.
  expect(reads).toBeGreaterThanOrEqual(5);
});
