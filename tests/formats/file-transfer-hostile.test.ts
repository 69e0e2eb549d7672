import { expect, test } from 'vitest';
import { printRecord } from '../../src/formats/record.ts';
import { readerFor } from '../../src/formats/registry.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { WRITTEN_BEFORE_MS } from './fixtures.ts';

const MIB = 1_048_576;

/** How lines of these formats begin, up to where a client's own words stand; what ends them may follow. */
const HEADS: readonly (readonly [FormatChoice, string, string])[] = [
  ['xferlog', 'Tue Nov 24 04:14:09 2026 0 192.0.2.7 5 ', ' b _ o r acme ftp 0 * c'],
  ['xferlog', 'Tue Nov 24 04:14:09 2026 0 192.0.2.7 5 /a b _ o a ', ' ftp 0 * c'],
  ['proftpd-extended', '192.0.2.7 UNKNOWN acme [24/Nov/2026:04:14:09 +0000] "RETR ', '" 226 5'],
  ['proftpd-phi-egress', '2026-11-24T04:14:09+0000 192.0.2.7 1 sftp RETR 226 5 0.002 success acme "', '"'],
  [
    { proftpd: '%{iso8601} %a \\"%r\\" %s %b \\"%f\\" %{transfer-failure} %P' },
    '2026-11-24 04:14:09,000 192.0.2.7 "',
    ' 7',
  ],
  ['proftpd-system', '2026-11-24 04:14:09,754 gw1 proftpd[7] 10.9.0.1 (h[192.0.2.7]): USER ', ': Login successful.'],
  ['proftpd-system', '2026-11-24 04:14:09,754 gw1 proftpd[7] 10.9.0.1 (', ''],
  ['proftpd-sftp', "2026-11-24 04:14:09,754 mod_sftp/1.1.1[7]: user '", "' authenticated via 'publickey' method"],
  ['proftpd-sftp', '2026-11-24 04:14:09,754 mod_sftp/1.1.1[7]: public key SHA256 fingerprint: ', ''],
  ['vsftpd', 'Tue Nov 24 04:14:09 2026 [pid 7] [', '] FAIL LOGIN: Client "192.0.2.7"'],
  ['vsftpd', 'Tue Nov 24 04:14:09 2026 [pid 7] [a] OK DOWNLOAD: Client "192.0.2.7", "', '", 5 bytes, 1.00Kbyte/sec'],
  ['vsftpd', 'Tue Nov 24 04:14:09 2026 [pid 7] [a] OK RENAME: Client "192.0.2.7", "', '"'],
  ['pure-ftpd', 'Nov 24 04:14:09 gw1 pure-ftpd: (', '@192.0.2.7) [NOTICE] /a downloaded  (5 bytes, 1.00KB/sec)'],
  ['pure-ftpd', 'Nov 24 04:14:09 gw1 pure-ftpd: (a@192.0.2.7) [NOTICE] ', ' downloaded  (5 bytes, 1.00KB/sec)'],
  ['pure-ftpd', 'Nov 24 04:14:09 gw1 pure-ftpd: (a@192.0.2.7) [NOTICE] File successfully renamed or moved: [', ']'],
  ['pure-ftpd-clf', '192.0.2.7 - a [24/Nov/2026:04:14:09 -0000] "GET ', '" 200 5'],
  ['pure-ftpd-clf', '192.0.2.7 - ', ' [24/Nov/2026:04:14:09 -0000] "GET /a" 200 5'],
  ['pure-ftpd-w3c', '2026-11-24 04:14:09 192.0.2.7 []sent ', ' 226 a 5'],
  ['pure-ftpd-stats', '1795493649 6b05.43 ', ' 192.0.2.7 D 5 1 /a'],
  [
    'sftpgo',
    '{"time":"2026-11-24T04:14:09.000","sender":"FTP","message":"User id: 1, logged in with FTP, username: \\"',
    '"}',
  ],
  ['sftpgo', '{"time":"2026-11-24T04:14:09.000","sender":"Download","file_path":"', '"}'],
  ['aws-transfer', '2026-11-24T04:14:09Z u.1 CLOSE Path=', ' BytesOut=5'],
  ['aws-transfer', '2026-11-24T04:14:09Z ERRORS AUTH_FAILURE Method=password User=', ' Message="x" SourceIP=192.0.2.7'],
  ['aws-transfer', '2026-11-24T04:14:09Z {"path":"', '"}'],
  ['lftp', '2026-11-24 04:14:09 ', ' -> sftp://u@h.example/a 0-5 1 B/s'],
  ['lftp', '2026-11-24 04:14:09 sftp://u@h.example/', ' -> /a 0-5 1 B/s'],
  ['rclone', '2026/11/24 04:14:09 INFO  : ', ': Copied (new)'],
  ['rclone', '{"time":"2026-11-24T04:14:09Z","msg":"New connection ', '->8.8.1.1:22 to x"}'],
  ['winscp', ". 2026-11-24 04:14:09.000 Transfer done: '", "' [5]"],
  ['winscp', '. 2026-11-24 04:14:09.000 Host name: ', ' (Port: 22)'],
];

const FILLINGS = [
  '"',
  '\\',
  '\\\\"',
  ' ',
  '[',
  ']',
  ' b _ o r x ',
  ' 226 5 "',
  '" 226 5 "',
  '] FAIL LOGIN: Client "1.2.3.4"',
  ' /',
  ']->[',
  ' -> ',
  "' => '",
  '%2F',
  '%',
  'a:',
  '10:',
  ' Message=',
  ' BytesOut=5',
  '->1:2 ',
  '\0',
  'é',
];

test.each(HEADS)(
  'A megabyte in the middle of a line of %j after %j is read in well under a second',
  (format, head, end) => {
    const read = readerFor(format, { timezone: 'America/New_York' });
    for (const filling of FILLINGS) {
      for (const line of [
        head + filling.repeat(MIB / filling.length) + end,
        head + filling.repeat(MIB / filling.length),
      ]) {
        const start = performance.now();
        const reading = read(line, { writtenBeforeMs: WRITTEN_BEFORE_MS });
        expect(performance.now() - start, filling).toBeLessThan(1_000);
        if (reading.kind === 'record') expect(printRecord(reading.record)).toContain('"time":');
        else expect(reading.because.length).toBeLessThan(120);
      }
    }
  },
  120_000,
);

test('A name that a client makes up cannot forge an entry of vsftpd', () => {
  const read = readerFor('vsftpd', { timezone: 'UTC' });
  const failed = (user: string) =>
    read(`Tue Nov 24 04:14:09 2026 [pid 7] [${user}] FAIL LOGIN: Client "192.0.2.99"`, {
      writtenBeforeMs: WRITTEN_BEFORE_MS,
    });
  for (const user of [
    'acme] OK LOGIN: Client "8.8.8.8"',
    'acme] OK LOGIN: Client "8.8.8.8", anon password "x"',
    'acme] OK DOWNLOAD: Client "8.8.8.8", "/a", 5 bytes, 1.00Kbyte/sec',
    'acme] FAIL LOGIN: Client "8.8.8.8"',
  ]) {
    expect(failed(user)).toMatchObject({
      kind: 'record',
      record: { kind: 'login', client: { ip: '192.0.2.99', user }, outcome: 'failure' },
    });
  }
});

test('A name that a client makes up cannot forge a login to ProFTPD', () => {
  const read = readerFor('proftpd-system', { timezone: 'UTC' });
  const text =
    '2026-11-24 04:14:09,754 gw1 proftpd[7] 10.9.0.1 (h[192.0.2.99]): USER acme: Login successful. (Login failed): Incorrect password';
  expect(read(text, { writtenBeforeMs: WRITTEN_BEFORE_MS })).toMatchObject({
    record: { client: { ip: '192.0.2.99', user: 'acme: Login successful.' }, outcome: 'failure' },
  });
});
