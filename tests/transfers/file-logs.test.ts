import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/formats/record.ts';
import type { InsideSide } from '../../src/sources/settings.ts';
import { toActivities } from '../../src/transfers/activities.ts';
import { Sessions } from '../../src/transfers/sessions.ts';
import type { Activity } from '../../src/transfers/transfer.ts';
import { line, TWO_PM } from './examples.ts';

const KEY = 'SHA256:EHNdoMMdGk6UHOZcKiaXmPXZF+Nfe2DF5TRq+U8gCDQ';
const client = { ip: '203.0.113.9', user: 'acme_sftp' };

function run(records: readonly LogRecord[], inside: InsideSide, sessions = new Sessions()): readonly Activity[] {
  return records.flatMap((record, index) => toActivities({ line: line('', index * 100), record }, inside, sessions));
}

/** One whole transfer in one line, as an xferlog has it. */
const whole = (changes: Partial<LogRecord> = {}): LogRecord => ({
  kind: 'file',
  timeMs: TWO_PM,
  client,
  bytesToClient: 66_893,
  file: { path: '/out/a.csv', operation: 'read' },
  protocol: 'ftp',
  outcome: 'success',
  ...changes,
});

const sent = (changes: Partial<LogRecord> = {}): LogRecord => ({
  kind: 'file',
  timeMs: TWO_PM,
  bytesToServer: 1_048_576,
  file: { path: '/outbound/claims.837', operation: 'write' },
  outcome: 'success',
  ...changes,
});

test('a line that tells all needs no session: client, account and protocol are its own', () => {
  expect(run([whole()], 'server')).toMatchObject([
    {
      part: 'to-client',
      protocol: 'ftp',
      vehicle: 'file',
      receiver: client,
      account: 'acme_sftp',
      bytes: 66_893,
      path: '/out/a.csv',
      reach: 'delivered',
    },
  ]);
});

test.each<[string, Partial<LogRecord>]>([
  ['a listing', { file: { path: '/out', operation: 'list' }, bytesToClient: 2_391 }],
  ['a deletion', { file: { path: '/out/a', operation: 'remove' } }],
  ['an empty file', { bytesToClient: 0 }],
])('%s is no transfer', (_, changes) => {
  const { bytesToClient: __, ...rest } = whole(changes);
  expect(run([changes.bytesToClient === undefined ? rest : whole(changes)], 'server')).toEqual([]);
});

test('a download of which the log tells no size has no size, and counts all the same', () => {
  const { bytesToClient: _, ...unsized } = whole();
  const [transfer] = run([unsized], 'server');
  expect(transfer).toMatchObject({ part: 'to-client', reach: 'delivered' });
  expect(transfer).not.toHaveProperty('bytes');
  expect(run([{ ...unsized, outcome: 'failure' }], 'server')).toEqual([]);
});

test('what had gone before a download broke off is gone; what failed with bytes was attempted', () => {
  expect(run([whole({ outcome: 'aborted' })], 'server')).toMatchObject([{ reach: 'delivered', bytes: 66_893 }]);
  expect(run([whole({ outcome: 'failure' })], 'server')).toMatchObject([{ reach: 'attempted' }]);
});

test('a client that is logged by name has no address, and the transfer says why', () => {
  expect(run([whole({ client: { host: 'coder.vendor.example', user: 'acme_sftp' } })], 'server')).toMatchObject([
    { receiver: { host: 'coder.vendor.example' }, addressMissing: 'the log names the client but not its address' },
  ]);
});

test('a client of ours that sends a file sends it to the server; what it fetches is inbound', () => {
  const server = { host: 'sftp.vendor.example', port: 22, user: 'hosp' };
  const [transfer, ...others] = run(
    [sent({ server }), whole({ server, file: { path: '/results/a.pdf', operation: 'read' } })],
    'client',
  );
  expect(others).toEqual([]);
  expect(transfer).toMatchObject({
    part: 'to-server',
    receiver: { host: 'sftp.vendor.example', port: 22 },
    bytes: 1_048_576,
    path: '/outbound/claims.837',
    addressMissing: 'the log names the server but not its address',
  });
  // Our own account at the vendor's server is nobody's that the register knows.
  expect(transfer).not.toHaveProperty('account');
  expect(transfer?.receiver).not.toHaveProperty('user');
});

test("by address, a client's own log counts as one, and a server's as the other", () => {
  expect(run([sent({ server: { host: 'sftp.vendor.example' } })], 'by-address')).toMatchObject([{ part: 'to-server' }]);
  expect(run([whole()], 'by-address')).toMatchObject([{ part: 'to-client' }]);
  const upload = sent({ client: { ip: '10.1.2.3', user: 'staff' }, server: { host: 'gw1' } });
  expect(run([upload], 'by-address')).toEqual([]);
  const push = sent({ client: { ip: '10.1.2.3' }, server: { ip: '8.8.8.8' } });
  expect(run([push], 'by-address')).toMatchObject([{ part: 'to-server', receiver: { ip: '8.8.8.8' } }]);
});

const begun: LogRecord = { kind: 'logout', timeMs: TWO_PM };
const connected = (server: LogRecord['server']): LogRecord => ({
  kind: 'login',
  timeMs: TWO_PM,
  ...(server !== undefined && { server }),
  protocol: 'ftp',
});

test('files of a log that names its server once went there', () => {
  const activities = run(
    [begun, connected({ ip: '8.8.1.1', host: 'sftp.vendor.example', port: 21 }), sent()],
    'client',
  );
  expect(activities).toMatchObject([
    { part: 'to-server', protocol: 'ftp', receiver: { ip: '8.8.1.1', host: 'sftp.vendor.example', port: 21 } },
  ]);
  expect(activities[0]).not.toHaveProperty('addressMissing');
});

test('between two servers nobody can tell, unless the log began anew', () => {
  const [one, two] = [connected({ host: 'one.example' }), connected({ host: 'two.example' })];
  expect(run([one, two, sent()], 'client')).toMatchObject([
    { receiver: {}, addressMissing: 'the log speaks of several servers, and not of which of them it was sent to' },
  ]);
  expect(run([one, one, sent()], 'client')).toMatchObject([{ receiver: { host: 'one.example' } }]);
  expect(run([one, begun, two, sent()], 'client')).toMatchObject([{ receiver: { host: 'two.example' } }]);
});

test('a file that was sent nobody knows where to has an unknown receiver, and says so', () => {
  expect(run([sent()], 'client')).toMatchObject([
    { receiver: {}, addressMissing: 'the log does not say which server it was sent to' },
  ]);
});

const SESSION = { protocol: 'sftp', session: 'mod_sftp[7]' } as const;
const seen: LogRecord = {
  kind: 'login',
  timeMs: TWO_PM,
  client: { ip: '203.0.113.9', port: 42_341 },
  server: { ip: '10.9.0.1', port: 22 },
  ...SESSION,
};
const offered = (key: string): LogRecord => ({
  kind: 'login',
  timeMs: TWO_PM,
  auth: { method: 'publickey', key },
  ...SESSION,
});
const letIn = (method: string): LogRecord => ({
  kind: 'login',
  timeMs: TWO_PM + 5,
  client: { user: 'acme_sftp' },
  auth: { method },
  ...SESSION,
  outcome: 'success',
});

test('a login whose address and key stand in lines before it is one access, with both', () => {
  expect(run([seen, offered('SHA256:other'), offered(KEY), letIn('publickey')], 'server')).toMatchObject([
    {
      kind: 'access',
      part: 'access',
      protocol: 'sftp',
      receiver: { ip: '203.0.113.9', port: 42_341, user: 'acme_sftp' },
      account: 'acme_sftp',
      key: KEY,
      authMethod: 'publickey',
    },
  ]);
});

test('a password has no key, whatever was offered before it', () => {
  const [access] = run([seen, offered(KEY), letIn('password')], 'server');
  expect(access).toMatchObject({ authMethod: 'password', account: 'acme_sftp' });
  expect(access).not.toHaveProperty('key');
});

test('a process id that is used again brings neither key nor address of the session before', () => {
  const again: LogRecord = { ...seen, client: { ip: '198.51.100.4', port: 5 } };
  const [, second] = run([seen, offered(KEY), letIn('publickey'), again, letIn('publickey')], 'server');
  expect(second).toMatchObject({ receiver: { ip: '198.51.100.4', port: 5 } });
  expect(second).not.toHaveProperty('key');
});

test('one login that two lines tell of is one access', () => {
  const said = (timeMs: number): LogRecord => ({
    kind: 'login',
    timeMs,
    client,
    session: 'proftpd[7]',
    outcome: 'success',
  });
  expect(run([said(TWO_PM), said(TWO_PM + 12)], 'server')).toHaveLength(1);
  expect(run([said(TWO_PM), said(TWO_PM + 60_000)], 'server')).toHaveLength(2);
});

test('a login with its key and the files after it are one session, and the key is that of the files', () => {
  const session = 'aws-transfer[9ca9]';
  const login: LogRecord = {
    kind: 'login',
    timeMs: TWO_PM,
    client,
    auth: { method: 'publickey', key: KEY },
    protocol: 'sftp',
    session,
    outcome: 'success',
  };
  const { client: _, ...closed } = whole({ session, timeMs: TWO_PM + 10 });
  const [access, transfer] = run([login, closed], 'server');
  expect(access).toMatchObject({ kind: 'access', key: KEY });
  expect(transfer).toMatchObject({ kind: 'transfer', receiver: client, account: 'acme_sftp', key: KEY });
});

test('a connection alone, and a login that failed, let nobody in', () => {
  expect(run([seen, offered(KEY), { ...letIn('password'), outcome: 'failure' }], 'server')).toEqual([]);
});
