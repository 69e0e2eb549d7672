import { appendFile, open, rename, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scratch, tailByHand } from './by-hand.ts';

test('a line over the limit is cut, told, and the next one read whole', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, 'abc\n0123456789xyz\nnext\n');
  const tail = tailByHand(log, { maxLineBytes: 10 });
  await tail.untilIdle();
  expect(tail.lines).toMatchObject([
    { text: 'abc', cut: false },
    { text: '0123456789', cut: true, place: { offset: 4, bytes: 10 } },
    { text: 'next', cut: false, place: { offset: 18, bytes: 5 } },
  ]);
  expect(tail.events).toEqual([{ kind: 'line-cut', source: 'proxy', path: log, offset: 4, keptBytes: 10 }]);
});

test('a line of just the limit is whole', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, '0123456789\n');
  const tail = tailByHand(`${dir}/access.log`, { maxLineBytes: 10 });
  await tail.untilIdle();
  expect(tail.lines).toMatchObject([{ text: '0123456789', cut: false, place: { bytes: 11 } }]);
});

test('a line longer than a chunk and shorter than the limit is whole', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/access.log`, `${'x'.repeat(900_000)}\nnext\n`);
  const tail = tailByHand(`${dir}/access.log`);
  await tail.untilIdle();
  expect(tail.lines.map(({ text, cut }) => [text.length, cut])).toEqual([
    [900_000, false],
    [4, false],
  ]);
});

test('a cut line that goes on over many batches and crashes is handed on once, and never read twice', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  const file = await open(log, 'w');
  // A sparse file: 64 MiB of NUL bytes.
  await file.truncate(64 * 1024 * 1024);
  await file.close();
  const tail = tailByHand(log, { maxLineBytes: 1_000 });
  let reads = 0;
  for (let offset = -1; offset < 64 * 1024 * 1024; reads++) {
    await tail.step({ maxBytes: 4 * 1024 * 1024 });
    await tail.crash();
    const [position] = tail.committed.values();
    expect(position?.offset).toBeGreaterThan(offset);
    offset = position?.offset ?? 0;
  }
  expect(reads).toBe(16);
  await appendFile(log, 'end of it\nnext\n');
  await tail.untilIdle();
  expect(tail.lines.map(({ text, cut }) => [text.length, cut])).toEqual([
    [1_000, true],
    [4, false],
  ]);
  expect(tail.events).toHaveLength(1);
});

test('the rest of a cut line at the end of a renamed file is skipped', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  await writeFile(log, '0123456789xyz');
  const tail = tailByHand(log, { maxLineBytes: 10 });
  await tail.untilIdle();
  await appendFile(log, 'more');
  await rename(log, `${log}.1`);
  await writeFile(log, 'new\n');
  await tail.untilIdle({ endsAtIdle: true });
  expect(tail.texts).toEqual(['0123456789', 'new']);
});
