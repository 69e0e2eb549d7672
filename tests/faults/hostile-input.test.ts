import { once } from 'node:events';
import { createWriteStream, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { eventually, run, scratch, start } from '../command.ts';

const MEMORY_LIMIT_MIB = 250;
const TRANSFER =
  '1795442400.123    151 10.1.2.3 TCP_MISS/201 312 PUT https://upload.abroad.example/in/a.837 - HIER_DIRECT/192.0.2.9 -\n';

test('a line of 1 GB, NUL bytes, invalid UTF-8 and 100,000 open sessions stay in 250 MB, and what follows is found', {
  timeout: 240_000,
}, async () => {
  await using dir = await scratch();
  const config = configure(dir.path);
  await oneLineOf(join(dir.path, 'access.log'), 1024, TRANSFER);
  await openSessions(join(dir.path, 'auth.log'), 100_000);

  const daemon = start(['run', '--config', config]);
  try {
    const alerts = join(dir.path, 'alerts.ndjson');
    await eventually(async () => (countRules(alerts) >= 2 ? true : undefined), 200_000, 'both alerts');
    const peak = peakMemoryMiB(daemon.pid);
    process.stdout.write(`peak resident memory ${peak.toFixed(0)} MiB\n`);
    expect(daemon.exitCode).toBeNull();
    expect(peak).toBeLessThan(MEMORY_LIMIT_MIB);
  } finally {
    daemon.kill('SIGKILL');
  }
});

test('a file that is truncated in mid-read is read again from its beginning', { timeout: 60_000 }, async () => {
  await using dir = await scratch();
  const config = configure(dir.path);
  const log = join(dir.path, 'access.log');
  writeFileSync(join(dir.path, 'auth.log'), '');
  writeFileSync(log, 'not a squid line at all, and no end of it '.repeat(100_000));
  const daemon = start(['run', '--config', config]);
  try {
    await eventually(async () => (readableDatabase(dir.path) ? true : undefined), 20_000, 'the daemon');
    truncateSync(log, 0);
    writeFileSync(log, TRANSFER);
    await eventually(
      async () => (countRules(join(dir.path, 'alerts.ndjson')) >= 1 ? true : undefined),
      20_000,
      'the alert',
    );
  } finally {
    daemon.kill('SIGKILL');
  }
});

test('lines that are no lines of the format are counted and sampled, masked, and never fatal', async () => {
  await using dir = await scratch();
  const config = configure(dir.path);
  const file = openSync(join(dir.path, 'access.log'), 'w');
  writeSync(file, Buffer.from([0x00, 0x00, 0xff, 0xfe, 0xc3, 0x28, 0x0a]));
  writeSync(file, '1795442400.123 JANE ROE 078-05-1120 [[[[[[\n');
  writeSync(file, `${'"'.repeat(100_000)}\n`);
  writeSync(file, TRANSFER);
  writeFileSync(join(dir.path, 'auth.log'), '');
  expect(await run(['run', '--config', config, '--until-idle'])).toMatchObject({ code: 0 });

  const status = await run(['status', '--config', config, '--json']);
  const { sources } = JSON.parse(status.stdout);
  expect(sources.find((it: { source: string }) => it.source === 'squid')).toMatchObject({
    source: 'squid',
    lines: 4,
    parsed: 1,
    skipped: 0,
    unreadable: 3,
  });
  expect(status.stdout).not.toMatch(/JANE|ROE|078-05-1120/);
});

function configure(directory: string): string {
  const file = join(directory, 'phi-egress.yaml');
  writeFileSync(
    file,
    `agent: { name: gw1, state: state, log: { level: warn, file: agent.log }, http: null }
sources:
  - { name: squid, type: file, paths: [access.log], format: squid, inside: client, start: beginning, silence: null }
  - { name: sftp, type: file, paths: [auth.log], format: openssh, inside: server, start: beginning, silence: null }
vendors:
  - { id: abroad, name: Coders Abroad, carries: phi, endpoints: { domains: [upload.abroad.example], accounts: [abroad_sftp] } }
geo:
  overrides:
    - { networks: [192.0.2.0/24], country: IN, reason: for the test }
sinks:
  - { name: file, type: file, path: alerts.ndjson, format: native }
`,
  );
  return file;
}

/** One line of so many MiB, with NUL bytes and broken UTF-8 in it, then ordinary ones. */
async function oneLineOf(path: string, mebibytes: number, then: string): Promise<void> {
  const stream = createWriteStream(path);
  const piece = Buffer.alloc(1_048_576, 'A');
  piece.fill(0x00, 1000, 2000);
  piece.fill(0xc3, 3000, 4000);
  for (let i = 0; i < mebibytes; i++) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end(`\n${then}`);
  await finished(stream);
}

/** Sessions that open and never close, then one download. */
async function openSessions(path: string, count: number): Promise<void> {
  const stream = createWriteStream(path);
  for (let pid = 1; pid <= count; pid++) {
    const line = `2026-11-23T14:00:00.000000+00:00 gw1 internal-sftp[${pid}]: session opened for local user abroad_sftp from [192.0.2.${pid % 250}]\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end(
    `2026-11-23T14:00:01.000000+00:00 gw1 internal-sftp[${count}]: close "/outbound/a.zip" bytes read 1000 written 0\n`,
  );
  await finished(stream);
}

function countRules(alerts: string): number {
  const rules = contents(alerts)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(({ samples }) => samples?.[0]?.kind === 'transfer')
    .map(({ dedupeKey }) => dedupeKey);
  return new Set(rules).size;
}

function readableDatabase(directory: string): boolean {
  return contents(join(directory, 'state', 'phi-egress.db')) !== '';
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** VmHWM of proc(5): the most that was ever resident. */
function peakMemoryMiB(pid: number | undefined): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
