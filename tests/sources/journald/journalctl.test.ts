import { expect, test } from 'vitest';
import { toLine } from '../../../src/sources/journald/entry-line.ts';
import { argumentsFor } from '../../../src/sources/journald/journalctl.ts';
import { readPosition, writePosition } from '../../../src/sources/journald/position.ts';

const FIELDS = '--output-fields=MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_COMM,_HOSTNAME,_PID,_SOURCE_REALTIME_TIMESTAMP';

test('journalctl is asked for what is needed and nothing else', () => {
  expect(argumentsFor({ matches: [], lines: 'one' })).toEqual(['--output=export', FIELDS, '--no-pager', '--lines=1']);
  const query = {
    directory: '/var/log/journal/remote',
    from: { cursor: 's=1;i=2' },
    lines: 'all',
    follow: true,
  } as const;
  expect(argumentsFor({ ...query, matches: ['_SYSTEMD_UNIT=ssh.service', '_SYSTEMD_UNIT=-f'] })).toEqual([
    '--output=export',
    FIELDS,
    '--no-pager',
    '--lines=all',
    '--follow',
    '--directory=/var/log/journal/remote',
    '--cursor=s=1;i=2',
    '_SYSTEMD_UNIT=ssh.service',
    '_SYSTEMD_UNIT=-f',
  ]);
  expect(argumentsFor({ matches: [], lines: 'all', from: { sinceMs: 1_795_645_560_123 } })).toContain(
    '--since=@1795645560.123',
  );
});

test('a position survives being stored, and what is none is not handed to journalctl', () => {
  for (const position of [
    { cursor: 's=6464b4;i=1;b=4f39;m=3c198afb;t=6612141f0cbba;x=ef5f' },
    { sinceMs: 1_795_645_560_123 },
  ])
    expect(readPosition(writePosition(position))).toEqual(position);
  for (const text of [undefined, '', '{"epoch":"00","next":1}', '@x', 'a b', 'a\nb', `s=${'1'.repeat(600)}`])
    expect(readPosition(text)).toBeUndefined();
});

test('an entry is a line named by its cursor, written when the journal took it', () => {
  const fields = new Map([
    ['__CURSOR', 's=1;i=2'],
    ['__REALTIME_TIMESTAMP', '1795645560710982'],
    ['MESSAGE', 'Accepted publickey for é'],
  ]);
  const text = '{"__REALTIME_TIMESTAMP":"1795645560710982","MESSAGE":"Accepted publickey for é"}';
  expect(toLine({ fields, cut: false }, 's=1;i=2', 'sshd', 'journal')).toEqual({
    source: 'sshd',
    text,
    // printf 's=1;i=2' | sha256sum
    place: { file: '9dc324e3a781fcf1', offset: 0, bytes: 81 },
    path: 'journal',
    writtenBeforeMs: 1_795_645_560_711,
    cut: false,
  });
});
