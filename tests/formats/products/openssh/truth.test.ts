import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/formats/record.ts';
import { readingsOf, recordOf, truthOf } from '../../fixtures.ts';

const FILES = {
  'v9.2': ['v9.2_rfc3164', 'v9.2_iso', 'v9.2_rfc5424', 'v9.2_rsyslog_json'],
  'v10.0': ['v10.0_rfc3164', 'v10.0_iso', 'v10.0_rfc5424', 'v10.0_rsyslog_json'],
  journald: ['journald_json', 'journald_short', 'journald_short_iso', 'journald_short_full'],
} as const;

function records(file: string): readonly LogRecord[] {
  return readingsOf(`openssh/${file}.log`, 'openssh').flatMap((reading) =>
    reading.kind === 'record' ? [reading.record] : [],
  );
}

/** `internal-sftp[15237]` is session 15237. */
function pidOf({ session }: LogRecord): string | undefined {
  return /\[(\d+)\]$/.exec(session ?? '')?.[1];
}

test('No line of any file is unreadable', () => {
  for (const file of [...Object.values(FILES).flat(), 'v9.2_chroot_without_devlog_rfc3164']) {
    const unreadable = readingsOf(`openssh/${file}.log`, 'openssh').filter(({ kind }) => kind === 'unreadable');
    expect(unreadable, file).toEqual([]);
  }
});

test('The files that sessions moved are exactly those that were really moved, in every form of log', () => {
  for (const [log, files] of Object.entries(FILES)) {
    const rows = truthOf('openssh/truth.csv').filter((row) => row.log === log);
    const moved = rows
      .filter(({ outcome }) => outcome === 'ok' || outcome === 'aborted')
      .map((row) => ({
        session: row.session_pid,
        path: row.path_as_logged,
        toServer: row.direction === 'upload' ? Number(row.bytes) : 0,
        toClient: row.direction === 'download' ? Number(row.bytes) : 0,
        operation: row.direction === 'upload' ? 'write' : 'read',
        outcome: row.outcome === 'ok' ? 'success' : 'aborted',
      }));
    expect(moved.length).toBeGreaterThan(0);
    for (const file of files) {
      const closed = records(file)
        .filter(({ bytesToClient }) => bytesToClient !== undefined)
        .map((record) => ({
          session: pidOf(record),
          path: record.file?.path,
          toServer: record.bytesToServer,
          toClient: record.bytesToClient,
          operation: record.file?.operation,
          outcome: record.outcome,
        }));
      expect(bySession(closed), file).toEqual(bySession(moved));
    }
  }
});

function bySession(moves: readonly { readonly session: string | undefined }[]) {
  return moves.toSorted((a, b) => Number(a.session) - Number(b.session));
}

test('Every SFTP session opens with the user and address that it really had, and closes', () => {
  for (const [log, files] of Object.entries(FILES)) {
    const rows = truthOf('openssh/truth.csv').filter((row) => row.log === log && row.session_pid !== '');
    for (const file of files) {
      for (const { session_pid: session, user, client_ip: ip } of rows) {
        const [opened, ...rest] = records(file).filter((record) => pidOf(record) === session);
        expect(opened, `${file} ${session}`).toMatchObject({ kind: 'login', client: { user, ip }, outcome: 'success' });
        expect(opened?.auth).toBeUndefined();
        expect(rest.at(-1), `${file} ${session}`).toMatchObject({ kind: 'logout', client: { user, ip } });
      }
    }
  }
});

test('Files that hold the same messages give the same records', () => {
  for (const [first, ...others] of Object.values(FILES)) {
    // RFC 3164 and journalctl's short forms have whole seconds.
    const bySecond = (file: string) =>
      records(file).map((record) => ({ ...record, timeMs: Math.floor(record.timeMs / 1_000) }));
    for (const other of others) expect(bySecond(other), other).toEqual(bySecond(first));
  }
});

test('Logins that succeeded and that failed are told apart', () => {
  const logins = records('v9.2_rfc3164').filter(({ kind, auth }) => kind === 'login' && auth !== undefined);
  // S01 to S12 without S04 and S05, which failed, and with S06b; S11 does not exist.
  expect(logins.filter(({ outcome }) => outcome === 'success')).toHaveLength(10);
  expect(logins.filter(({ outcome }) => outcome === 'failure').map(({ client }) => client)).toEqual([
    { ip: '127.0.12.4', port: 40_787, user: 'dicomrx' },
    { ip: '127.0.12.5', port: 40_099, user: 'nosuch' },
  ]);
  const odd = records('v10.0_iso').filter(({ client }) => client?.ip === '127.0.13.4');
  expect(odd.map(({ client, outcome }) => [client?.user, outcome])).toEqual([
    ['no such@x', 'failure'],
    ['no such@x', 'failure'],
  ]);
});

test("The journal knows the sender's time, and its own byte arrays and line breaks do no harm", () => {
  const readings = readingsOf('openssh/journald_json.log', 'openssh');
  expect(recordOf(readings[5] ?? { kind: 'skipped', because: '' })).toMatchObject({
    kind: 'login',
    auth: { method: 'publickey', key: 'SHA256:XsI2ebnCEHk2MNK8HY11WIe9+XAPL/+yjF3eBnZn+Tg' },
    session: 'sshd[17459]',
  });
  expect(readings.slice(-3).map(({ kind }) => kind)).toEqual(['skipped', 'skipped', 'skipped']);
});

test('In a jail without a syslog socket only the login is left', () => {
  const found = records('v9.2_chroot_without_devlog_rfc3164');
  expect(found.map(({ kind, client }) => [kind, client?.user])).toEqual([['login', 'svc_claims']]);
});
