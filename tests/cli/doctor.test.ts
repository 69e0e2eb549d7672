import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, scratch } from '../command.ts';
import { linesOf } from '../formats/fixtures.ts';

const NATIVE = linesOf('squid/native.log');
const FIXTURES = new URL('../fixtures/', import.meta.url).pathname;

/** A configuration whose sources read these logs. @returns its path. */
async function configured(directory: string, sources: readonly object[]): Promise<string> {
  const config = join(directory, 'phi-egress.yaml');
  await writeFile(config, JSON.stringify({ agent: { state: join(directory, 'state') }, sources, vendors: [] }));
  return config;
}

interface Examined {
  readonly source: string;
  readonly format?: string;
  readonly lines: number;
  readonly records: number;
  readonly unreadable: number;
  readonly told: Readonly<Record<string, number>>;
  readonly complaints: readonly string[];
  readonly blindSpots: readonly { readonly missing: string; readonly remedy?: { readonly file: string } }[];
}

async function examined(config: string): Promise<readonly Examined[]> {
  const { code, stdout, stderr } = await run(['doctor', '--config', config, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as readonly Examined[];
}

const source = (name: string, path: string, format: unknown, more: object = {}) => ({
  ...{ name, type: 'file', paths: [path], format, inside: 'client' },
  ...more,
});

test('doctor looks at the last lines of every log, and prints what mends each blind spot', async () => {
  await using dir = await scratch();
  const config = await configured(dir.path, [
    source('squid', `${FIXTURES}squid/native.log`, 'auto'),
    source('sftp', `${FIXTURES}openssh/v9.2_iso.log`, 'openssh', { inside: 'server' }),
  ]);
  const { code, stdout } = await run(['doctor', '--config', config]);
  expect(code).toBe(0);
  expect(stdout).toContain('source squid  format squid');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'the last 47 lines: 47 records, 0 skipped, 0 unreadable, the newest of 2026-11-24T04:07:23Z',
  );
  expect(stdout).toMatch(/bytesToServer 0%/);
  expect(stdout).toContain('the bytes that a client sent: an upload is seen, its size is not');
  expect(stdout).toContain('put into /etc/squid/squid.conf:');
  expect(stdout).toContain('logformat phi_egress %ts.%03tu');
  expect(stdout).toContain('ForceCommand internal-sftp -l INFO');
});

test('a blind spot that the lines refute is not one: with file operations in the log, the level is right', async () => {
  await using dir = await scratch();
  const logins = linesOf('openssh/v9.2_iso.log').filter((line) => line.includes(' sshd['));
  const quiet = join(dir.path, 'auth.log');
  await writeFile(quiet, `${logins.join('\n')}\n`);
  const config = await configured(dir.path, [
    source('quiet', quiet, 'openssh', { inside: 'server' }),
    source('told', `${FIXTURES}openssh/v9.2_iso.log`, 'openssh', { inside: 'server' }),
  ]);
  const [silent, told] = await examined(config);
  const level = 'all file operations, unless the SFTP server logs at level INFO; its default is ERROR';
  expect(silent?.blindSpots.map(({ missing }) => missing)).toContain(level);
  expect(told?.blindSpots.map(({ missing }) => missing)).not.toContain(level);
  expect(silent?.told.file).toBeUndefined();
});

test('lines of another format, and a wrong time zone, are told with what they look like', async () => {
  await using dir = await scratch();
  const wrong = join(dir.path, 'wrong.log');
  await writeFile(wrong, `${NATIVE.join('\n')}\n`);
  const zone = join(dir.path, 'haproxy.log');
  await writeFile(zone, `${linesOf('haproxy/tz_newyork_httplog_and_clf.log')[0]}\n`);
  // 23:18:29 in New York is when it was written.
  const written = new Date('2026-11-24T04:18:30Z');
  await utimes(zone, written, written);
  const config = await configured(dir.path, [
    source('wrong', wrong, 'squid-combined'),
    source('utc', zone, 'haproxy', { inside: 'server' }),
    source('local', zone, 'haproxy', { inside: 'server', timezone: 'America/New_York' }),
    source('missing', join(dir.path, 'nothing.log'), 'squid'),
  ]);
  const [first, utc, local, missing] = await examined(config);
  expect(first?.complaints).toEqual([
    '47 of its last 47 lines cannot be read as squid-combined; they look like format squid',
  ]);
  expect(utc?.complaints).toEqual([
    'its newest line is 5 hours before the time at which the log was written: timezone (UTC) is not that of the server',
  ]);
  expect(local?.complaints).toEqual([]);
  expect(missing?.complaints).toEqual([
    'there is no line in any of its logs: is the path right, and does the server write there?',
  ]);
});

test('detect names a format with its confidence, and exits 1 where two fit', async () => {
  const found = await run(['detect', `${FIXTURES}squid/native.log`]);
  expect(found.code).toBe(0);
  expect(found.stdout).toContain('squid  confidence 97%\nof 47 lines, 47 can be read by some format\n');
  const open = await run(['detect', `${FIXTURES}nginx/combined.log`]);
  expect(open.code).toBe(1);
  expect(open.stdout).toMatch(/^undecided\n/);
  expect(open.stderr).toBe(
    'More than one format fits, or none fits well: choose among apache-combined, nginx by the server that writes the log\n',
  );
});

test('parse takes a form as the configuration has it', async () => {
  const form = `{ nginx: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent' }`;
  const { code, stdout, stderr } = await run(['parse', '--format', form, `${FIXTURES}nginx/common.log`]);
  expect([code, stderr]).toEqual([0, 'parsed 13, skipped 0, failed 0\n']);
  expect(JSON.parse(stdout.split('\n')[2] ?? '')).toMatchObject({
    client: { ip: '127.80.0.5' },
    bytesToClient: 500_000,
  });
  const wrong = await run(['parse', '--format', '{ ngnix: "x" }', `${FIXTURES}nginx/common.log`]);
  expect([wrong.code, wrong.stderr.includes('Cannot use "{ ngnix: \\"x\\" }" as a format')]).toEqual([2, true]);
});
