import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/formats/record.ts';
import { toActivities } from '../../src/transfers/activities.ts';
import { Sessions } from '../../src/transfers/sessions.ts';
import type { Activity } from '../../src/transfers/transfer.ts';
import { line, TWO_PM } from './examples.ts';

const KEY = 'SHA256:jcm/paSMC7dgh38okGSd4HZ7CKnPDZqQJBcuEsp5RCk';
const server = { host: 'gw1' };
const client = { ip: '203.0.113.9', user: 'acme_sftp' };

const accepted = (port: number, key = KEY): LogRecord => ({
  kind: 'login',
  timeMs: TWO_PM,
  client: { ...client, port },
  server,
  auth: { method: 'publickey', key },
  session: 'sshd[100]',
  outcome: 'success',
});
const opened = (pid: number): LogRecord => ({
  kind: 'login',
  timeMs: TWO_PM + 1000,
  client,
  server,
  session: `internal-sftp[${pid}]`,
  outcome: 'success',
});
const open = (pid: number, path: string): LogRecord => ({
  kind: 'file',
  timeMs: TWO_PM + 2000,
  server,
  session: `internal-sftp[${pid}]`,
  file: { path, operation: 'read' },
});
const closed = (pid: number, path: string, read: number, written: number): LogRecord => ({
  kind: 'file',
  timeMs: TWO_PM + 3000,
  server,
  session: `internal-sftp[${pid}]`,
  file: { path, operation: read > 0 ? 'read' : 'write' },
  bytesToClient: read,
  bytesToServer: written,
  outcome: 'success',
});
const ended = (pid: number): LogRecord => ({
  kind: 'logout',
  timeMs: TWO_PM + 4000,
  client,
  server,
  session: `internal-sftp[${pid}]`,
});
const disconnected = (port: number): LogRecord => ({
  kind: 'logout',
  timeMs: TWO_PM + 4000,
  client: { ...client, port },
  server,
  session: 'sshd[101]',
});

function run(records: readonly LogRecord[], sessions = new Sessions()): readonly Activity[] {
  return records.flatMap((record, index) => toActivities({ line: line('', index * 100), record }, 'server', sessions));
}

test('a download goes to the client of its session, with the user, the port and the key of the login', () => {
  const activities = run([
    accepted(52903),
    opened(7),
    open(7, '/outbound/a.zip'),
    closed(7, '/outbound/a.zip', 66_893, 0),
  ]);
  expect(activities.map(({ kind }) => kind)).toEqual(['access', 'transfer']);
  expect(activities[1]).toMatchObject({
    kind: 'transfer',
    part: 'to-client',
    vehicle: 'file',
    sender: { host: 'gw1' },
    receiver: { ip: '203.0.113.9', port: 52903, user: 'acme_sftp' },
    account: 'acme_sftp',
    key: KEY,
    path: '/outbound/a.zip',
    bytes: 66_893,
    reach: 'delivered',
  });
});

test('an upload to our own server moves nothing away', () => {
  expect(run([accepted(1), opened(7), closed(7, '/in/a.zip', 0, 66_893)]).map(({ kind }) => kind)).toEqual(['access']);
});

test('a login is one access, not one for each line that mentions it', () => {
  expect(run([accepted(1), opened(7)])).toHaveLength(1);
});

test("the SFTP server's own line is the access where sshd logs elsewhere", () => {
  const [access] = run([opened(7)]);
  expect(access).toMatchObject({ kind: 'access', receiver: client, account: 'acme_sftp' });
});

test('two logins of one user from one address with different keys leave the key of their files open', () => {
  const activities = run([accepted(1), accepted(2, 'SHA256:other'), opened(7), closed(7, '/outbound/a', 5, 0)]);
  const transfer = activities.at(-1);
  expect(transfer?.receiver).toEqual(client);
  expect(transfer).not.toHaveProperty('key');
});

test('once the other login is over, its key is in nobody’s way any more', () => {
  const activities = run([accepted(1), accepted(2, 'SHA256:other'), disconnected(2), opened(7), closed(7, '/a', 5, 0)]);
  expect(activities.at(-1)).toMatchObject({ key: KEY, receiver: { ...client, port: 1 } });
});

test('a port that logs in again has one login, the newest', () => {
  const activities = run([accepted(1), accepted(1, 'SHA256:other'), opened(7), closed(7, '/a', 5, 0)]);
  expect(activities.at(-1)).toMatchObject({ key: 'SHA256:other', receiver: { port: 1 } });
});

test('several sessions over one connection are one access, and end with it', () => {
  const activities = run([accepted(1), opened(7), opened(8), ended(7), opened(9), disconnected(1)]);
  expect(activities.map(({ part }) => part)).toEqual(['access']);
});

test('what a forced close had read went to the client all the same', () => {
  const [, transfer] = run([opened(7), { ...closed(7, '/a', 5, 0), outcome: 'aborted' }]);
  expect(transfer).toMatchObject({ reach: 'delivered', bytes: 5 });
});

test('a session that names no address is not said to have no beginning', () => {
  const nowhere: LogRecord = { ...opened(7), client: { user: 'acme_sftp' } };
  const [, transfer] = run([nowhere, closed(7, '/outbound/a', 10, 0)]);
  expect(transfer).toMatchObject({
    receiver: { user: 'acme_sftp' },
    addressMissing: 'the line that opened this session does not tell an address',
  });
});

test('clients that are logged by name are kept apart by it', () => {
  const from = (host: string, record: LogRecord): LogRecord => ({ ...record, client: { host, user: 'acme_sftp' } });
  const activities = run([from('one.example', accepted(1)), from('two.example', opened(7))]);
  expect(activities.map(({ part }) => part)).toEqual(['access', 'access']);
});

test('after its last disconnect a login is no longer joined to new sessions', () => {
  const activities = run([accepted(1), disconnected(1), opened(7)]);
  expect(activities.map(({ part }) => part)).toEqual(['access', 'access']);
});

test('files of interleaved sessions go to their own clients', () => {
  const other: LogRecord = { ...opened(8), client: { ip: '198.51.100.4', user: 'bob' } };
  const activities = run([opened(7), other, closed(8, '/b', 2, 0), closed(7, '/a', 1, 0)]);
  expect(activities.filter(({ kind }) => kind === 'transfer').map(({ receiver }) => receiver.ip)).toEqual([
    '198.51.100.4',
    '203.0.113.9',
  ]);
});

test('a reused process id belongs to the newest session', () => {
  const again: LogRecord = { ...opened(7), client: { ip: '198.51.100.4', user: 'bob' } };
  const activities = run([opened(7), ended(7), again, closed(7, '/b', 2, 0)]);
  expect(activities.at(-1)?.receiver).toEqual({ ip: '198.51.100.4', user: 'bob' });
});

test('a file of a session whose beginning was not seen has an unknown receiver, and says why', () => {
  const [transfer] = run([closed(7, '/outbound/a', 10, 0)]);
  expect(transfer).toMatchObject({ kind: 'transfer', receiver: {} });
  expect(transfer?.kind === 'transfer' && transfer.addressMissing).toMatch(/session/);
});

test('sessions are bounded in number: the least recently seen is forgotten, and its row with it', () => {
  const sessions = new Sessions([], { maxEntries: 2, maxAgeMs: 1e12 });
  run([opened(1), opened(2), opened(3)], sessions);
  expect(sessions.size).toBe(2);
  const { saved, ended: gone } = sessions.takeChanges();
  expect(saved.map(({ key }) => key)).toEqual(['session gw1 internal-sftp[2]', 'session gw1 internal-sftp[3]']);
  expect(gone.map(({ key }) => key)).toEqual(['session gw1 internal-sftp[1]']);
});

test('sessions are bounded in age, by the time in the log', () => {
  const sessions = new Sessions([], { maxEntries: 100, maxAgeMs: 3_600_000 });
  run([opened(1)], sessions);
  run([{ ...opened(2), timeMs: TWO_PM + 2 * 3_600_000 }], sessions);
  expect(sessions.size).toBe(1);
});

test('whatever the cut, saving and loading the sessions changes nothing that follows', () => {
  const record = fc.oneof(
    fc.integer({ min: 1, max: 4 }).map((port) => accepted(port)),
    fc.integer({ min: 1, max: 3 }).map(opened),
    fc.integer({ min: 1, max: 3 }).map((pid) => closed(pid, '/outbound/x', 9, 0)),
    fc.integer({ min: 1, max: 3 }).map(ended),
    fc.integer({ min: 1, max: 4 }).map(disconnected),
  );
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), fc.nat(30), (records, cut) => {
      const whole = run(records);
      const before = new Sessions();
      const head = records.slice(0, cut);
      const first = run(head, before);
      const { saved } = before.takeChanges();
      const after = new Sessions(saved);
      const rest = records
        .slice(cut)
        .flatMap((it, index) =>
          toActivities({ line: line('', (head.length + index) * 100), record: it }, 'server', after),
        );
      expect([...first, ...rest]).toEqual(whole);
    }),
  );
});
