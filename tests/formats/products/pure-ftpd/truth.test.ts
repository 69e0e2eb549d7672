import { expect, test } from 'vitest';
import type { FormatChoice } from '../../../../src/sources/settings.ts';
import { truthOf } from '../../fixtures.ts';
import { type Move, movesOf, recordsOf, unreadableIn } from '../transfers.ts';

const ROWS = truthOf('pure-ftpd/truth.csv');

function truth(run: string, named: (name: string) => string = (name) => name): readonly Move[] {
  return ROWS.filter((row) => row.run === run).map(({ direction, file = '', bytes }) => ({
    way: direction === 'upload' ? 'upload' : 'download',
    bytes: Number(bytes),
    path: `/srv/sftp/pf/${named(file)}`,
    ip: '127.0.16.1',
    user: 'labpf',
  }));
}

const FIRST_RUN = 'xferlog+syslog';
const OTHER_RUNS = 'clf / stats / w3c';

test('Every form of AltLog tells the transfers that there really were, with bytes, direction, client and account', () => {
  const forms: readonly FormatChoice[] = ['pure-ftpd-clf', 'pure-ftpd-w3c', 'pure-ftpd-stats'];
  for (const form of forms) {
    const file = `pure-ftpd/${String(form).replace('pure-ftpd-', '')}.log`;
    expect(movesOf(recordsOf(file, form)), file).toEqual(truth(OTHER_RUNS));
    expect(unreadableIn(file, form), file).toEqual([]);
  }
  const underscored = (name: string) => name.replaceAll(' ', '_');
  expect(movesOf(recordsOf('pure-ftpd/xferlog.log', 'xferlog'))).toEqual(truth(FIRST_RUN, underscored));
  expect(unreadableIn('pure-ftpd/xferlog.log', 'xferlog')).toEqual([]);
});

test('syslog holds the transfers of all runs, one after the other', () => {
  const newYork: Move = { way: 'upload', bytes: 66_893, path: '/srv/sftp/pf/ny.csv', ip: '127.0.0.1', user: 'labpf' };
  const moves = movesOf(recordsOf('pure-ftpd/syslog_rfc3164.log', 'pure-ftpd'));
  const others = truth(OTHER_RUNS);
  expect(moves).toEqual([...truth(FIRST_RUN), ...others, ...others, ...others, newYork]);
  expect(unreadableIn('pure-ftpd/syslog_rfc3164.log', 'pure-ftpd')).toEqual([]);
});

test('syslog tells logins, the one that failed, renames and deletions', () => {
  const records = recordsOf('pure-ftpd/syslog_rfc3164.log', 'pure-ftpd');
  const logins = records.filter(({ kind }) => kind === 'login');
  const failed = logins.filter(({ outcome }) => outcome !== 'success');
  // One connection for each of 20 transfers and checks that curl made; the ninth gave a wrong password.
  expect(logins).toHaveLength(21);
  expect(failed).toEqual([
    {
      kind: 'login',
      timeMs: Date.UTC(2026, 10, 24, 4, 15, 58),
      client: { ip: '127.0.16.1', user: 'labpf' },
      server: { host: 'gw1' },
      protocol: 'ftp',
      outcome: 'failure',
    },
  ]);
  expect(
    records.flatMap(({ file }) => (file?.operation === 'rename' || file?.operation === 'remove' ? [file] : [])),
  ).toEqual([
    { path: 'claims_1m.bin', operation: 'rename', to: 'arch/c.bin' },
    { path: '/srv/sftp/pf/arch/c.bin', operation: 'remove' },
  ]);
  expect(records.filter(({ kind }) => kind === 'logout').map(({ client }) => client?.user)).toEqual(
    Array<string>(20).fill('labpf'),
  );
});
