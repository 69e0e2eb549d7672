import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { replay, resumeReplay } from '../../src/agent/replay.ts';
import { loadSettings } from '../../src/config/load.ts';
import { scratch } from '../command.ts';
import { INDIA, install, keptIn, runUntilIdle } from './installation.ts';

const PROXYSG = { name: 'sg', type: 'file', paths: ['*.elff'], format: 'proxysg', inside: 'client' };
const SOFTWARE = '#Software: SGOS 7.3.7.1\n#Version: 1.0\n';
/** The order of the two counts is what a reader would get wrong without the header. */
const UP_LAST =
  '#Fields: date time c-ip r-ip cs-method cs-uri-scheme cs-host cs-uri-path sc-status s-action sc-bytes cs-bytes\n';
const UP_FIRST =
  '#Fields: date time c-ip r-ip cs-method cs-uri-scheme cs-host cs-uri-path sc-status s-action cs-bytes sc-bytes\n';

function uploaded(second: number, first: number, last: number): string {
  return `2026-11-23 14:00:0${second} 10.1.2.3 ${INDIA} PUT https upload.abroad.example /in/b${second}.837 201 TCP_MISS ${first} ${last}\n`;
}

const bytesOf = (directory: string) => keptIn(directory).findings.map(({ bytes }) => bytes);

test('a log is read on from its middle by the header that was read before the restart', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [PROXYSG]);
  const log = join(dir.path, 'main.elff');
  await writeFile(log, SOFTWARE + UP_FIRST + uploaded(1, 70_001, 90));
  await runUntilIdle(config);
  await appendFile(log, uploaded(2, 70_002, 90));
  await runUntilIdle(config);
  expect(bytesOf(dir.path)).toEqual([70_001, 70_002]);
  const [{ skipped, unreadable } = {}] = keptIn(dir.path).status.sources;
  expect([skipped, unreadable]).toEqual([3, 0]);
});

test('two files of one source are read each by its own header, after a restart as well', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [PROXYSG]);
  const [one, two] = [join(dir.path, 'one.elff'), join(dir.path, 'two.elff')];
  await writeFile(one, SOFTWARE + UP_FIRST + uploaded(1, 70_001, 90));
  await writeFile(two, SOFTWARE + UP_LAST + uploaded(2, 90, 70_002));
  await runUntilIdle(config);
  await appendFile(one, uploaded(3, 70_003, 90));
  await appendFile(two, uploaded(4, 90, 70_004));
  await runUntilIdle(config);
  expect([...bytesOf(dir.path)].sort()).toEqual([70_001, 70_002, 70_003, 70_004]);
});

test("files that begin with the same lines are different files: no finding of one is taken for the other's", async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [PROXYSG]);
  await writeFile(join(dir.path, 'monday.elff'), SOFTWARE + UP_FIRST + uploaded(1, 70_001, 90));
  await writeFile(join(dir.path, 'tuesday.elff'), SOFTWARE + UP_FIRST + uploaded(2, 70_002, 90));
  await runUntilIdle(config);
  expect([...bytesOf(dir.path)].sort()).toEqual([70_001, 70_002]);
});

test('`start: end` reads what is written from then on by the header that stands at the beginning', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [{ ...PROXYSG, start: 'end' }]);
  const log = join(dir.path, 'main.elff');
  await writeFile(log, SOFTWARE + UP_FIRST + uploaded(1, 70_001, 90));
  await runUntilIdle(config);
  await appendFile(log, uploaded(2, 70_002, 90));
  await runUntilIdle(config);
  expect(bytesOf(dir.path)).toEqual([70_002]);
});

test('a replay of the log finds what tailing it in pieces found, with the same ids', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [PROXYSG]);
  const log = join(dir.path, 'main.elff');
  const pieces = [
    SOFTWARE + UP_FIRST + uploaded(1, 70_001, 90),
    UP_LAST + uploaded(2, 90, 70_002),
    uploaded(3, 90, 70_003),
  ];
  for (const piece of pieces) {
    await appendFile(log, piece);
    await runUntilIdle(config);
  }
  const settings = await loadSettings(config);
  const [source] = settings.sources;
  if (source === undefined) throw new Error('No source is configured');
  const archive = join(dir.path, 'main.archive.gz');
  await writeFile(archive, gzipSync(pieces.join('')));
  let replayed: readonly string[] = [];
  await replay(settings, [{ path: archive, source }], {
    visit: ({ queries }) => {
      replayed = queries.listAlerts({}).flatMap(({ id }) => queries.findingsOf(id).map((it) => it.id));
    },
  });
  expect(replayed).toEqual(keptIn(dir.path).findings.map(({ id }) => id));
  expect(bytesOf(dir.path)).toEqual([70_001, 70_002, 70_003]);
});

test('a replay that was stopped behind the header goes on by it, and in the format that was found', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [{ ...PROXYSG, format: 'auto' }]);
  const log = join(dir.path, 'old.log');
  const lines = uploaded(1, 70_001, 90) + uploaded(2, 10, 90).repeat(1_500) + uploaded(3, 70_003, 90);
  await writeFile(log, SOFTWARE + UP_FIRST + lines);
  const settings = await loadSettings(config);
  const [source] = settings.sources;
  if (source === undefined) throw new Error('No source is configured');
  const stopping = new AbortController();
  const stopped = await replay(settings, [{ path: log, source }], {
    signal: stopping.signal,
    onProgress: () => stopping.abort(),
  });
  if (stopped.kind !== 'stopped') throw new Error('It was not stopped');
  const bytes: (number | undefined)[] = [];
  const ended = await resumeReplay(settings, stopped.scratch, {
    visit: ({ queries }) => {
      for (const { id } of queries.listAlerts({})) bytes.push(...queries.findingsOf(id).map((it) => it.bytes));
    },
  });
  expect(ended).toMatchObject({ kind: 'done', sources: [{ lines: 1_505, parsed: 1_502, skipped: 3, unreadable: 0 }] });
  expect(bytes.filter((it) => it !== 10)).toEqual([70_001, 70_003]);
});
