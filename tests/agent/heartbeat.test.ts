import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, scratch } from '../command.ts';
import {
  follow,
  HandClock,
  inShort,
  install,
  keptIn,
  noticesIn,
  OHIO,
  runUntilIdle,
  SQUID,
  upload,
} from './installation.ts';

const MINUTE = 60_000;

test('a daemon says every so often that it runs, numbered through restarts, to sinks that programs read', async () => {
  await using dir = await scratch();
  const file = { name: 'file', type: 'file', path: 'alerts.ndjson' };
  const severe = { ...file, name: 'severe', path: 'severe.ndjson', 'min-severity': 'low' };
  const config = await install(dir.path, [SQUID], {
    sinks: [file, severe, { name: 'people', type: 'terminal' }],
    alerts: { heartbeat: '5m' },
  });
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload(1, OHIO) + upload(2, OHIO));
  const clock = new HandClock();
  const beats = async () => {
    const notices = await noticesIn(join(dir.path, 'alerts.ndjson'));
    return notices.flatMap((it) => (it.kind === 'heartbeat' ? [it] : []));
  };
  const beatsUpTo = (count: number) =>
    eventually(
      async () => {
        const all = await beats();
        return all.length >= count ? all : undefined;
      },
      20_000,
      `heartbeat ${count}`,
    );

  const daemon = await follow(config, clock);
  const [first] = await beatsUpTo(1);
  clock.pass(5 * MINUTE - 1);
  await appendFile(log, 'rubbish\n');
  await eventually(
    async () => (keptIn(dir.path).status.sources[0]?.lines === 3 ? true : undefined),
    20_000,
    'the line',
  );
  expect(await beats()).toHaveLength(1);
  clock.pass(1);
  const [, second] = await beatsUpTo(2);
  await daemon.stop();
  const next = await follow(config, clock);
  await beatsUpTo(3);
  await next.stop();
  await runUntilIdle(config, clock);

  expect((await beats()).map(({ count, state }) => `${state} ${count}`)).toEqual(['open 1', 'open 2', 'open 3']);
  expect(new Set((await beats()).map(({ id }) => id)).size).toBe(1);
  expect(first).toMatchObject({
    severity: 'info',
    rule: 'heartbeat',
    gateway: 'gw1',
    lastSeen: '2026-11-25T14:00:00.000Z',
  });
  const counted = { name: 'squid', lines: 3, parsed: 2, skipped: 0, unreadable: 1, cut: 0 };
  expect(second?.sources).toMatchObject([counted]);
  expect(second?.ledger).toEqual(keptIn(dir.path).ledger.map(({ seq, hash }) => ({ seq, hash }))[0]);
  expect((await noticesIn(join(dir.path, 'severe.ndjson'))).map(inShort)).toEqual([]);
  // It is no alert, and is not counted as one.
  expect(keptIn(dir.path)).toMatchObject({ alerts: [], status: { alerts: { open: 0, updated: 0, closed: 0 } } });
  expect(keptIn(dir.path).status.sinks).toMatchObject([{ sink: 'file', delivered: 3 }]);
});
