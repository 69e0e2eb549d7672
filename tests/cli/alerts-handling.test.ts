import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, run, scratch, start } from '../command.ts';
import { configure, upload } from './installation.ts';

/** A state with one alert of a vendor's and one of nobody's endpoint, and no daemon. */
async function installed(directory: string) {
  const config = await configure(directory);
  const log = join(directory, 'access.log');
  await writeFile(log, upload({ second: 0 }) + upload({ second: 60, host: 'nobody.example' }));
  await writeFile(join(directory, 'auth.log'), '');
  const { code, stderr } = await run(['run', '--config', config, '--until-idle']);
  if (code !== 0) throw new Error(stderr);
  const alerts = (command: string, ...args: string[]) => run(['alerts', command, '--config', config, ...args]);
  const list = async () => {
    const { stdout } = await alerts('list', '--json');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const [nobodys, vendors] = await list();
  return { config, log, alerts, list, vendors: vendors.id as string, nobodys: nobodys.id as string };
}

test('what is done about alerts is done at once where no daemon runs, and shown with who, when and why', async () => {
  await using dir = await scratch();
  const { alerts, list, vendors, nobodys } = await installed(dir.path);
  const acknowledged = await alerts('ack', '--reason', 'looking at it', vendors.slice(0, 9), nobodys);
  const me = userInfo().username;
  expect(acknowledged).toMatchObject({ code: 0, stderr: '' });
  expect(acknowledged.stdout.replaceAll(/ at [\d :-]+ UTC/g, ' at TIME')).toBe(
    `${vendors} acknowledged by ${me} at TIME\n${nobodys} acknowledged by ${me} at TIME\n`,
  );
  const close = ['--disposition', 'authorised', '--reason', 'amendment 3', '--by', 'Kim Lee'];
  const closed = await alerts('close', vendors, ...close);
  expect(closed.stdout.replaceAll(/ at [\d :-]+ UTC/g, ' at TIME')).toBe(
    `${vendors} closed as authorised by Kim Lee at TIME\n`,
  );
  expect((await list()).map(({ state, closedBecause }) => [state, closedBecause])).toEqual([
    ['open', undefined],
    ['closed', 'disposition'],
  ]);

  const shown = JSON.parse((await alerts('show', '--json', vendors)).stdout);
  expect(Object.keys(shown.times)).toEqual(['created', 'delivered', 'acknowledged', 'closed']);
  expect(Object.keys(shown.times.delivered)).toEqual(['file', 'people']);
  expect(shown.times.created <= shown.times.delivered.file).toBe(true);
  expect(shown.times.delivered.file < shown.times.acknowledged).toBe(true);
  expect(shown.times.acknowledged < shown.times.closed).toBe(true);
  expect(shown.handling).toMatchObject([
    { act: { kind: 'acknowledged', by: me, account: me, reason: 'looking at it' }, ledgerSeq: 4 },
    { act: { kind: 'closed', disposition: 'authorised', by: 'Kim Lee', account: me }, ledgerSeq: 6 },
  ]);
  const { stdout } = await alerts('show', vendors);
  expect(stdout).toMatch(/\ntimes by our clock {2}UTC\n {2}created {14}\d{4}-.*\n {2}delivered to file {4}\d{4}-/);
  expect(stdout).toMatch(/\n {2}[\d: -]+ {2}closed as authorised {2}Kim Lee \(.+\) +6 {2}amendment 3\n/);
  // Sinks hear of it when a daemon runs: the acknowledgement and the closing to each of two, after the first notice.
  expect(shown.deliveries.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual([
    ...['delivered', 'delivered', 'waiting', 'waiting', 'waiting', 'waiting'],
  ]);
});

test('a daemon at work takes it up', async () => {
  await using dir = await scratch();
  const { config, alerts, list, vendors } = await installed(dir.path);
  const daemon = start(['run', '--config', config]);
  let said = '';
  daemon.stderr.on('data', (text) => {
    said += String(text);
  });
  try {
    await eventually(async () => (said.includes('follows squid') ? true : undefined), 20_000, 'the daemon to start');
    const closed = await alerts('close', vendors, '--disposition', 'false-positive', '--reason', 'a test upload');
    expect(closed).toMatchObject({ code: 0, stderr: '' });
    expect((await list()).map(({ state }) => state)).toEqual(['open', 'closed']);
  } finally {
    daemon.kill('SIGKILL');
  }
});

test('what cannot be done is said, and nothing of it is done', async () => {
  await using dir = await scratch();
  const { alerts, list, vendors } = await installed(dir.path);
  const close = ['--disposition', 'authorised', '--reason'];
  const refused: readonly (readonly [command: string, args: readonly string[], stderr: string])[] = [
    ['ack', [vendors, 'a-zz'], 'phi-egress: No alert has the id "a-zz"; see phi-egress alerts list\n'],
    ['close', [vendors, ...close, ' '], 'phi-egress: --reason is empty; write something\n'],
    [
      'close',
      [vendors, ...close, 'chart of MRN 84736251'],
      'phi-egress: --reason holds what looks like patient data (mrn); say it without, and point to the case\n',
    ],
    ['ack', [vendors, '--by', 'a\nb'], 'phi-egress: --by is not one line of text; leave control characters out\n'],
  ];
  for (const [command, args, stderr] of refused)
    expect(await alerts(command, ...args)).toEqual({ code: 2, stdout: '', stderr });
  expect((await alerts('close', vendors, '--reason', 'x')).stderr).toContain(
    "phi-egress: required option '--disposition <word>' not specified",
  );
  expect((await list()).map(({ handling }) => handling)).toEqual([undefined, undefined]);
});
