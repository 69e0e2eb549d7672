import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { eventually, scratch } from '../command.ts';
import { freePort } from '../e2e/free-port.ts';
import { follow, HandClock, install, keptIn, noticesIn, SQUID } from './installation.ts';

const SECOND = 1_000;
const FILE = { name: 'file', type: 'file', path: 'alerts.ndjson' };

async function installed(directory: string, sinks: readonly object[]) {
  // Once a year, so that only the test at the start is seen here.
  const alerts = { 'known-answer': '0 0 1 1 *' };
  const config = await install(directory, [SQUID], { sinks, alerts });
  await writeFile(join(directory, 'access.log'), '');
  return config;
}

function toldIn(directory: string, count: number): Promise<readonly Alert[]> {
  const look = async () => {
    const notices = await noticesIn(join(directory, 'alerts.ndjson'));
    return notices.length >= count ? notices : undefined;
  };
  return eventually(look, 30_000, `notice ${count}`);
}

test('a synthetic transfer goes all the way, arrives as a test, and is counted nowhere', async () => {
  await using dir = await scratch();
  const config = await installed(dir.path, [FILE, { name: 'people', type: 'terminal' }]);
  for (const number of [1, 2]) {
    const daemon = await follow(config);
    await toldIn(dir.path, number);
    await daemon.stop();
  }
  const told = await toldIn(dir.path, 2);
  expect(told.map(({ kind, rule, severity, count }) => ({ kind, rule, severity, count }))).toEqual([
    { kind: 'test', rule: 'known-answer', severity: 'info', count: 1 },
    { kind: 'test', rule: 'known-answer', severity: 'info', count: 2 },
  ]);
  const { alerts, findings, ledger, status } = keptIn(dir.path);
  expect({ alerts, findings, counted: status.findings }).toEqual({ alerts: [], findings: [], counted: 0 });
  expect(status.sources.map(({ source, lines }) => [source, lines])).toEqual([['squid', 0]]);
  expect(ledger.map(({ record }) => record.kind)).toEqual(['configuration']);
  expect(status.sinks).toMatchObject([{ sink: 'file', delivered: 2 }]);
});

test('a line that the agent did not sign is no test, whatever it says', async () => {
  await using dir = await scratch();
  const config = await installed(dir.path, [FILE]);
  const daemon = await follow(config);
  await toldIn(dir.path, 1);
  await daemon.stop();
  const log = join(dir.path, 'state', 'known-answer.log');
  const signed = await readFile(log, 'utf8');
  expect(signed).toMatch(/ PUT https:\/\/known-answer\.phi-egress\.invalid\/[0-9a-f]{64} - HIER_DIRECT\/192\.0\.2\.1 /);
  // In a log of the gateway's, where somebody would hide behind it, such a line is judged like any other.
  const hidden = signed.replace('known-answer.phi-egress.invalid', 'upload.abroad.example');
  await writeFile(join(dir.path, 'access.log'), hidden.replace(/ - 4242 .*/, ' -'));
  // A copy of one that was answered is none either.
  await appendFile(log, signed);
  const next = await follow(config);
  const [, ...others] = await toldIn(dir.path, 3);
  await next.stop();
  expect(others.map(({ kind, rule }) => `${kind} ${rule}`).sort()).toEqual([
    'egress phi-outside-territory',
    'test known-answer',
  ]);
});

test('what is not found within a minute is an alarm, until one is found', async () => {
  await using dir = await scratch();
  const config = await installed(dir.path, [FILE]);
  const state = join(dir.path, 'state');
  const clock = new HandClock();
  const first = await follow(config, clock);
  await toldIn(dir.path, 1);
  await first.stop();

  const log = join(state, 'known-answer.log');
  await rm(log);
  await mkdir(log);
  const deaf = await follow(config, clock);
  clock.pass(60 * SECOND);
  const alarm = (await toldIn(dir.path, 2))[1];
  expect(alarm).toMatchObject({
    kind: 'condition',
    rule: 'known-answer-missing',
    severity: 'high',
    title: 'A known transfer was not recognised',
    firstSeen: '2026-11-25T14:00:00.000Z',
  });
  await deaf.stop();
  await rm(log, { recursive: true });

  clock.pass(SECOND);
  const well = await follow(config, clock);
  await toldIn(dir.path, 3);
  clock.pass(2 * SECOND);
  const [, , found, mended] = await toldIn(dir.path, 4);
  await well.stop();
  expect(found).toMatchObject({ kind: 'test', rule: 'known-answer' });
  expect(mended).toMatchObject({ id: alarm?.id, state: 'closed', closedBecause: 'mended' });
});

test('what one sink does not take is an alarm in the others, by name', async () => {
  await using dir = await scratch();
  const port = await freePort('127.0.0.1');
  const siem = { name: 'siem', type: 'syslog', protocol: 'tcp', address: `127.0.0.1:${port}` };
  const config = await installed(dir.path, [FILE, siem]);
  const clock = new HandClock();
  const daemon = await follow(config, clock);
  await toldIn(dir.path, 1);
  clock.pass(61 * SECOND);
  const told = await toldIn(dir.path, 2);
  await daemon.stop();
  expect(told[1]).toMatchObject({ rule: 'known-answer-missing', title: 'A known transfer was not delivered' });
  expect(told[1]?.explanation).toContain('did not reach siem, since 2026-11-25 14:00:00 UTC, 1 time in a row');
});
