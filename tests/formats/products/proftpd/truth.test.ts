import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/formats/record.ts';
import type { FormatChoice } from '../../../../src/sources/settings.ts';
import { linesOf, readingsOf, truthOf } from '../../fixtures.ts';
import { type Move, movesOf, recordsOf, unreadableIn } from '../transfers.ts';

/** The LogFormats under which the fixtures were written. */
const EGRESS = {
  proftpd:
    '%{iso8601} %a %u %{protocol} \\"%r\\" %s %b %I %O %T \\"%f\\" %{transfer-status} %{transfer-failure} pid=%P local=%A:%p',
};
const JSON_KEYS = {
  proftpd:
    '{\\"t\\":\\"%{iso8601}\\",\\"ip\\":\\"%a\\",\\"user\\":\\"%u\\",\\"cmd\\":\\"%m\\",\\"file\\":\\"%f\\",\\"bytes\\":\\"%b\\",\\"xfer_bytes\\":\\"%{transfer-status}\\",\\"proto\\":\\"%{protocol}\\",\\"resp\\":\\"%s\\",\\"sid\\":\\"%{UNIQUE_ID}e\\"}',
};

const ROWS = truthOf('proftpd/truth.csv');
const FOLDER = '/srv/sftp/pro/';

/** What the truth table says has moved, with names as `named` makes them of the real ones. */
function truth(named: (row: Readonly<Record<string, string>>) => string): readonly Move[] {
  return ROWS.filter(({ direction }) => direction !== 'delete').map((row) => ({
    way: row.direction === 'upload' ? 'upload' : 'download',
    bytes: Number(row.bytes),
    path: named(row),
    ip: row.client_ip ?? '',
    user: row.user ?? '',
  }));
}

const absolute = ({ file = '' }) => `${FOLDER}${file}`;
const underscored = ({ file = '' }) => `${FOLDER}${file.replaceAll(' ', '_')}`;
/** Over FTP the default LogFormat has what the client asked for, which curl does relative to its folder. */
const asAsked = ({ file = '', service = '' }) => (service === 'ftp' ? file : `${FOLDER}${file}`);

test('Every form of the log tells the transfers that there really were, with bytes, direction, client and account', () => {
  expect(movesOf(recordsOf('proftpd/xferlog.log', 'xferlog'))).toEqual(truth(underscored));
  expect(movesOf(recordsOf('proftpd/extended_default.log', 'proftpd-extended'))).toEqual(truth(asAsked));
  expect(movesOf(recordsOf('proftpd/extended_egress.log', EGRESS))).toEqual(truth(absolute));
  expect(movesOf(recordsOf('proftpd/extended_json.log', JSON_KEYS))).toEqual(truth(absolute));
});

test('No line of any file is unreadable', () => {
  const files: readonly (readonly [string, FormatChoice])[] = [
    ['xferlog', 'xferlog'],
    ['extended_default', 'proftpd-extended'],
    ['extended_egress', EGRESS],
    ['extended_json', JSON_KEYS],
    ['sftp', 'proftpd-sftp'],
    ['system', 'proftpd-system'],
    ['tz_newyork_xferlog', 'xferlog'],
    ['tz_newyork_extended_egress', EGRESS],
  ];
  for (const [file, choice] of files) expect(unreadableIn(`proftpd/${file}.log`, choice), file).toEqual([]);
});

test('What was aborted is told apart, and a deletion moves nothing', () => {
  const aborted = (records: readonly LogRecord[]) => records.filter(({ outcome }) => outcome === 'aborted');
  const logs = [
    recordsOf('proftpd/xferlog.log', 'xferlog'),
    recordsOf('proftpd/extended_default.log', 'proftpd-extended'),
    recordsOf('proftpd/extended_egress.log', EGRESS),
    recordsOf('proftpd/extended_json.log', JSON_KEYS),
  ];
  for (const records of logs) {
    expect(aborted(records).map(({ file, bytesToServer }) => [file?.path, bytesToServer])).toEqual([
      [`${FOLDER}abort.bin`, 163_840],
    ]);
    const removed = records.filter(({ file }) => file?.operation === 'remove');
    expect(removed.map(({ file }) => file?.path.split('/').at(-1))).toEqual(['résumé.txt', 'log.txt']);
    for (const record of removed) expect(Object.keys(record)).not.toContain('bytesToClient');
    for (const record of removed) expect(Object.keys(record)).not.toContain('bytesToServer');
  }
});

test('Logins are told with the outcome that they had', () => {
  const logins = (records: readonly LogRecord[]) =>
    records
      .filter(({ kind, outcome }) => kind === 'login' && outcome !== undefined)
      .map(({ client, outcome }) => `${client?.ip ?? '-'} ${client?.user ?? '-'} ${outcome}`);
  const good = (session: number) => `127.0.14.${session} labpro success`;
  const bad = (session: number) => `127.0.14.${session} - failure`;
  // The first and the fourth offer a key before they sign with it, which ProFTPD logs as a password that was wrong.
  const expected = [bad(1), good(1), good(2), bad(3), bad(4), good(4), good(5), good(5), good(6), good(6), bad(7)];
  expect(logins(recordsOf('proftpd/extended_default.log', 'proftpd-extended'))).toEqual(expected);
  expect(logins(recordsOf('proftpd/extended_egress.log', EGRESS))).toEqual(expected);
  // mod_sftp and mod_auth both tell of the logins over SFTP.
  expect(logins(recordsOf('proftpd/system.log', 'proftpd-system'))).toEqual([
    ...[good(1), good(1), good(2), good(2), '127.0.14.3 labpro failure', good(4), good(4)],
    ...[good(5), good(5), good(6), good(6), '127.0.14.7 labpro failure'],
  ]);
});

test('The SFTPLog tells address, key and account of a session in lines of their own', () => {
  const first = recordsOf('proftpd/sftp.log', 'proftpd-sftp').filter(({ session }) => session === 'mod_sftp[16386]');
  // The fingerprint of the key that signed, as ssh-keygen would print it: the bytes of the log in base64.
  const key = 'SHA256:XsI2ebnCEHk2MNK8HY11WIe9+XAPL/+yjF3eBnZn+Tg';
  expect(first.map(({ kind, client, server, auth, outcome }) => ({ kind, client, server, auth, outcome }))).toEqual([
    {
      kind: 'login',
      client: { ip: '127.0.14.1', port: 42_341 },
      server: { ip: '127.91.0.1', port: 2222 },
    },
    { kind: 'login', auth: { method: 'publickey', key } },
    { kind: 'login', auth: { method: 'publickey', key } },
    { kind: 'login', client: { user: 'labpro' }, auth: { method: 'publickey' }, outcome: 'success' },
    { kind: 'logout', client: { ip: '127.0.14.1' } },
  ]);
  const methods = recordsOf('proftpd/sftp.log', 'proftpd-sftp').flatMap(({ auth, outcome }) =>
    outcome === 'success' ? [auth?.method] : [],
  );
  expect(methods).toEqual(['publickey', 'password', 'publickey']);
});

test('Local times are read in the zone of the source', () => {
  const [xfer] = recordsOf('proftpd/tz_newyork_xferlog.log', 'xferlog', 'America/New_York');
  expect(xfer).toMatchObject({ timeMs: Date.UTC(2026, 10, 24, 4, 18, 29), bytesToServer: 66_893 });
  const stored = recordsOf('proftpd/tz_newyork_extended_egress.log', EGRESS, 'America/New_York').at(-1);
  expect(stored).toMatchObject({
    timeMs: Date.UTC(2026, 10, 24, 4, 18, 29, 767),
    bytesToServer: 66_893,
    file: { path: '/srv/sftp/pro/ny.csv', operation: 'write' },
  });
  // The default LogFormat carries the offset itself.
  expect(recordsOf('proftpd/extended_default.log', 'proftpd-extended', 'Asia/Tokyo')[0]?.timeMs).toBe(
    Date.UTC(2026, 10, 24, 4, 14, 9),
  );
});

test('Chatter is skipped: lines are accounted for to the last', () => {
  const kinds = (path: string, choice: FormatChoice) => {
    const readings = readingsOf(path, choice);
    expect(readings).toHaveLength(linesOf(path).length);
    return readings.filter(({ kind }) => kind === 'skipped').length;
  };
  expect(kinds('proftpd/xferlog.log', 'xferlog')).toBe(0);
  // 15 USER and one RNTO.
  expect(kinds('proftpd/extended_default.log', 'proftpd-extended')).toBe(16);
});
