import { spawn } from 'node:child_process';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROFTPD_REMEDY } from '../../src/formats/products/proftpd/remedy.ts';
import { eventually } from '../command.ts';
import { runProgram, serve } from './child.ts';
import { passwordHash, SERVED_AS } from './file-client.ts';
import { freePort } from './free-port.ts';
import type { SshKey } from './real-sshd.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

export interface ProFtpd {
  /** `acme` with the password `secret`, in the served folder. */
  readonly ftpUrl: string;
  readonly sftpPort: number;
  readonly address: string;
  readonly logs: {
    readonly xferlog: string;
    /** The default LogFormat. */
    readonly extended: string;
    /** What the remedy makes it write. */
    readonly recommended: string;
    readonly sftp: string;
    readonly system: string;
  };
}

export const MOD_SFTP = { '/usr/lib/proftpd/mod_sftp.so': 'proftpd-mod-crypto' } as const;

const PATIENCE_MS = 10_000;

/** Starts a ProFTPD that serves a folder over FTP and, in a VirtualHost, over SFTP. Needs root. */
export async function startProFtpd(
  scratch: string,
  { address, served, key }: { readonly address: string; readonly served: string; readonly key: SshKey },
  undo: Undo,
): Promise<ProFtpd> {
  const own = join(scratch, 'proftpd');
  await mkdir(own);
  const [ftpPort, sftpPort] = [await freePort(address), await freePort(address)];
  const log = (name: string) => join(own, `${name}.log`);
  const logs = {
    xferlog: log('xferlog'),
    extended: log('extended'),
    recommended: log('phi_egress'),
    sftp: log('sftp'),
    system: log('system'),
  };
  await writeUsers(own, served);
  await writeKeys(own, key);
  const conf = join(own, 'proftpd.conf');
  await writeFile(conf, configuration({ own, address, ftpPort, sftpPort, logs }));
  const server = serve(spawn(programPath('proftpd'), ['--nodaemon', '--quiet', '--config', conf]), undo);
  const isReady = async () => {
    if (server.hasExited()) throw new Error(`proftpd ended at its start:\n${server.output()}`);
    return (await readFile(logs.system, 'utf8').catch(() => '')).includes('STARTUP') ? true : undefined;
  };
  await eventually(isReady, PATIENCE_MS, 'proftpd to start').catch((cause: unknown) => {
    throw new Error(`proftpd does not listen:\n${server.output()}`, { cause });
  });
  return { ftpUrl: `ftp://acme:secret@${address}:${ftpPort}/`, sftpPort, address, logs };
}

/** The lines of `passwd(5)` for an `AuthUserFile`. */
async function writeUsers(own: string, served: string): Promise<void> {
  const { uid, gid } = SERVED_AS;
  await writeFile(join(own, 'passwd'), `acme:${await passwordHash('secret')}:${uid}:${gid}::${served}:/bin/sh\n`, {
    mode: 0o600,
  });
}

/** mod_sftp reads host keys in PEM, and keys that may log in as RFC 4716 has them. */
async function writeKeys(own: string, { file }: SshKey): Promise<void> {
  const keygen = programPath('ssh-keygen');
  const host = ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '', '-f', join(own, 'host.key')];
  await runProgram(keygen, host);
  const { stdout } = await runProgram(keygen, ['-e', '-m', 'RFC4716', '-f', `${file}.pub`]);
  await mkdir(join(own, 'keys'));
  const authorized = join(own, 'keys', 'acme');
  await writeFile(authorized, stdout);
  await chown(authorized, SERVED_AS.uid, SERVED_AS.gid);
}

interface Layout {
  readonly own: string;
  readonly address: string;
  readonly ftpPort: number;
  readonly sftpPort: number;
  readonly logs: ProFtpd['logs'];
}

function configuration({ own, address, ftpPort, sftpPort, logs }: Layout): string {
  const remedy = PROFTPD_REMEDY.line.replace(/ExtendedLog \S+/, `ExtendedLog ${logs.recommended}`);
  return `
ServerType standalone
DefaultServer on
DefaultAddress ${address}
Port ${ftpPort}
SocketBindTight on
UseIPv6 off
UseReverseDNS off
ModulePath /usr/lib/proftpd
LoadModule mod_sftp.c
PidFile ${own}/pid
ScoreboardFile ${own}/scoreboard
DelayEngine off
User nobody
Group nogroup
SystemLog ${logs.system}
${remedy}
<Global>
  SyslogLevel info
  AuthUserFile ${own}/passwd
  AuthOrder mod_auth_file.c
  RequireValidShell off
  AllowOverwrite on
  TransferLog ${logs.xferlog}
  ExtendedLog ${logs.extended} AUTH,READ,WRITE
</Global>
<VirtualHost ${address}>
  Port ${sftpPort}
  SFTPEngine on
  SFTPLog ${logs.sftp}
  SFTPHostKey ${own}/host.key
  SFTPAuthMethods publickey password
  SFTPAuthorizedUserKeys file:${own}/keys/%u
</VirtualHost>
`;
}
