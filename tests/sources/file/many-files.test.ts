import { appendFile, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scratch, type TailByHand, tailByHand } from './by-hand.ts';

const FILES = 1_000;

async function manyFiles(): Promise<{ names: readonly string[]; tail: TailByHand; clock: { nowMs: number } }> {
  const dir = await scratch();
  const clock = { nowMs: Date.now() + 1_000 };
  const names = Array.from({ length: FILES }, (_, index) => `${dir}/${index}.log`);
  for (const name of names) {
    await writeFile(name, 'first\n');
    // Half of them were quiet for long.
    if (names.indexOf(name) >= FILES / 2) await utimes(name, 1_000, 1_000);
  }
  const tail = tailByHand(`${dir}/*.log`, { nowMs: () => clock.nowMs });
  await tail.untilIdle({ maxLines: 10 * FILES });
  return { names, tail, clock };
}

test('with many files, those written to lately are read at once, and the others when all are looked at again', async () => {
  const { names, tail, clock } = await manyFiles();
  const [lively = ''] = names;
  const quiet = names.at(-1) ?? '';
  await appendFile(lively, 'lively\n');
  await appendFile(quiet, 'quiet\n');
  expect(await tail.untilIdle()).toEqual(['lively']);
  clock.nowMs += 499;
  await appendFile(lively, 'lively 2\n');
  expect(await tail.untilIdle()).toEqual(['lively 2']);
  // Half a millisecond a file, or longer where a look takes long, but never longer than this.
  clock.nowMs += 10_000;
  expect(await tail.untilIdle()).toEqual(['quiet']);
  await tail.crash();
  expect(await tail.untilIdle()).toEqual([]);
});

test('between two looks at many files a limit ends a read, and nothing is left out', async () => {
  const { names, tail } = await manyFiles();
  for (const name of names.slice(0, 20)) await appendFile(name, 'a\nb\n');
  expect(await tail.step({ maxLines: 3 })).toEqual(['a', 'b', 'a']);
  expect((await tail.untilIdle({ maxLines: 3 })).length).toBe(37);
});

test('a rotation or a truncation among many files makes the tail look at all of them', async () => {
  const { names, tail } = await manyFiles();
  const [one = '', two = ''] = names;
  await appendFile(one, 'end\n');
  await rename(one, `${one}.1`);
  await writeFile(one, 'begin\n');
  expect(await tail.untilIdle()).toEqual(['end', 'begin']);
  await truncate(two);
  await appendFile(two, 'x\n');
  expect(await tail.untilIdle()).toEqual(['x']);
  await truncate(two);
  await appendFile(two, 'longer than it was\n');
  expect(await tail.untilIdle()).toEqual(['longer than it was']);
});

test('a run that ends when idle leaves nothing unread', async () => {
  const { names, tail } = await manyFiles();
  await appendFile(names.at(-1) ?? '', 'quiet\n');
  expect(await tail.untilIdle({ endsAtIdle: true })).toEqual(['quiet']);
});
