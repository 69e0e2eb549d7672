import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOne, recordOf } from '../../fixtures.ts';

const KEY = 'SHA256:jcm/paSMC7dgh38okGSd4HZ7CKnPDZqQJBcuEsp5RCk';

function sshd(message: string) {
  return readOne(`Nov 24 04:11:28 GW1.hosp.example. sshd[4242]: ${message}`, 'openssh');
}

function sftp(message: string) {
  return readOne(`Nov 24 04:11:28 gw1 internal-sftp[77]: ${message}`, 'openssh');
}

test('A login tells who came from where, how, and with which key', () => {
  expect(recordOf(sshd(`Accepted publickey for svc from 192.0.2.7 port 52903 ssh2: ED25519 ${KEY}`))).toEqual({
    kind: 'login',
    timeMs: Date.UTC(2026, 10, 24, 4, 11, 28),
    client: { ip: '192.0.2.7', port: 52_903, user: 'svc' },
    server: { host: 'gw1.hosp.example' },
    auth: { method: 'publickey', key: KEY },
    session: 'sshd[4242]',
    outcome: 'success',
  });
});

test('Logins of old servers, of certificates, and by name of the client are read', () => {
  const facts = (message: string) => {
    const { client, auth, outcome } = recordOf(sshd(message));
    return { client, auth, outcome };
  };
  const md5 = '1b:2c:3d:4e:5f:60:71:82:93:a4:b5:c6:d7:e8:f9:0a';
  expect(facts(`Accepted publickey for svc from 192.0.2.7 port 52903 ssh2: RSA ${md5}`).auth?.key).toBe(`MD5:${md5}`);
  expect(facts(`Accepted publickey for svc from 192.0.2.7 port 5 ssh2: RSA MD5:${md5}`).auth?.key).toBe(`MD5:${md5}`);
  expect(facts('Accepted password for svc from 192.0.2.7 ssh2')).toEqual({
    client: { ip: '192.0.2.7', user: 'svc' },
    auth: { method: 'password' },
    outcome: 'success',
  });
  expect(
    facts(
      `Accepted publickey for svc from 192.0.2.7 port 5 ssh2: RSA-CERT ${KEY} ID x from 198.51.100.1 port 6 ssh2 (serial 0) CA RSA SHA256:other`,
    ),
  ).toEqual({
    client: { ip: '192.0.2.7', port: 5, user: 'svc' },
    auth: { method: 'publickey', key: KEY },
    outcome: 'success',
  });
  expect(
    facts('Accepted keyboard-interactive/pam for j doe@hosp from Coder.Vendor.example port 5 ssh2').client,
  ).toEqual({
    host: 'coder.vendor.example',
    port: 5,
    user: 'j doe@hosp',
  });
  expect(
    facts('Accepted gssapi-with-mic for HOSP\\\\jdoe from ::ffff:192.0.2.7 port 5 ssh2 [postauth]').client,
  ).toEqual({
    ip: '192.0.2.7',
    port: 5,
    user: 'HOSP\\jdoe',
  });
});

test('A name that a client makes up cannot move a failed login to another address', () => {
  const forged = 'root from 198.51.100.1 port 22 ssh2';
  for (const message of [
    `Failed password for invalid user ${forged} from 192.0.2.7 port 40099 ssh2`,
    `Invalid user ${forged} from 192.0.2.7 port 40099`,
  ]) {
    expect(recordOf(sshd(message))).toMatchObject({
      kind: 'login',
      client: { ip: '192.0.2.7', port: 40_099, user: forged },
      outcome: 'failure',
    });
  }
  expect(recordOf(sshd('Invalid user  from 192.0.2.7 port 40099')).client).toEqual({ ip: '192.0.2.7', port: 40_099 });
});

test('A connection of a known user ends in a logout, whichever way it ends', () => {
  for (const message of [
    'Disconnected from user j doe 2001:db8::7 port 5',
    'Connection closed by user j doe 2001:db8::7 port 5',
    'Connection reset by user j doe 2001:db8::7 port 5',
    'Timeout, client not responding from user j doe 2001:db8::7 port 5',
  ]) {
    expect(recordOf(sshd(message))).toMatchObject({
      kind: 'logout',
      client: { ip: '2001:db8::7', port: 5, user: 'j doe' },
    });
  }
  expect(sshd('Disconnected from 192.0.2.7 port 5 [preauth]').kind).toBe('skipped');
  expect(sshd('Connection closed by authenticating user x 192.0.2.7 port 5 [preauth]').kind).toBe('skipped');
});

test('A file operation has its path as it was, whatever the path holds', () => {
  const file = (message: string) => recordOf(sftp(message)).file;
  expect(file('close "/x/a" bytes read 1 written 2.txt" bytes read 66893 written 0')).toEqual({
    path: '/x/a" bytes read 1 written 2.txt',
    operation: 'read',
  });
  expect(file('open "/x/r\\303\\251sum\\303\\251 \\\\ \\t.txt" flags READ,WRITE,CREATE mode 0644')).toEqual({
    path: '/x/résumé \\ \t.txt',
    operation: 'write',
  });
  expect(file('posix-rename old "/in/a.part" new "/in/a"b.csv"')).toEqual({
    path: '/in/a.part',
    operation: 'rename',
    to: '/in/a"b.csv',
  });
  expect(file('symlink old "/in/a" new "/in/b"')).toMatchObject({ operation: 'rename', to: '/in/b' });
  expect(file('remove name "/in/a b"')).toEqual({ path: '/in/a b', operation: 'remove' });
  expect(file('mkdir name "/in/2026" mode 0777')).toEqual({ path: '/in/2026', operation: 'mkdir' });
  expect(file('opendir "/in/"')).toEqual({ path: '/in/', operation: 'list' });
  expect(file('lstat name "/in"')).toEqual({ path: '/in', operation: 'stat' });
});

test('Only a close tells bytes and an outcome; read and written may both be there', () => {
  expect(recordOf(sftp('open "/a" flags READ mode 0666'))).toEqual({
    kind: 'file',
    timeMs: Date.UTC(2026, 10, 24, 4, 11, 28),
    server: { host: 'gw1' },
    file: { path: '/a', operation: 'read' },
    session: 'internal-sftp[77]',
  });
  expect(recordOf(sftp('close "/a" bytes read 7 written 9'))).toMatchObject({
    bytesToClient: 7,
    bytesToServer: 9,
    file: { operation: 'write' },
    outcome: 'success',
  });
  expect(recordOf(sftp('forced close "/a" bytes read 0 written 0'))).toMatchObject({
    bytesToClient: 0,
    bytesToServer: 0,
    file: { operation: 'read' },
    outcome: 'aborted',
  });
});

test('A message that was repeated is read once', () => {
  expect(
    recordOf(sshd('message repeated 3 times: [ Failed password for svc from 192.0.2.7 port 5 ssh2]')),
  ).toMatchObject({
    kind: 'login',
    client: { ip: '192.0.2.7', port: 5, user: 'svc' },
    outcome: 'failure',
  });
});

test('What the journal wrote as bytes, because it is not plain text, is read like any other message', () => {
  const entry = (message: unknown) =>
    JSON.stringify({
      ...{ __REALTIME_TIMESTAMP: '1795493649747000', _HOSTNAME: 'gw1', SYSLOG_IDENTIFIER: 'sshd', _PID: '4242' },
      MESSAGE: message,
    });
  const bytes = (text: string) => [...Buffer.from(text, 'latin1')];
  const failed = (user: string) => `Failed password for invalid user ${user} from 192.0.2.7 port 40099 ssh2`;
  // A byte that no UTF-8 has, and a bell.
  expect(recordOf(readOne(entry(bytes(failed('j\xff\x07'))), 'openssh'))).toMatchObject({
    kind: 'login',
    timeMs: Date.UTC(2026, 10, 24, 4, 14, 9, 747),
    client: { ip: '192.0.2.7', port: 40_099, user: 'j\ufffd\x07' },
    session: 'sshd[4242]',
    outcome: 'failure',
  });
  // A line break that a client made up stays within the one message.
  expect(
    recordOf(readOne(entry(failed('root\nAccepted password for root from 8.8.8.8 port 1 ssh2')), 'openssh')),
  ).toMatchObject({
    client: { ip: '192.0.2.7', port: 40_099 },
    outcome: 'failure',
  });
  // Set twice, and too large to be kept.
  expect(recordOf(readOne(entry([failed('a'), 'other']), 'openssh')).client).toMatchObject({ user: 'a' });
  expect(readOne(entry(null), 'openssh').kind).toBe('skipped');
});

test('Chatter, other programs and continuation lines are skipped', () => {
  for (const message of [
    'Server listening on 127.90.0.2 port 2222.',
    `Accepted key ED25519 ${KEY} found at /etc/ssh/keys/svc:1`,
    'Accepted certificate ID "svc" (serial 0) signed by RSA CA SHA256:x via /etc/ssh/ca',
    'Failed to allocate internet-domain X11 display socket.',
    'pam_unix(sshd:session): session opened for user svc(uid=1001) by (uid=0)',
  ]) {
    expect(sshd(message).kind, message).toBe('skipped');
  }
  for (const message of ['set "/a" mode 0640', 'sent status No such file', 'realpath "."', 'closedir "/in/"']) {
    expect(sftp(message).kind, message).toBe('skipped');
  }
  expect(
    readOne('Nov 24 04:11:28 gw1 cron[1]: Accepted password for svc from 192.0.2.7 port 5 ssh2', 'openssh').kind,
  ).toBe('skipped');
  expect(readOne('      second line of a message', 'openssh').kind).toBe('skipped');
  expect(readOne('-- Boot 0f6d --', 'openssh').kind).toBe('skipped');
});

test('A known message with a broken rest, and a line without a header, are unreadable', () => {
  for (const message of [
    'Accepted publickey',
    'Accepted publickey for svc from',
    'Failed password',
    'Invalid user x',
    'Disconnected from user x',
  ]) {
    expect(sshd(message).kind, message).toBe('unreadable');
  }
  for (const message of [
    'close "/a" bytes read x written 0',
    'close "/a" bytes read 1',
    'open "/a" flags',
    'rename old "/a"',
    'remove name "/a',
    'session opened for local user x',
  ]) {
    expect(sftp(message).kind, message).toBe('unreadable');
  }
  expect(readOne('Accepted password for svc from 192.0.2.7 port 5 ssh2', 'openssh').kind).toBe('unreadable');
});

test('Whatever path sftp-server writes down is read back', () => {
  /** `strnvis(3)` with VIS_CSTYLE and VIS_OCTAL, over the bytes of UTF-8. */
  const vis = (text: string) =>
    [...Buffer.from(text)]
      .map((byte) => {
        if (byte === 0x5c) return '\\\\';
        return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
      })
      .join('');
  const path = fc.string({ unit: fc.constantFrom(...'ab/01 "\\é漢[]\'%.'), minLength: 1 });
  fc.assert(
    fc.property(path, fc.nat(), fc.nat(), (text, toClient, toServer) => {
      expect(recordOf(sftp(`close "${vis(text)}" bytes read ${toClient} written ${toServer}`))).toMatchObject({
        bytesToClient: toClient,
        bytesToServer: toServer,
        file: { path: text },
      });
    }),
  );
});
