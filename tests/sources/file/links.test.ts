import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scratch, tailByHand } from './by-hand.ts';

async function point(link: string, target: string): Promise<void> {
  await rm(link, { force: true });
  await symlink(target, link);
}

test('a link that was pointed elsewhere while nobody looked: what it led to is finished first', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/a`, 'one\n');
  await point(`${dir}/current.log`, 'data/a');
  const tail = tailByHand(`${dir}/current.log`);
  await tail.untilIdle();
  await tail.crash();
  await appendFile(`${dir}/data/a`, 'two\n');
  await writeFile(`${dir}/data/b`, 'three\n');
  await point(`${dir}/current.log`, 'data/b');
  expect(await tail.untilIdle({ maxLines: 1 })).toEqual(['two', 'three']);
  await tail.crash();
  await appendFile(`${dir}/data/a`, 'late\n');
  expect(await tail.untilIdle()).toEqual(['late']);
  expect(tail.events).toEqual([]);
});

test('a file that a link and a pattern lead to is read once, also after the link moves on', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/2026-11-23.log`, 'one\n');
  await point(`${dir}/current.log`, '2026-11-23.log');
  const tail = tailByHand([`${dir}/current.log`, `${dir}/2026-*.log`]);
  expect(await tail.untilIdle()).toEqual(['one']);
  await writeFile(`${dir}/2026-11-24.log`, 'two\n');
  await point(`${dir}/current.log`, '2026-11-24.log');
  await appendFile(`${dir}/2026-11-23.log`, 'end\n');
  expect([...(await tail.untilIdle())].sort()).toEqual(['end', 'two']);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
  expect(tail.events).toEqual([]);
});

test('a link whose target is rotated by renaming is followed to the next', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/a`, 'one\n');
  await point(`${dir}/current.log`, 'data/a');
  const tail = tailByHand(`${dir}/current.log`);
  await tail.untilIdle();
  await appendFile(`${dir}/data/a`, 'two\n');
  await rename(`${dir}/data/a`, `${dir}/data/a.1`);
  await writeFile(`${dir}/data/a`, 'three\n');
  expect(await tail.untilIdle()).toEqual(['two', 'three']);
});
