import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { scratch } from '../command.ts';
import { inShort, install, keptIn, noticesIn, OHIO, runUntilIdle, SQUID, upload } from './installation.ts';

const MINUTE = 60_000;
/** The logs of these tests are from 14:00 that day. */
const AFTERNOON = Date.UTC(2026, 10, 23, 14, 30, 0);

afterEach(() => vi.useRealTimers());

/** The clock alone: nothing waits for it. */
function setClock(now: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now });
}

function uploads(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => upload(from + index)).join('');
}

test('the first finding and each doubling is told at once, and the end of a run tells the rest', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  await writeFile(join(dir.path, 'access.log'), uploads(0, 7));
  await runUntilIdle(config);

  const notices = await noticesIn(join(dir.path, 'alerts.ndjson'));
  expect(notices.map(inShort)).toEqual(['open 1', 'updated 2', 'updated 4', 'updated 7']);
  expect(new Set(notices.map(({ id }) => id)).size).toBe(1);
  expect(keptIn(dir.path).alerts.map(inShort)).toEqual(['updated 7']);
});

test('an alert that fell quiet is closed once, with its final numbers, and what comes later is another alert', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const [log, alerts] = [join(dir.path, 'access.log'), join(dir.path, 'alerts.ndjson')];
  await writeFile(log, uploads(0, 3));
  setClock(AFTERNOON);
  await runUntilIdle(config);
  expect((await noticesIn(alerts)).map(inShort)).toEqual(['open 1', 'updated 2', 'updated 3']);

  setClock(AFTERNOON + 24 * 60 * MINUTE - 1);
  await runUntilIdle(config);
  expect(keptIn(dir.path).alerts.map(inShort)).toEqual(['updated 3']);

  for (const later of [0, MINUTE]) {
    setClock(AFTERNOON + 24 * 60 * MINUTE + later);
    await runUntilIdle(config);
    expect((await noticesIn(alerts)).map(inShort)).toEqual(['open 1', 'updated 2', 'updated 3', 'closed 3']);
  }

  await appendFile(log, upload(60));
  await runUntilIdle(config);
  expect(keptIn(dir.path).alerts.map(inShort).sort()).toEqual(['closed 3', 'open 1']);
});

test('an agent that stood still for days closes nothing before it has caught up with the logs', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload(0));
  setClock(AFTERNOON);
  await runUntilIdle(config);

  // More than is read at once stands between the two uploads.
  const ordinary = Array.from({ length: 6_000 }, (_, index) => upload(1 + (index % 60), OHIO)).join('');
  await appendFile(log, ordinary + upload(61));
  setClock(AFTERNOON + 3 * 24 * 60 * MINUTE);
  await runUntilIdle(config);
  expect(keptIn(dir.path).alerts.map(inShort)).toEqual(['updated 2']);
});

test('the ledger holds a configuration once, and again when it was changed', async () => {
  await using dir = await scratch();
  const configurations = () => keptIn(dir.path).ledger.filter(({ record }) => record.kind === 'configuration').length;
  await writeFile(join(dir.path, 'access.log'), upload(0));
  const config = await install(dir.path, [SQUID]);
  await runUntilIdle(config);
  await runUntilIdle(config);
  expect(configurations()).toBe(1);

  await appendFile(config, '\n# Another word is another configuration.\n');
  await runUntilIdle(config);
  expect(configurations()).toBe(2);
  expect(keptIn(dir.path).ledger.map(({ record }) => record.kind)).toEqual([
    'configuration',
    'finding',
    'configuration',
  ]);
});
