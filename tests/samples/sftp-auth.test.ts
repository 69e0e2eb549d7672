import { expect, test } from 'vitest';
import { meant, sampleLines } from './sample-files.ts';

const FILE = 'sftp-auth.log';
const PREFIX =
  /^(?<time>2026-11-23T\d{2}:\d{2}:\d{2}\.\d{6}-05:00) gw1 (?<program>sshd|internal-sftp|CRON|sudo|systemd-logind)(?:\[(?<pid>\d+)\])?: (?<message>.+)$/;

/** Messages of sshd at VERBOSE and of internal-sftp at INFO, as OpenSSH 9.2 writes them. */
const SSHD = [
  /^Connection from [\d.]+ port \d+ on 10\.30\.0\.10 port 22 rdomain ""$/,
  /^Accepted key ED25519 SHA256:[A-Za-z0-9+/]{43} found at \/etc\/ssh\/authorized_keys\.d\/\w+:1$/,
  /^Postponed publickey for \w+ from [\d.]+ port \d+ ssh2 \[preauth\]$/,
  /^Accepted publickey for \w+ from [\d.]+ port \d+ ssh2: ED25519 SHA256:[A-Za-z0-9+/]{43}$/,
  /^pam_unix\(sshd:session\): session opened for user \w+\(uid=\d+\) by \(uid=0\)$/,
  /^pam_unix\(sshd:session\): session closed for user \w+$/,
  /^User child is on pid \d+$/,
  /^Changed root directory to "\/srv\/sftp\/\w+"$/,
  /^Starting session: (?:forced-command \(config\) 'internal-sftp -l INFO'|subsystem 'sftp'|shell on pts\/0) for \w+ from [\d.]+ port \d+ id 0$/,
  /^Close session: user \w+ from [\d.]+ port \d+ id 0$/,
  /^Received disconnect from [\d.]+ port \d+:11: disconnected by user$/,
  /^Disconnected from user \w+ [\d.]+ port \d+$/,
  /^Invalid user \w+ from [\d.]+ port \d+$/,
  /^pam_unix\(sshd:auth\): check pass; user unknown$/,
  /^pam_unix\(sshd:auth\): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=[\d.]+ (?: user=\w+)?$/,
  /^Failed password for (?:invalid user )?\w+ from [\d.]+ port \d+ ssh2$/,
  /^Connection closed by (?:invalid|authenticating) user \w+ [\d.]+ port \d+ \[preauth\]$/,
];
const SFTP = [
  /^session (?:opened|closed) for local user \w+ from \[[\d.]+\]$/,
  /^open "\/\S+" flags (?:READ mode 0666|WRITE,CREATE,TRUNCATE mode 0644)$/,
  /^(?:forced )?close "\/\S+" bytes read \d+ written \d+$/,
  /^posix-rename old "\/\S+" new "\/\S+"$/,
  /^(?:opendir|closedir) "\/\S+"$/,
];

interface AuthLine {
  readonly time: string;
  readonly program: string;
  readonly pid?: string;
  readonly message: string;
}

const lines: readonly AuthLine[] = sampleLines(FILE).map((line, index) => {
  const groups = PREFIX.exec(line)?.groups;
  if (groups === undefined) throw new Error(`line ${index + 1} is not in the format: ${line}`);
  return groups as unknown as AuthLine;
});
const entries = meant().filter(({ file }) => file === FILE);

function messagesOf(program: string): readonly AuthLine[] {
  return lines.filter((line) => line.program === program);
}

test('sshd and internal-sftp say nothing that OpenSSH would not say', () => {
  const known = (messages: readonly RegExp[]) => (line: AuthLine) => !messages.some((it) => it.test(line.message));
  expect(messagesOf('sshd').filter(known(SSHD))).toEqual([]);
  expect(messagesOf('internal-sftp').filter(known(SFTP))).toEqual([]);
});

test('lines stand in the order of time and cover the whole day', () => {
  const times = lines.map(({ time }) => time);
  expect(times).toEqual([...times].sort());
  expect(times[0]).toMatch(/^2026-11-23T00:/);
  expect(times.at(-1)).toMatch(/^2026-11-23T23:/);
});

test('every SFTP session is opened by a user whom sshd accepted from that address, and is closed again', () => {
  const accepted = new Set<string>();
  const open = new Map<string, string>();
  let sessions = 0;
  for (const { program, pid = '', message } of lines) {
    const login = /^Accepted publickey for (\w+) from (\S+) port/.exec(message);
    if (login !== null) accepted.add(`${login[1]} ${login[2]}`);
    if (program !== 'internal-sftp') continue;
    const opened = /^session opened for local user (\w+) from \[(\S+)\]$/.exec(message);
    const closed = /^session closed for local user (\w+) from \[(\S+)\]$/.exec(message);
    if (opened !== null) {
      expect(accepted).toContain(`${opened[1]} ${opened[2]}`);
      expect(open.has(pid)).toBe(false);
      open.set(pid, `${opened[1]} ${opened[2]}`);
      sessions++;
    } else if (closed !== null) {
      expect(open.get(pid)).toBe(`${closed[1]} ${closed[2]}`);
      open.delete(pid);
    } else expect(open.has(pid)).toBe(true);
  }
  expect(open.size).toBe(0);
  expect(sessions).toBe(12);
});

test('a session has three pids: the monitor, the user child that the monitor names, and the SFTP server', () => {
  const children = lines.flatMap(({ pid, message }) => {
    const child = /^User child is on pid (\d+)$/.exec(message)?.[1];
    return child === undefined ? [] : [{ monitor: pid, child }];
  });
  const starters = lines.filter(({ message }) => message.startsWith('Starting session: ')).map(({ pid }) => pid);
  const servers = new Set(messagesOf('internal-sftp').map(({ pid }) => pid));
  expect(children).toHaveLength(14);
  expect(starters).toEqual(children.map(({ child }) => child));
  const pids = [...children.flatMap(({ monitor, child }) => [monitor, child]), ...servers];
  expect(new Set(pids).size).toBe(14 + 14 + 12);
});

test('every file that is opened is closed within its session', () => {
  const open = new Set<string>();
  for (const { pid, message } of messagesOf('internal-sftp')) {
    const opened = /^open "(.+)" flags /.exec(message)?.[1];
    const closed = /^(?:forced )?close "(.+)" bytes read /.exec(message)?.[1];
    if (opened !== undefined) open.add(`${pid} ${opened}`);
    if (closed !== undefined) expect(open.delete(`${pid} ${closed}`)).toBe(true);
  }
  expect(open.size).toBe(0);
});

test('one key is used from the Philippines and from Ohio', () => {
  const logins = lines.flatMap(({ message }) => {
    const found = /^Accepted publickey for cpc_sftp from (\S+) port \d+ ssh2: ED25519 (\S+)$/.exec(message);
    return found === null ? [] : [{ ip: found[1], key: found[2] }];
  });
  expect(logins.map(({ ip }) => ip)).toEqual([
    '112.198.64.10',
    '136.158.10.22',
    '112.198.64.10',
    '65.185.40.17',
    '65.185.40.17',
  ]);
  expect(new Set(logins.map(({ key }) => key)).size).toBe(1);
});

test('every entry of the truth says what its line says: time, receiver, bytes', () => {
  for (const { line, time, kind, receiver, bytes } of entries) {
    const found = lines[line - 1];
    expect(Date.parse(found?.time ?? '')).toBe(Date.parse(time));
    if (kind === 'access')
      expect(found?.message).toContain(`Accepted publickey for ${receiver.user} from ${receiver.ip} port`);
    if (kind === 'failed-login')
      expect(found?.message).toMatch(new RegExp(`^Failed password for .* from ${receiver.ip} port`));
    if (kind === 'transfer') expect(found?.message).toContain(` bytes read ${bytes} written 0`);
    if (kind === 'upload') expect(found?.message).toContain(` bytes read 0 written ${bytes}`);
  }
});

test('every login and every file that was read stands in the truth', () => {
  const named = new Set(entries.map(({ line }) => line));
  const telling = /^Accepted publickey|^Failed password|^(?:forced )?close ".+" bytes read [1-9]/;
  expect(lines.filter(({ message }, index) => telling.test(message) && !named.has(index + 1))).toEqual([]);
});

test('the story is told in full', () => {
  const count = (kind: string, vendor: string | null, country: string, rule: string | null) =>
    entries.filter((it) => it.kind === kind && it.vendor === vendor && it.country === country && it.rule === rule)
      .length;
  expect(count('access', 'cardinal-peak', 'PH', 'vendor-access-from-outside')).toBe(3);
  expect(count('transfer', 'cardinal-peak', 'PH', 'phi-outside-territory')).toBe(14);
  expect(count('access', 'cardinal-peak', 'US', null)).toBe(2);
  expect(count('transfer', 'cardinal-peak', 'US', null)).toBe(8);
  expect(count('access', 'buckeye-coding', 'US', null)).toBe(3);
  expect(count('transfer', 'buckeye-coding', 'US', null)).toBe(5);
  expect(entries.filter(({ kind }) => kind === 'failed-login')).toHaveLength(12);
  expect(entries.filter(({ rule }) => rule !== null)).toHaveLength(17);
});

test('one session was cut short, with the bytes that had gone', () => {
  const forced = lines.filter(({ message }) => message.startsWith('forced close'));
  expect(forced.map(({ message }) => message)).toEqual([
    'forced close "/outbound/charts/20261122/charts_20261122_backlog.zip" bytes read 18874368 written 0',
  ]);
});
