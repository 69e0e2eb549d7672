import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HandlingAct } from '../../src/alerts/handling.ts';
import { verifyLedger } from '../../src/evidence/verify.ts';
import { openStoreReader } from '../../src/store/read-only.ts';
import { writeHandling } from '../../src/store/write-handling.ts';
import { eventually, scratch } from '../command.ts';
import { follow, inShort, install, keptIn, noticesIn, runUntilIdle, SQUID, upload } from './installation.ts';

const NOON = Date.UTC(2026, 10, 25, 12, 0, 0);

function acts(alertId: string): readonly [HandlingAct, HandlingAct] {
  const common = { alertId, by: 'kim', account: 'soc', atMs: NOON };
  return [
    { ...common, kind: 'acknowledged' },
    { ...common, kind: 'closed', disposition: 'authorised', reason: 'amendment 3', atMs: NOON + 60_000 },
  ];
}

function inLedger(directory: string) {
  return keptIn(directory).ledger.flatMap(({ record }) => (record.kind === 'handling' ? [record] : []));
}

test('a daemon takes up what people do while it runs, and a later upload opens another alert', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const [state, log, alerts] = ['state', 'access.log', 'alerts.ndjson'].map((it) => join(dir.path, it)) as [
    string,
    string,
    string,
  ];
  await writeFile(log, upload(0) + upload(1) + upload(2));
  await using _daemon = await follow(config);
  const told = (count: number) => async () => {
    const notices = await noticesIn(alerts);
    return notices.length >= count ? notices : undefined;
  };
  const [first] = await eventually(told(2), 20_000, 'the first notices');
  if (first === undefined) throw new Error('No alert was told');
  writeHandling(state, acts(first.id));
  const notices = await eventually(told(4), 20_000, 'the notices of what was done');
  // The second notice was of two findings; what was held back is told with the acknowledgement.
  expect(notices.map(inShort)).toEqual(['open 1', 'updated 2', 'updated 3', 'closed 3']);
  expect(notices[3]?.handling).toEqual({
    acts: 2,
    acknowledged: { at: '2026-11-25T12:00:00.000Z', by: 'kim' },
    disposition: { verdict: 'authorised', at: '2026-11-25T12:01:00.000Z', by: 'kim' },
  });
  expect(inLedger(dir.path)).toEqual([
    {
      kind: 'handling',
      alert: first.id,
      findings: 3,
      act: 'acknowledged',
      by: 'kim',
      account: 'soc',
      time: '2026-11-25T12:00:00.000Z',
    },
    {
      kind: 'handling',
      alert: first.id,
      findings: 3,
      act: 'closed',
      disposition: 'authorised',
      reason: 'amendment 3',
      by: 'kim',
      account: 'soc',
      time: '2026-11-25T12:01:00.000Z',
    },
  ]);

  await appendFile(log, upload(3));
  expect((await eventually(told(5), 20_000, 'the next alert')).map(inShort).slice(4)).toEqual(['open 1']);
});

test('what was written down while no daemon ran is taken up by the next, once, and the ledger holds together', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  await writeFile(join(dir.path, 'access.log'), upload(0));
  await runUntilIdle(config);
  const [alert] = keptIn(dir.path).alerts;
  if (alert === undefined) throw new Error('There is no alert');
  writeHandling(join(dir.path, 'state'), acts(alert.id));
  await runUntilIdle(config);
  await runUntilIdle(config);
  expect(keptIn(dir.path).alerts.map(inShort)).toEqual(['closed 1']);
  expect(inLedger(dir.path)).toHaveLength(2);

  const { queries, close } = openStoreReader(join(dir.path, 'state'));
  try {
    expect(queries.handlingOf(alert.id).map(({ ledgerSeq }) => ledgerSeq)).toEqual([3, 4]);
    const { entries, anchors } = queries.ledger();
    expect(verifyLedger(entries, anchors).kind).toBe('intact');
  } finally {
    close();
  }
});
