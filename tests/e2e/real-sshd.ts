import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Ended, runProgram, serve } from './child.ts';
import { freePort } from './free-port.ts';
import { awaitLines, type SystemLog, startSystemLog } from './real-syslog.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

export interface Sshd {
  readonly log: SystemLog;
  /** Logs in over SFTP as the user that runs the tests. */
  readonly sftp: (login: SftpLogin) => Promise<Ended>;
}

export interface SftpLogin {
  readonly key: SshKey;
  /** The client's address. */
  readonly from: string;
  /** Lines as they are typed at the prompt of `sftp`. */
  readonly commands: readonly string[];
}

export interface SshKey {
  /** Of the private key. */
  readonly file: string;
  /** The line for `authorized_keys`. */
  readonly authorized: string;
  /** `SHA256:...` */
  readonly fingerprint: string;
}

const ADDRESS = '127.0.90.1';

/** Starts an sshd of the test's own in the foreground, with a system log of its own. Needs root. */
export async function startSshd(folder: string, accepted: readonly SshKey[], undo: Undo): Promise<Sshd> {
  const own = join(folder, 'sshd');
  // A folder that the Debian package's service makes when it starts, and without which sshd refuses to run.
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  await mkdir(own);
  const hostKey = await makeKey(own, 'host');
  const port = await freePort(ADDRESS);
  const files = {
    conf: join(own, 'sshd_config'),
    accepted: join(own, 'authorized_keys'),
    known: join(own, 'known_hosts'),
  };
  await writeFile(files.accepted, accepted.map(({ authorized }) => `${authorized}\n`).join(''));
  await writeFile(files.known, `[${ADDRESS}]:${port} ${hostKey.authorized}\n`);
  await writeFile(files.conf, configuration(hostKey, files.accepted));

  const log = await startSystemLog(folder, undo);
  const [program, ...args] = log.commandFor(programPath('sshd'), ['-D', '-f', files.conf, '-p', String(port)]);
  const server = serve(spawn(program, args), undo);
  await awaitLines(log, 'Server listening on', 1).catch((cause: unknown) => {
    throw new Error(`sshd does not listen:\n${server.output()}`, { cause });
  });
  return { log, sftp: (login) => sftp(login, port, files.known) };
}

/** An Ed25519 key without a passphrase. */
export async function makeKey(folder: string, name: string): Promise<SshKey> {
  const file = join(folder, `${name}.key`);
  const keygen = programPath('ssh-keygen');
  await succeed(runProgram(keygen, ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]));
  const { stdout } = await succeed(runProgram(keygen, ['-l', '-E', 'sha256', '-f', `${file}.pub`]));
  const authorized = (await readFile(`${file}.pub`, 'utf8')).trim();
  return { file, authorized, fingerprint: stdout.split(' ')[1] ?? '' };
}

function sftp({ key, from, commands }: SftpLogin, port: number, knownHosts: string): Promise<Ended> {
  const options = {
    BindAddress: from,
    IdentityFile: key.file,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    UserKnownHostsFile: knownHosts,
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
  };
  const args = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const target = `${userInfo().username}@${ADDRESS}`;
  const input = commands.map((command) => `${command}\n`).join('');
  return runProgram(programPath('sftp'), ['-F', '/dev/null', '-P', String(port), ...args, '-b', '-', target], input);
}

async function succeed(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  if (ended.code !== 0) throw new Error(`A program ended with ${ended.code}:\n${ended.stderr}`);
  return ended;
}

/** `StrictModes` would refuse keys in a folder below /tmp. */
function configuration(hostKey: SshKey, accepted: string): string {
  return `
ListenAddress ${ADDRESS}
HostKey ${hostKey.file}
PidFile none
AuthorizedKeysFile ${accepted}
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
MaxStartups 100
LogLevel VERBOSE
Subsystem sftp internal-sftp -l INFO
`;
}
