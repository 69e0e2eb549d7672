import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeNative } from '../../../src/sinks/encoders/native.ts';
import { FileTransport } from '../../../src/sinks/transports/file.ts';
import { scratch } from '../../store/scratch.ts';
import { alert } from '../alerts.ts';

const LINES = [1, 2, 3].map((n) => encodeNative(alert({ id: `a-${n}` })));
const [one = '', two = '', three = ''] = LINES;

async function send(path: string, lines: readonly string[], rotation: { rotateBytes?: number; keep?: number } = {}) {
  const transport = new FileTransport({ path, lineBegins: '{"id":"a-', keep: 10, ...rotation });
  const verdict = await transport.send(lines);
  await transport.close();
  return verdict;
}

test('lines are appended, to a file and a directory that are the owner’s alone', async () => {
  using directory = scratch();
  const path = join(directory.path, 'out', 'alerts.ndjson');
  const before = process.umask(0);
  try {
    const transport = new FileTransport({ path, lineBegins: '{"id":"a-', keep: 10 });
    expect(await transport.send([one])).toEqual({ kind: 'stored' });
    expect(await transport.send([two, three])).toEqual({ kind: 'stored' });
    await transport.close();
  } finally {
    process.umask(before);
  }
  expect(readFileSync(path, 'utf8')).toBe(one + two + three);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory.path, 'out')).mode & 0o777).toBe(0o700);
});

test('half a line that a crash left is cut off before it comes again', async () => {
  for (const left of [1, 9, 200, two.length - 1]) {
    using directory = scratch();
    const path = join(directory.path, 'alerts.ndjson');
    writeFileSync(path, one + two.slice(0, left));
    await send(path, [two, three]);
    expect(readFileSync(path, 'utf8')).toBe(one + two + three);
  }
});

test('half a line alone in its file, longer than one look back, is cut off too', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  const long = encodeNative(alert({ explanation: 'x'.repeat(200_000) }));
  writeFileSync(path, long.slice(0, -1));
  await send(path, [long]);
  expect(readFileSync(path, 'utf8')).toBe(long);
});

test('what is not ours is ended, never removed', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  writeFileSync(path, 'notes of the operator, without a newline');
  await send(path, [one]);
  expect(readFileSync(path, 'utf8')).toBe(`notes of the operator, without a newline\n${one}`);
});

test('lines that were written but not acknowledged before a crash are not written twice', async () => {
  for (const written of [0, 1, 2]) {
    using directory = scratch();
    const path = join(directory.path, 'alerts.ndjson');
    writeFileSync(path, one + [two, three].slice(0, written).join(''));
    expect(await send(path, [two, three])).toEqual({ kind: 'stored' });
    expect(readFileSync(path, 'utf8')).toBe(one + two + three);
  }
});

test('a line that ends like ours is not taken for ours', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  writeFileSync(path, `prefix${one}`);
  await send(path, [one]);
  expect(readFileSync(path, 'utf8')).toBe(`prefix${one}${one}`);
});

test('a file is rotated before it would grow beyond the limit, and so many are kept', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  const transport = new FileTransport({ path, lineBegins: '{"id":"a-', rotateBytes: one.length + two.length, keep: 2 });
  const sent = ['1', '2', '3', '4', '5', '6', '7'].map((n) => encodeNative(alert({ id: `a-${n}` })));
  for (const line of sent) await transport.send([line]);
  await transport.close();
  const [, , third, fourth, fifth, sixth, seventh] = sent;
  expect(readdirSync(directory.path).sort()).toEqual(['alerts.ndjson', 'alerts.ndjson.1', 'alerts.ndjson.2']);
  expect(readFileSync(path, 'utf8')).toBe(seventh);
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(`${fifth}${sixth}`);
  expect(readFileSync(`${path}.2`, 'utf8')).toBe(`${third}${fourth}`);
});

test('a batch larger than the limit is written whole into a file of its own', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  await send(path, [one], { rotateBytes: 10 });
  await send(path, [two, three], { rotateBytes: 10, keep: 1 });
  expect(readFileSync(path, 'utf8')).toBe(two + three);
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(one);
});

test('whoever may read the file may read the one that takes its place', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  await send(path, [one]);
  chmodSync(path, 0o640);
  await send(path, [two], { rotateBytes: one.length });
  expect(readFileSync(path, 'utf8')).toBe(two);
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

test('a file that was moved away by others is made anew', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  const transport = new FileTransport({ path, lineBegins: '{"id":"a-', keep: 10 });
  await transport.send([one]);
  renameSync(path, `${path}.moved`);
  await transport.send([two]);
  truncateSync(path, 0);
  await transport.send([three]);
  await transport.close();
  expect(readFileSync(`${path}.moved`, 'utf8')).toBe(one);
  expect(readFileSync(path, 'utf8')).toBe(three);
});

test('a path that cannot be written is tried again, and works once it can', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  mkdirSync(path);
  const transport = new FileTransport({ path, lineBegins: '{"id":"a-', keep: 10 });
  expect(await transport.send([one])).toEqual({ kind: 'again', because: `cannot write ${path} (EISDIR)` });
  renameSync(path, `${path}.directory`);
  expect(await transport.send([one])).toEqual({ kind: 'stored' });
  await transport.close();
  expect(readFileSync(path, 'utf8')).toBe(one);
});
