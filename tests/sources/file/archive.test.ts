import { readFile, utimes, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type ArchiveOptions, readArchive } from '../../../src/sources/file/archive.ts';
import type { Line } from '../../../src/sources/line.ts';
import { scratch, tailByHand } from './by-hand.ts';

async function linesOf(path: string, options?: ArchiveOptions): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const piece of readArchive(path, 'proxy', options)) lines.push(...piece.lines);
  return lines;
}

test('an archive gives the lines that the tail gave, with the same places, plain or compressed', async () => {
  const dir = await scratch();
  const log = `${dir}/access.log`;
  const content = Array.from({ length: 20_000 }, (_, index) => `${index} é ${'x'.repeat(index % 97)}\r\n`).join('');
  await writeFile(log, `${content}\n\0\n${'y'.repeat(3_000)}\nlast\n`);
  await utimes(log, 1_764_042_486, 1_764_042_486);
  const tail = tailByHand(log, { maxLineBytes: 2_000 });
  await tail.untilIdle({ maxLines: 777 });
  expect(tail.lines).toHaveLength(20_004);
  expect(await linesOf(log, { maxLineBytes: 2_000 })).toEqual(tail.lines);

  const archive = `${dir}/access.log-20261124.gz`;
  await writeFile(archive, gzipSync(await readFile(log)));
  await utimes(archive, 1_764_042_486, 1_764_042_486);
  const decompressed = await linesOf(archive, { maxLineBytes: 2_000 });
  expect(decompressed.map((it) => ({ ...it, path: log }))).toEqual(tail.lines);
  expect(decompressed[0]?.writtenBeforeMs).toBe(1_764_042_486_000);
});

test('the unterminated last line of an archive is a line, and an archive of several gzip members is read whole', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/a.gz`, Buffer.concat([gzipSync('one\ntw'), gzipSync('o\nthree')]));
  expect((await linesOf(`${dir}/a.gz`)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('an empty archive has no lines', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/empty`, '');
  await writeFile(`${dir}/empty.gz`, gzipSync(''));
  expect(await linesOf(`${dir}/empty`)).toEqual([]);
  expect(await linesOf(`${dir}/empty.gz`)).toEqual([]);
});

test('a reader that stops early leaves nothing open', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/a.gz`, gzipSync('one line\n'.repeat(200_000)));
  for await (const { lines } of readArchive(`${dir}/a.gz`, 'proxy')) {
    expect(lines[0]?.text).toBe('one line');
    break;
  }
});

test('a damaged or missing archive is the operator’s to mend', async () => {
  const dir = await scratch();
  const whole = gzipSync('one\n'.repeat(1_000));
  await writeFile(`${dir}/short.gz`, whole.subarray(0, -10));
  await expect(linesOf(`${dir}/short.gz`)).rejects.toThrow(
    `${dir}/short.gz: The gzip data is cut short; restore the archive from another copy`,
  );
  await expect(linesOf(`${dir}/none`)).rejects.toThrow(`${dir}/none: Cannot read the log (ENOENT); check the path`);
  await expect(linesOf(dir)).rejects.toThrow(`${dir}: Cannot read the log (EISDIR); name a file, not a directory`);
});
