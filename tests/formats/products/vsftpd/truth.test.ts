import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/formats/record.ts';
import { readingsOf, truthOf } from '../../fixtures.ts';
import { type Move, movesOf, recordsOf, unreadableIn } from '../transfers.ts';

const ROWS = truthOf('vsftpd/truth.csv');

/** What the truth table says has moved; `named` makes of a real name what the log makes of it. */
function truth(ip: string, folder: string, named: (name: string) => string): readonly Move[] {
  return ROWS.map(({ direction, file = '', bytes }) => ({
    way: direction === 'upload' ? 'upload' : 'download',
    bytes: Number(bytes),
    path: `${folder}${named(file)}`,
    ip,
    user: 'labvs',
  }));
}

/** Each byte that is not ASCII; é has two in UTF-8. */
const questioned = (name: string) => name.replaceAll('é', '??');
const underscored = (name: string) => questioned(name).replaceAll(' ', '_');

test('Every form of the log tells the transfers that there really were, with bytes, direction, client and account', () => {
  expect(movesOf(recordsOf('vsftpd/native.log', 'vsftpd'))).toEqual(truth('127.0.15.1', '/srv/sftp/vs/', questioned));
  expect(movesOf(recordsOf('vsftpd/xferlog.log', 'xferlog'))).toEqual(
    truth('127.0.15.2', '/srv/sftp/vs/', underscored),
  );
  expect(movesOf(recordsOf('vsftpd/dual_native.log', 'vsftpd'))).toEqual(truth('127.0.15.4', '/', questioned));
  expect(movesOf(recordsOf('vsftpd/dual_xferlog.log', 'xferlog'))).toEqual(truth('127.0.15.4', '/', underscored));
  expect(movesOf(recordsOf('vsftpd/syslog_rfc3164.log', 'vsftpd'))).toEqual(truth('127.0.15.5', '/', (name) => name));
  // The file was cut after 95 lines: the last two transfers are not in it.
  const protocol = movesOf(recordsOf('vsftpd/protocol.log', 'vsftpd'));
  expect(protocol).toEqual(truth('127.0.15.3', '/', questioned).slice(0, 4));
});

test('No line of any file is unreadable', () => {
  for (const file of ['native', 'protocol', 'dual_native', 'syslog_rfc3164', 'tz_newyork_native'])
    expect(unreadableIn(`vsftpd/${file}.log`, 'vsftpd'), file).toEqual([]);
  for (const file of ['xferlog', 'dual_xferlog'])
    expect(unreadableIn(`vsftpd/${file}.log`, 'xferlog'), file).toEqual([]);
});

test('Logins, changes and the login that failed are told', () => {
  const changes = (records: readonly LogRecord[]) =>
    records.flatMap(({ file, outcome }) => {
      if (file === undefined || file.operation === 'read' || file.operation === 'write') return [];
      return [`${file.operation} ${file.path}${file.to === undefined ? '' : ` -> ${file.to}`} ${outcome}`];
    });
  const records = recordsOf('vsftpd/dual_native.log', 'vsftpd');
  expect(changes(records)).toEqual([
    'mkdir /arch success',
    'rename /log.txt -> /arch/log2.txt success',
    'remove /arch/log2.txt success',
    'remove /arch success',
  ]);
  const logins = records.filter(({ kind }) => kind === 'login');
  expect(logins.map(({ outcome }) => outcome)).toEqual([...Array<string>(8).fill('success'), 'failure']);
  expect(logins.at(-1)).toMatchObject({ client: { ip: '127.0.15.4', user: 'labvs' }, outcome: 'failure' });
  const inSyslog = recordsOf('vsftpd/syslog_rfc3164.log', 'vsftpd');
  expect(changes(inSyslog)).toEqual(changes(records));
  expect(inSyslog[0]?.server).toEqual({ host: 'gw1' });
});

test('The commands that log_ftp_protocol adds are skipped, each of them', () => {
  const skipped = readingsOf('vsftpd/protocol.log', 'vsftpd').filter(({ kind }) => kind === 'skipped');
  // 95 lines, of which 5 logins and 4 transfers.
  expect(skipped).toHaveLength(86);
});

test('Local times are read in the zone of the source', () => {
  const records = recordsOf('vsftpd/tz_newyork_native.log', 'vsftpd', 'America/New_York');
  expect(records.at(-1)).toEqual({
    kind: 'file',
    timeMs: Date.UTC(2026, 10, 24, 4, 16, 29),
    client: { ip: '127.0.15.9', user: 'labvs' },
    bytesToServer: 51,
    file: { path: '/tz.json', operation: 'write' },
    protocol: 'ftp',
    outcome: 'success',
  });
});
