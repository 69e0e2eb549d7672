import { expect, test } from 'vitest';
import type { FormatChoice } from '../../../src/sources/settings.ts';
import { readOne, recordOf } from '../fixtures.ts';

const record = (format: FormatChoice, line: string) => recordOf(readOne(line, format));
const kind = (format: FormatChoice, line: string) => readOne(line, format).kind;

test('xferlog: spare blanks, one-digit days, names with blanks and anonymous clients are read', () => {
  expect(record('xferlog', 'Tue Nov  3 04:14:09 2026  1  192.0.2.7  5 /a b _ o r acme ftp 0 * c')).toMatchObject({
    client: { ip: '192.0.2.7', user: 'acme' },
    bytesToClient: 5,
    file: { path: '/a' },
  });
  expect(
    record('xferlog', 'Tue Nov 3 04:14:09 2026 1 192.0.2.7 5 /srv/my file.pdf b _ i g acme ftp 0 * c'),
  ).toMatchObject({
    bytesToServer: 5,
    file: { path: '/srv/my file.pdf', operation: 'write' },
  });
  expect(
    record('xferlog', 'Tue Nov 24 04:14:09 2026 1 192.0.2.7 5 /a b _ o a some words here ftp 0 * c').client,
  ).toEqual({
    ip: '192.0.2.7',
    user: 'anonymous',
  });
  expect(record('xferlog', 'Tue Nov 24 04:14:09 2026 1 192.0.2.7 0 /a b _ o r acme ftp 0 * i').outcome).toBe('failure');
  expect(kind('xferlog', '')).toBe('skipped');
  for (const line of ['x', 'Tue Nov 24 04:14:09 2026', 'Tue Nov 24 04:14:09 2026 1 192.0.2.7 x /a b _ o r a ftp 0 * c'])
    expect(kind('xferlog', line), line).toBe('unreadable');
});

test('vsftpd: a rename that nobody can tell apart is left out, one that failed is told', () => {
  const line = (verdict: string, names: string) =>
    `Tue Nov 24 04:14:09 2026 [pid 7] [acme] ${verdict} RENAME: Client "192.0.2.7", "${names}"`;
  expect(kind('vsftpd', line('OK', '/a /b /c'))).toBe('skipped');
  expect(record('vsftpd', line('FAIL', '/a b /c')).file).toEqual({ path: '/a b', operation: 'rename', to: '/c' });
  expect(record('vsftpd', line('FAIL', '/a /c')).outcome).toBe('failure');
  expect(kind('vsftpd', 'Tue Nov 24 04:14:09 2026 [pid 7] [acme] OK CHMOD: Client "192.0.2.7", "/a 600"')).toBe(
    'skipped',
  );
  expect(kind('vsftpd', 'Tue Nov 24 04:14:09 2026 [pid 7] [acme] OK DOWNLOAD: Client "192.0.2.7", "/a"')).toBe(
    'unreadable',
  );
  expect(kind('vsftpd', 'Tue Nov 24 04:14:09 2026 [acme] OK LOGIN: Client "192.0.2.7"')).toBe('unreadable');
  expect(
    record('vsftpd', 'Tue Nov 24 04:14:09 2026 [pid 7] [ftp] OK LOGIN: Client "192.0.2.7", anon password "?"'),
  ).toMatchObject({
    kind: 'login',
    client: { ip: '192.0.2.7', user: 'ftp' },
    outcome: 'success',
  });
});

test('ProFTPD: a user that does not exist is a login that failed; startup and other programs are chatter', () => {
  const line = (text: string) => `Nov 24 04:14:09 gw1 proftpd[7]: 10.9.0.1 (192.0.2.99[192.0.2.99]) - ${text}`;
  const unknown = 'USER no body: no such user found from 192.0.2.99 [192.0.2.99] to 10.9.0.1:21';
  expect(record('proftpd-system', line(unknown))).toMatchObject({
    client: { ip: '192.0.2.99', user: 'no body' },
    outcome: 'failure',
  });
  expect(record('proftpd-system', line('ANON ftp: Login successful.'))).toMatchObject({ outcome: 'success' });
  expect(kind('proftpd-system', line('FTP session opened.'))).toBe('skipped');
  expect(
    kind('proftpd-system', 'Nov 24 04:14:09 gw1 sshd[7]: Accepted password for x from 192.0.2.7 port 5 ssh2'),
  ).toBe('skipped');
  expect(kind('proftpd-system', 'no time')).toBe('unreadable');
});

test('Pure-FTPd: a name that holds an at sign, and one that looks like the end of its line', () => {
  const line = (text: string) => `Nov 24 04:14:09 gw1 pure-ftpd: ${text}`;
  expect(
    record(
      'pure-ftpd',
      line('(joe@hosp@192.0.2.7) [NOTICE] /srv//a uploaded  (1 bytes, 1.00KB/sec) downloaded  (5 bytes, 1.00KB/sec)'),
    ),
  ).toMatchObject({
    client: { ip: '192.0.2.7', user: 'joe@hosp' },
    bytesToClient: 5,
    file: { path: '/srv/a uploaded  (1 bytes, 1.00KB/sec)' },
  });
  expect(kind('pure-ftpd', line('(a@192.0.2.7) [DEBUG] Command [retr] [a]'))).toBe('skipped');
  expect(kind('pure-ftpd', line('(a@192.0.2.7) [NOTICE] File successfully renamed or moved: [a]->[b]->[c]'))).toBe(
    'skipped',
  );
});

test('SFTPGo: a login by key over SSH, shares over HTTP, and an action that names no client', () => {
  const line = (entry: object) => JSON.stringify({ level: 'info', time: '2026-11-24T04:14:09.747', ...entry });
  const message =
    'User id: 1, logged in with: "publickey", username: "ac\\"me", home_dir: "/srv/a b" remote addr: "[2001:db8::7]:52"';
  expect(record('sftpgo', line({ sender: 'SSH', connection_id: 'b6', message }))).toEqual({
    kind: 'login',
    timeMs: Date.UTC(2026, 10, 24, 4, 14, 9, 747),
    client: { ip: '2001:db8::7', port: 52, user: 'ac"me' },
    auth: { method: 'publickey' },
    protocol: 'sftp',
    session: 'sftpgo[b6]',
    outcome: 'success',
  });
  const share = { sender: 'Download', remote_addr: '192.0.2.7', size_bytes: 5, file_path: '/a', protocol: 'HTTPShare' };
  expect(record('sftpgo', line(share))).toMatchObject({
    protocol: 'http',
    bytesToClient: 5,
    client: { ip: '192.0.2.7' },
  });
  const action = record('sftpgo', line({ ...share, remote_addr: '', protocol: 'EventAction' }));
  expect(action).not.toHaveProperty('client');
  expect(action).not.toHaveProperty('protocol');
  expect(kind('sftpgo', line({ sender: 'httpd', method: 'GET', uri: '/', resp_size: 5 }))).toBe('skipped');
  expect(kind('sftpgo', '{"level":"info"}')).toBe('unreadable');
});

test('AWS Transfer Family: an event whose time was thrown away cannot be read, and says so', () => {
  const close = '{"activity-type":"CLOSE","path":"/b/a","bytes-out":"5","session-id":"9c"}';
  expect(readOne(close, 'aws-transfer')).toEqual({
    kind: 'unreadable',
    because: 'the event came without the time that CloudWatch keeps beside it',
  });
  expect(record('aws-transfer', `{"@timestamp":"2026-11-24T04:14:09Z",${close.slice(1)}`).bytesToClient).toBe(5);
  expect(record('aws-transfer', `{"timestamp":1795493649000,"message":${close}}`).bytesToClient).toBe(5);
});

test('A connector that failed, one that lists, and one inside a VPC', () => {
  const event = (changes: object) =>
    JSON.stringify({
      ...{ 'connector-id': 'c-1', operation: 'SEND', 'file-path': '/b/a', 'status-code': 'COMPLETED', bytes: 5 },
      ...{ 'end-time': '2026-11-24T04:14:09Z', url: 'sftp://192.0.2.50:2222' },
      ...changes,
    });
  expect(record('aws-transfer', event({})).server).toEqual({ ip: '192.0.2.50', port: 2222 });
  expect(record('aws-transfer', event({ url: undefined }))).not.toHaveProperty('server');
  expect(record('aws-transfer', event({ 'status-code': 'FAILED', bytes: undefined })).outcome).toBe('failure');
  expect(kind('aws-transfer', event({ operation: 'LIST' }))).toBe('skipped');
  expect(record('aws-transfer', event({ operation: 'RETRIEVE' }))).toMatchObject({
    bytesToClient: 5,
    file: { operation: 'read' },
  });
});

test('rclone: the plain text log cannot be read, and says what to do; copies by the server itself move nothing', () => {
  expect(readOne('2026/11/24 04:14:09 INFO  : a b.837: Copied (new)', 'rclone')).toEqual({
    kind: 'unreadable',
    because: 'the text log does not tell which way a file went: run rclone with --use-json-log',
  });
  for (const line of ['Transferred:   1 KiB / 1 KiB, 100%', '2026/11/24 04:14:09 INFO  : a: Deleted', '']) {
    expect(kind('rclone', line), line).toBe('skipped');
  }
  const copied = (msg: string) =>
    JSON.stringify({ msg, object: 'a', objectType: '*sftp.Object', time: '2026-11-24T04:14:09Z' });
  expect(kind('rclone', copied('Copied (server-side copy)'))).toBe('skipped');
  expect(kind('rclone', copied('Multi-thread Copied (new)'))).toBe('record');
  const connecting = JSON.stringify({
    msg: 'Connecting to FTP server',
    object: 'ftp://h.example:21/in',
    time: '2026-11-24T04:14:09Z',
  });
  expect(record('rclone', connecting)).toMatchObject({ server: { host: 'h.example', port: 21 }, protocol: 'ftp' });
});

test('lftp: what goes from one server to another through us is sent to the second', () => {
  const line = '2026-11-24 04:14:09 sftp://u@one.example/out/a%20b -> ftps://u@two.example:990/in/a 0-5 1 B/s';
  expect(record('lftp', line)).toMatchObject({
    server: { host: 'two.example', port: 990 },
    bytesToServer: 5,
    file: { path: '/out/a b', operation: 'write' },
    protocol: 'ftps',
  });
  expect(kind('lftp', '2026-11-24 04:14:09 /a -> /b 0-5 1 B/s')).toBe('unreadable');
  expect(kind('lftp', '2026-11-24 04:14:09 /a -> sftp://h.example/b 9-5 1 B/s')).toBe('unreadable');
});

test('WinSCP: a download, a share of Windows, and what is no line of it', () => {
  const line = (text: string) => `. 2026-11-24 04:14:09.652 Transfer done: ${text}`;
  expect(record('winscp', line("'/results/a.pdf' => 'D:\\inbound\\a.pdf' [5]"))).toMatchObject({
    bytesToClient: 5,
    file: { path: '/results/a.pdf', operation: 'read' },
  });
  expect(record('winscp', line("'\\\\nas\\share\\a.837' => '/in/a.837' [5]"))).toMatchObject({ bytesToServer: 5 });
  expect(kind('winscp', line("'C:\\a' => '/a'"))).toBe('unreadable');
  expect(kind('winscp', 'Transfer done')).toBe('unreadable');
});
