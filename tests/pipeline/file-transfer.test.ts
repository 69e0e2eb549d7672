import { expect, test } from 'vitest';
import { findingsOf } from '../../src/pipeline/inspect.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { type Gateway, inspectAll, stagesOf, vendor } from './stages.ts';

/** The fingerprint that `SFTPLog` writes in hexadecimal below. */
const KEY = 'SHA256:EHNdoMMdGk6UHOZcKiaXmPXZF+Nfe2DF5TRq+U8gCDQ';
const HEX = '10:73:5d:a0:c3:1d:1a:4e:94:1c:e6:5c:2a:26:97:98:f5:d9:17:e3:5f:7b:60:c5:e5:34:6a:f9:4f:20:08:34';

const ACME = vendor('acme', { accounts: ['acme_sftp'], domains: ['sftp.acme.example'] });
const KEYED = vendor('keyed', { keys: [KEY] });

/** Each finding in short: the rule, whose it is, where, how many bytes, over what. */
function found(format: FormatChoice, texts: readonly string[], gateway: Gateway = {}): readonly string[] {
  const stages = stagesOf({ format, inside: 'server', vendors: [ACME, KEYED], ...gateway });
  return inspectAll(texts, stages)
    .flatMap(findingsOf)
    .map((finding) => {
      const { rule, claim, vendor: whose, activity } = finding;
      const bytes = activity.kind === 'transfer' ? `${activity.bytes ?? '?'} bytes` : 'login';
      return `${rule} ${claim}: ${whose?.id ?? '-'} ${bytes} over ${activity.protocol}`;
    });
}

const downloads: readonly (readonly [string, FormatChoice, string, string])[] = [
  [
    'xferlog',
    'xferlog',
    'Mon Nov 23 13:59:09 2026 2 8.8.1.2 66893 /srv/out/patients_2026.csv b _ o r acme_sftp sftp 0 * c',
    'sftp',
  ],
  [
    'ProFTPD, default LogFormat',
    'proftpd-extended',
    '8.8.1.2 UNKNOWN acme_sftp [23/Nov/2026:13:59:09 +0000] "RETR /srv/out/patients.csv" 226 66893',
    'sftp',
  ],
  [
    'ProFTPD, recommended LogFormat',
    'proftpd-phi-egress',
    '2026-11-23T13:59:09+0000 8.8.1.2 16386 ftps RETR 226 66893 0.002 success acme_sftp "/srv/out/patients.csv"',
    'ftps',
  ],
  [
    'vsftpd',
    'vsftpd',
    'Mon Nov 23 13:59:09 2026 [pid 4] [acme_sftp] OK DOWNLOAD: Client "8.8.1.2", "/out/patients.csv", 66893 bytes, 41.33Kbyte/sec',
    'ftp',
  ],
  [
    'Pure-FTPd in syslog',
    'pure-ftpd',
    'Nov 23 13:59:09 gw1 pure-ftpd: (acme_sftp@8.8.1.2) [NOTICE] //out/patients.csv downloaded  (66893 bytes, 9.79KB/sec)',
    'ftp',
  ],
  [
    'Pure-FTPd, clf',
    'pure-ftpd-clf',
    '8.8.1.2 - acme_sftp [23/Nov/2026:13:59:09 -0000] "GET /out/patients.csv" 200 66893',
    'ftp',
  ],
  [
    'Pure-FTPd, w3c',
    'pure-ftpd-w3c',
    '2026-11-23 13:59:09 8.8.1.2 []sent /out/patients.csv 226 acme_sftp 66893',
    'ftp',
  ],
  ['Pure-FTPd, stats', 'pure-ftpd-stats', '1795442349 6b07.24 acme_sftp 8.8.1.2 D 66893 0 /out/patients.csv', 'ftp'],
  [
    'SFTPGo',
    'sftpgo',
    '{"level":"info","time":"2026-11-23T13:59:09.706","sender":"Download","local_addr":"10.9.0.1:2022","remote_addr":"8.8.1.2:62151","elapsed_ms":12,"size_bytes":66893,"username":"acme_sftp","file_path":"/data/out/patients.csv","connection_id":"SFTP_b6_1","protocol":"SFTP"}',
    'sftp',
  ],
];

test.each(downloads)(
  'a download from abroad is found in the log of %s, with vendor, bytes and protocol',
  (_, format, text, protocol) => {
    expect(found(format, [text])).toEqual([`phi-outside-territory delivered: acme 66893 bytes over ${protocol}`]);
  },
);

test('a download at home, and an upload from abroad, move nothing away', () => {
  const line = (ip: string, way: string) =>
    `Mon Nov 23 13:59:09 2026 2 ${ip} 66893 /srv/x.csv b _ ${way} r acme_sftp sftp 0 * c`;
  expect(found('xferlog', [line('8.8.2.1', 'o'), line('8.8.1.2', 'i'), line('8.8.1.2', 'd')])).toEqual([]);
});

test('a download that broke off, and one by an anonymous client, are found as what they are', () => {
  const line = (end: string) => `Mon Nov 23 13:59:09 2026 2 8.8.1.2 66893 /srv/837P_claims.x12 b _ o ${end}`;
  expect(found('xferlog', [line('r acme_sftp ftp 0 * i')])).toEqual([
    'phi-outside-territory delivered: acme 66893 bytes over ftp',
  ]);
  // The name that an anonymous client gives for a password is not the vendor's account.
  expect(found('xferlog', [line('a acme_sftp ftp 0 * c')])).toEqual([
    'phi-to-unregistered-endpoint delivered: - 66893 bytes over ftp',
  ]);
});

test.each<[string, FormatChoice, readonly string[], string]>([
  [
    'vsftpd',
    'vsftpd',
    ['Mon Nov 23 13:59:09 2026 [pid 4] [acme_sftp] OK LOGIN: Client "8.8.1.2"'],
    'acme login over ftp',
  ],
  [
    'Pure-FTPd',
    'pure-ftpd',
    ['Nov 23 13:59:09 gw1 pure-ftpd: (?@8.8.1.2) [INFO] acme_sftp is now logged in'],
    'acme login over ftp',
  ],
  [
    'ProFTPD, once although two lines tell of it',
    'proftpd-system',
    [
      '2026-11-23 13:59:09,754 gw1 proftpd[7] 10.9.0.1 (8.8.1.2[8.8.1.2]): USER acme_sftp: Login successful',
      '2026-11-23 13:59:09,755 gw1 proftpd[7] 10.9.0.1 (8.8.1.2[8.8.1.2]): USER acme_sftp: Login successful.',
    ],
    'acme login over sftp',
  ],
  [
    'mod_sftp, by its key',
    'proftpd-sftp',
    [
      '2026-11-23 13:59:09,699 mod_sftp/1.1.1[7]: client (8.8.1.2:42341) connected to server (10.9.0.1:2222)',
      `2026-11-23 13:59:09,750 mod_sftp/1.1.1[7]: public key SHA256 fingerprint: ${HEX}`,
      "2026-11-23 13:59:09,754 mod_sftp/1.1.1[7]: user 'shared' authenticated via 'publickey' method",
    ],
    'keyed login over sftp',
  ],
])('a login from abroad is found in the log of %s', (_, format, texts, expected) => {
  expect(found(format, texts)).toEqual([`vendor-access-from-outside accessed: ${expected}`]);
});

test('AWS Transfer Family: user, address and key come from the session, the bytes from the close', () => {
  const at = (second: number, event: object) => `2026-11-23T13:59:0${second}.000Z ${JSON.stringify(event)}`;
  const session = { 'session-id': '9ca9' };
  const texts = [
    at(1, {
      'activity-type': 'CONNECTED',
      'source-ip': '8.8.1.2',
      user: 'shared',
      'ssh-public-key-fingerprint': KEY,
      ...session,
    }),
    at(2, { 'activity-type': 'OPEN', path: '/bucket/out/a.csv', mode: 'READ', ...session }),
    at(3, { 'activity-type': 'CLOSE', path: '/bucket/out/a.csv', 'bytes-out': '66893', ...session }),
    at(4, { 'activity-type': 'CLOSE', path: '/bucket/in/b.csv', 'bytes-in': '5', ...session }),
  ];
  expect(found('aws-transfer', texts)).toEqual([
    'vendor-access-from-outside accessed: keyed login over sftp',
    'phi-outside-territory delivered: keyed 66893 bytes over sftp',
  ]);
});

test.each<[string, FormatChoice, readonly string[], string]>([
  [
    'lftp',
    'lftp',
    ['2026-11-23 13:59:09 /outbound/claims.837 -> sftp://hosp@8.8.1.1:22/in/claims.837 0-1048576 4.5 MiB/s'],
    '1048576 bytes over sftp',
  ],
  [
    'rclone',
    'rclone',
    [
      '{"level":"debug","msg":"New connection 10.1.2.3:54116->8.8.1.1:22 to \\"SSH-2.0-x\\"","object":"sftp://hosp@sftp.acme.example:22//in","objectType":"*sftp.Fs","time":"2026-11-23T13:59:08+00:00"}',
      '{"level":"info","msg":"Copied (new)","object":"claims.837","objectType":"*local.Object","time":"2026-11-23T13:59:09+00:00"}',
    ],
    '? bytes over sftp',
  ],
  [
    'WinSCP',
    'winscp',
    [
      '. 2026-11-23 13:59:08.652 Host name: 8.8.1.1 (Port: 22)',
      ". 2026-11-23 13:59:09.652 Transfer done: 'C:\\outbound\\claims.837' => '/in/claims.837' [1048576]",
    ],
    '1048576 bytes over sftp',
  ],
  [
    'an AWS connector',
    'aws-transfer',
    [
      '{"operation":"SEND","connector-id":"c-1","url":"sftp://8.8.1.1","file-path":"/bucket/claims.837","status-code":"COMPLETED","end-time":"2026-11-23T13:59:09Z","bytes":1048576}',
    ],
    '1048576 bytes over sftp',
  ],
])('what %s pushes abroad is found, and the receiver is the remote server', (_, format, texts, expected) => {
  const net = vendor('acme', { networks: ['8.8.1.0/24'] });
  const traces = inspectAll(texts, stagesOf({ format, inside: 'client', vendors: [net] }));
  expect(found(format, texts, { inside: 'client', vendors: [net] })).toEqual([
    `phi-outside-territory delivered: acme ${expected}`,
  ]);
  const [finding] = traces.flatMap(findingsOf);
  expect(finding?.activity.receiver.ip).toBe('8.8.1.1');
});

test('what is pushed to a server that is known by name alone cannot be placed, and is found for that', () => {
  const text = '2026-11-23 13:59:09 /outbound/claims.837 -> sftp://hosp@sftp.acme.example/in/claims.837 0-5 4 B/s';
  expect(found('lftp', [text], { inside: 'client' })).toEqual([
    'location-undetermined delivered: acme 5 bytes over sftp',
  ]);
});
