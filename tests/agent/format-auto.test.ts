import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FollowedSource } from '../../src/agent/followed-source.ts';
import { OperatorError } from '../../src/errors/problem.ts';
import type { SourceSettings } from '../../src/sources/settings.ts';
import type { StoredState } from '../../src/store/batch.ts';
import { settledFormatsOf } from '../../src/store/read-only.ts';
import { scratch } from '../command.ts';
import { stagesOf } from '../pipeline/stages.ts';
import { install, keptIn, runUntilIdle, SQUID, upload } from './installation.ts';

const AUTO = { ...SQUID, format: 'auto' };
const combined = (path: string) =>
  `10.1.2.3 - - [23/Nov/2026:14:00:00 +0000] "PUT https://upload.abroad.example${path} HTTP/1.1" 201 24 "-" "curl/8"\n`;

const counts = (directory: string) => keptIn(directory).status.sources[0];
const settledIn = (directory: string) => [...settledFormatsOf(join(directory, 'state'))];

test('The format shows in the first line, and what is found is what the format by its name finds', async () => {
  await using auto = await scratch();
  await using named = await scratch();
  for (const [dir, source] of [
    [auto, AUTO],
    [named, SQUID],
  ] as const) {
    const config = await install(dir.path, [source]);
    await writeFile(join(dir.path, 'access.log'), `garbage\n${upload(1)}${upload(2)}`);
    await runUntilIdle(config);
  }
  expect(settledIn(auto.path)).toEqual([['squid', 'squid']]);
  expect(settledIn(named.path)).toEqual([]);
  expect(keptIn(auto.path).findings.map(({ id }) => id)).toEqual(keptIn(named.path).findings.map(({ id }) => id));
  expect(keptIn(auto.path).findings).toHaveLength(2);
  expect(counts(auto.path)).toMatchObject({ lines: 3, parsed: 2, unreadable: 1 });
});

test('What was settled holds after a restart, whatever the next file begins with', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [AUTO]);
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload(1));
  await runUntilIdle(config);
  await rename(log, `${log}.1`);
  await writeFile(log, combined('/a') + upload(2));
  await runUntilIdle(config);

  expect(settledIn(dir.path)).toEqual([['squid', 'squid']]);
  expect(counts(dir.path)).toMatchObject({ lines: 3, parsed: 2, unreadable: 1 });
});

test('A log that comes later is waited for and read from its beginning, although start is end', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [{ ...AUTO, start: 'end' }]);
  await runUntilIdle(config);
  expect(settledIn(dir.path)).toEqual([]);
  await writeFile(join(dir.path, 'access.log'), upload(1) + upload(2));
  await runUntilIdle(config);
  expect(counts(dir.path)).toMatchObject({ lines: 2, parsed: 2 });
});

test('Where two formats fit, nothing starts and no line is taken; with the format named, all of them are read', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [AUTO]);
  await writeFile(join(dir.path, 'access.log'), combined('/a') + combined('/b'));
  const refused: unknown = await runUntilIdle(config).catch((error: unknown) => error);
  if (!(refused instanceof OperatorError)) throw new Error('it was not refused', { cause: refused });
  expect(refused.problems[0]?.code).toBe('format.undetermined');
  expect(refused.message).toContain('"squid": apache-combined and nginx all fit its first 2 lines');

  await runUntilIdle(await install(dir.path, [{ ...SQUID, format: 'apache-combined' }]));
  expect(counts(dir.path)).toMatchObject({ lines: 2, parsed: 2 });
});

test('While the format is open, lines wait in their file and are read once it is settled', async () => {
  await using dir = await scratch();
  const log = join(dir.path, 'access.log');
  let nowMs = 0;
  const settings: SourceSettings = {
    name: 'squid',
    type: 'file',
    paths: [log],
    format: 'auto',
    inside: 'client',
    timezone: 'UTC',
    start: 'end',
  };
  const source = new FollowedSource(
    settings,
    ({ format }) => stagesOf({ format }),
    NOTHING_STORED,
    () => nowMs,
  );
  const look = async () => {
    nowMs += 10_000;
    const { lines } = await source.read(false);
    return [lines.map(({ text }) => text), source.doubt?.kind];
  };
  expect(await look()).toEqual([[], undefined]);
  await writeFile(log, combined('/a'));
  expect(await look()).toEqual([[], 'open']);
  await appendFile(log, combined('/b'));
  expect(await look()).toEqual([[], 'open']);
  // Half a line, as a writer leaves it for a moment, is no evidence.
  await writeFile(log, `${upload(1).slice(0, 40)}`);
  expect(await look()).toEqual([[], undefined]);
  await writeFile(log, upload(1) + upload(2));
  expect(await look()).toEqual([[upload(1).trim(), upload(2).trim()], undefined]);
  await source.close();
});

const NOTHING_STORED: StoredState = {
  positions: [],
  cursors: new Map(),
  sessions: [],
  alerts: [],
  conditions: [],
  ledgerHead: undefined,
  configuration: undefined,
  sourcesSeen: new Set(),
  formats: new Map(),
};
