import { spawn } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../command.ts';
import { serve } from './child.ts';
import { SERVED_AS } from './file-client.ts';
import { freePort } from './free-port.ts';
import type { SystemLog } from './real-syslog.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

export interface Vsftpd {
  /** Any account with any password, but for `stranger`; also anonymous. */
  readonly url: string;
  readonly native: string;
  readonly xferlog: string;
}

const ADDRESS = '127.0.90.3';
const PATIENCE_MS = 10_000;
let started = 0;

/**
 * Starts a vsftpd as Debian configures it, with both of its logs, or with its messages in the system log. Needs root.
 *
 * @param settings further lines of vsftpd.conf
 */
export async function startVsftpd(
  scratch: string,
  {
    served,
    syslog,
    settings = '',
  }: { readonly served: string; readonly syslog?: SystemLog; readonly settings?: string },
  undo: Undo,
): Promise<Vsftpd> {
  const own = join(scratch, `vsftpd-${++started}`);
  await mkdir(own);
  await mkdir(join(own, 'empty'));
  // vsftpd refuses to shut an anonymous user into a folder that it could write to.
  await mkdir(join(own, 'anonymous'));
  await copyFile(join(served, 'claims.837'), join(own, 'anonymous', 'claims.837'));
  const port = await freePort(ADDRESS);
  const vsftpd = {
    url: `ftp://acme:secret@${ADDRESS}:${port}/`,
    native: join(own, 'vsftpd.log'),
    xferlog: join(own, 'xferlog'),
  };
  const pam = await permitLogins(undo);
  const conf = join(own, 'vsftpd.conf');
  await writeFile(conf, configuration({ own, served, port, pam, ...vsftpd, settings }));
  const [program, ...args] = syslog?.commandFor(programPath('vsftpd'), [conf]) ?? [programPath('vsftpd'), conf];
  const server = serve(spawn(program, args), undo);
  const isReady = async () => {
    if (server.hasExited()) throw new Error(`vsftpd ended at its start:\n${server.output()}`);
    return (await isListening(port)) ? true : undefined;
  };
  await eventually(isReady, PATIENCE_MS, 'vsftpd to listen');
  return vsftpd;
}

/** A PAM service of the test's own, for the time of the test. @returns its name */
async function permitLogins(undo: Undo): Promise<string> {
  const name = `phi-egress-e2e-${process.pid}-${started}`;
  const file = `/etc/pam.d/${name}`;
  await writeFile(
    file,
    `auth required pam_succeed_if.so user != stranger quiet
auth required pam_permit.so
account required pam_permit.so
session required pam_permit.so
`,
  );
  undo.add(() => rm(file, { force: true }));
  return name;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: ADDRESS, port })
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

interface Layout extends Vsftpd {
  readonly own: string;
  readonly served: string;
  readonly port: number;
  readonly pam: string;
  readonly settings: string;
}

function configuration({ own, served, port, pam, native, xferlog, settings }: Layout): string {
  return `
listen=YES
background=NO
listen_address=${ADDRESS}
listen_port=${port}
anonymous_enable=YES
no_anon_password=NO
anon_root=${own}/anonymous
ftp_username=${SERVED_AS.name}
local_enable=YES
guest_enable=YES
guest_username=${SERVED_AS.name}
local_root=${served}
virtual_use_local_privs=YES
write_enable=YES
allow_writeable_chroot=YES
chroot_local_user=YES
secure_chroot_dir=${own}/empty
pam_service_name=${pam}
use_localtime=YES
xferlog_enable=YES
vsftpd_log_file=${native}
xferlog_file=${xferlog}
${settings}
`;
}
