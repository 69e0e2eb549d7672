import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { StdinSourceSettings } from '../../../src/sources/settings.ts';
import { InputLines } from '../../../src/sources/stdin/input.ts';

const SETTINGS: StdinSourceSettings = { name: 'in', type: 'stdin', format: 'squid', inside: 'client', timezone: 'UTC' };
const NOW_MS = 1_795_645_560_000;

function open(input: PassThrough): InputLines {
  return new InputLines(SETTINGS, input, () => NOW_MS);
}

async function textsOf(lines: InputLines): Promise<readonly string[]> {
  await nextTurn();
  const batch = await lines.read();
  lines.committed();
  return batch.lines.map(({ text }) => text);
}

test('lines have the places that they would have in a file', async () => {
  const input = new PassThrough();
  const lines = open(input);
  expect((await lines.read()).idle).toBe(true);
  input.write('one\ntw');
  await nextTurn();
  const { lines: first, positions, cursor } = await lines.read();
  // printf one | sha256sum
  const file = '7692c3ad3540bb80';
  expect(first).toEqual([
    {
      source: 'in',
      text: 'one',
      place: { file, offset: 0, bytes: 4 },
      path: 'standard input',
      writtenBeforeMs: NOW_MS,
      cut: false,
    },
  ]);
  expect([positions, cursor]).toEqual([[], undefined]);
  input.end('o');
  await nextTurn();
  expect((await lines.read()).lines).toEqual([]);
  await nextTurn();
  expect((await lines.read()).lines).toMatchObject([{ text: 'two', place: { file, offset: 4, bytes: 3 } }]);
});

test('a run that ends when idle waits for the end of the stream', async () => {
  const input = new PassThrough();
  const lines = open(input);
  expect(await lines.read({ endsAtIdle: true })).toMatchObject({ lines: [], idle: false });
  input.write('one\n');
  expect(await lines.read({ endsAtIdle: true })).toMatchObject({ lines: [{ text: 'one' }], idle: false });
  input.end();
  const idle: boolean[] = [];
  while (idle.at(-1) !== true) idle.push((await lines.read({ endsAtIdle: true })).idle);
  expect(idle.length).toBeLessThan(4);
});

test('what was not stored is given again, once', async () => {
  const input = new PassThrough();
  const lines = open(input);
  input.write('one\ntwo\nthree\n');
  await nextTurn();
  expect((await lines.read({ maxLines: 2 })).lines.map(({ text }) => text)).toEqual(['one', 'two']);
  lines.rewind();
  expect(await textsOf(lines)).toEqual(['one', 'two']);
  expect(await textsOf(lines)).toEqual(['three']);
  lines.rewind();
  expect(await textsOf(lines)).toEqual([]);
});

test('after a reload the next reader goes on within the line where the one before stopped', async () => {
  const input = new PassThrough();
  const before = open(input);
  input.write('one\ntwo\nth');
  await nextTurn();
  expect((await before.read({ maxLines: 1 })).lines.map(({ text }) => text)).toEqual(['one']);
  before.committed();
  before.drain();
  input.write('ree\n');
  expect(await textsOf(before)).toEqual(['two']);
  expect((await before.read()).idle).toBe(true);
  await before.close();
  const after = open(input);
  const { lines } = await after.read();
  expect(lines).toMatchObject([{ text: 'three', place: { offset: 8 } }]);
});

test('a writer is held back while nothing is read', async () => {
  const input = new PassThrough({ highWaterMark: 1024 });
  const lines = open(input);
  await lines.read();
  expect(input.write('x'.repeat(2_000))).toBe(false);
  expect(input.write('y\n')).toBe(false);
  await nextTurn();
  expect(input.readableLength).toBeGreaterThan(0);
  expect((await textsOf(lines))[0]?.length).toBe(2_001);
});

test('a stream that breaks is told of once', async () => {
  const input = new PassThrough();
  const lines = open(input);
  await lines.read();
  input.destroy(Object.assign(new Error('broken'), { code: 'EIO' }));
  await nextTurn();
  expect((await lines.read()).events).toEqual([
    { kind: 'unreadable', source: 'in', path: 'standard input', code: 'EIO' },
  ]);
  expect((await lines.read()).events).toEqual([]);
});
