import { expect, test } from 'vitest';
import { detectFormat, settleFormat } from '../../src/formats/detect.ts';
import { linesOf, WRITTEN_BEFORE_MS } from './fixtures.ts';

const UTC = { timezone: 'UTC' };
const seen = (lines: readonly string[]) => lines.map((text) => ({ text, writtenBeforeMs: WRITTEN_BEFORE_MS }));
const fixture = (path: string) => seen(linesOf(path));
const squid = (status: number) =>
  `1795493096.168 8 10.1.2.3 TCP_MISS/${status} 244 GET http://h.example/ - HIER_DIRECT/192.0.2.9 text/html`;
const combined = (agent: string) =>
  `192.0.2.99 - - [24/Nov/2026:04:09:22 +0000] "GET /x HTTP/1.1" 200 24 "-" "${agent}"`;

test.each([
  ['squid/native.log', 'squid'],
  ['squid/syslog_iso.log', 'squid'],
  ['squid/syslog_rsyslog_json.log', 'squid'],
  ['squid/common.log', 'squid-common'],
  ['squid/combined.log', 'squid-combined'],
  ['squid/referrer.log', 'squid-referrer'],
  ['squid/useragent.log', 'squid-useragent'],
  ['apache/fwd_common.log', 'apache-common'],
  ['apache/fwd_combinedio.log', 'apache-combinedio'],
  ['apache/fwd_vhost_combined.log', 'apache-vhost-combined'],
  ['haproxy/httplog.log', 'haproxy'],
  ['haproxy/tcplog.log', 'haproxy'],
  ['haproxy/clf.log', 'haproxy'],
  ['haproxy/syslog_rfc5424.log', 'haproxy'],
  ['caddy/access_json_unixts.log', 'caddy'],
  ['caddy/access_console.log', 'caddy'],
  ['openssh/v9.2_rfc3164.log', 'openssh'],
  ['openssh/journald_json.log', 'openssh'],
  ['proftpd/xferlog.log', 'xferlog'],
  // Both in the Common Log Format, and neither a web server's.
  ['proftpd/extended_default.log', 'proftpd-extended'],
  ['pure-ftpd/clf.log', 'pure-ftpd-clf'],
  ['proftpd/sftp.log', 'proftpd-sftp'],
  ['proftpd/system.log', 'proftpd-system'],
  ['vsftpd/native.log', 'vsftpd'],
  ['vsftpd/protocol.log', 'vsftpd'],
  ['vsftpd/syslog_rfc3164.log', 'vsftpd'],
  ['pure-ftpd/syslog_rfc3164.log', 'pure-ftpd'],
  ['pure-ftpd/w3c.log', 'pure-ftpd-w3c'],
  ['pure-ftpd/stats.log', 'pure-ftpd-stats'],
])('%s is of format %s, and of no other', (path, format) => {
  const { found, fits } = detectFormat(fixture(path), UTC);
  expect(found?.format).toBe(format);
  expect(fits.map((fit) => fit.format)).toEqual([format]);
  expect(settleFormat(fixture(path), UTC)).toMatchObject({ kind: 'settled', format });
});

test('Two formats that fit are no answer: combined is written by Apache and by nginx', () => {
  for (const path of ['apache/fwd_combined.log', 'nginx/combined.log']) {
    const { found, fits } = detectFormat(fixture(path), UTC);
    expect(found).toBeUndefined();
    expect(fits.map(({ format }) => format)).toEqual(['apache-combined', 'nginx']);
    expect(settleFormat(fixture(path), UTC)).toEqual({
      kind: 'open',
      formats: ['apache-combined', 'nginx'],
      lines: fixture(path).length,
    });
  }
});

test('Logs that are of no known format are not guessed at', () => {
  for (const path of ['apache/error.log', 'nginx/error.log', 'nginx/upstream_ext.log']) {
    expect(detectFormat(fixture(path), UTC)).toMatchObject({ readable: 0, fits: [] });
    expect(settleFormat(fixture(path), UTC).kind).toBe('nothing-read');
  }
});

test('One line is half a proof, nine are nine tenths of one', () => {
  expect(detectFormat(seen([squid(200)]), UTC).found?.confidence).toBe(0.5);
  expect(detectFormat(seen(Array.from({ length: 9 }, () => squid(200))), UTC).found?.confidence).toBe(0.9);
  const withGarbage = [...Array.from({ length: 9 }, () => squid(200)), 'garbage'];
  expect(detectFormat(seen(withGarbage), UTC)).toMatchObject({ lines: 10, readable: 9 });
});

test('A log with lines of two formats is refused, unless one of them is all but a few', () => {
  const half = seen([squid(200), combined('a'), squid(200), combined('a')]);
  expect(detectFormat(half, UTC).found).toBeUndefined();
  const most = seen([...Array.from({ length: 8 }, () => squid(200)), combined('a')]);
  expect(detectFormat(most, UTC).found?.format).toBe('squid');
});

test('What settles a format is the beginning of the log: no line behind the first that decides changes it', () => {
  const decided = { kind: 'settled', format: 'squid', line: 2 };
  const lines = ['garbage', squid(200), combined('a'), combined('b')];
  for (let count = 2; count <= lines.length; count++) {
    expect(settleFormat(seen(lines.slice(0, count)), UTC)).toEqual(decided);
  }
  expect(settleFormat(seen(['garbage', '', '# comment']), UTC)).toEqual({ kind: 'nothing-read', lines: 3 });
  // A line that neither of the two candidates reads: the log is mixed.
  expect(settleFormat(seen([combined('a'), squid(200)]), UTC)).toEqual({ kind: 'open', formats: [], lines: 2 });
});
