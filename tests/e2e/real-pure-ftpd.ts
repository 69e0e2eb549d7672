import { spawn } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../command.ts';
import { runProgram, serve } from './child.ts';
import { passwordHash, SERVED_AS } from './file-client.ts';
import { freePort } from './free-port.ts';
import type { SystemLog } from './real-syslog.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

export type AltLog = 'clf' | 'w3c' | 'stats' | 'xferlog';

export interface PureFtpd {
  /** `acme` with the password `secret`, in the served folder. */
  readonly url: string;
  readonly altLog: string;
}

const ADDRESS = '127.0.90.4';
const PATIENCE_MS = 10_000;

/**
 * The accounts, of which there is one. `pure-pw useradd` would hash its password with Argon2, which takes a busy machine
 * seconds at each login.
 *
 * @returns the database for `startPureFtpd`
 */
export async function writeAccounts(scratch: string, served: string): Promise<string> {
  const [passwords, database] = [join(scratch, 'pureftpd.passwd'), join(scratch, 'pureftpd.pdb')];
  const { uid, gid } = SERVED_AS;
  await writeFile(passwords, `acme:${await passwordHash('secret')}:${uid}:${gid}::${served}/./::::::::::::\n`);
  const made = await runProgram(programPath('pure-pw'), ['mkdb', database, '-f', passwords]);
  if (made.code !== 0) throw new Error(`pure-pw failed:\n${made.stderr}`);
  return database;
}

/** Starts a Pure-FTPd with one AltLog, for it has no more, and its messages in the system log. Needs root. */
export async function startPureFtpd(
  scratch: string,
  { accounts, altLog, syslog }: { readonly accounts: string; readonly altLog: AltLog; readonly syslog: SystemLog },
  undo: Undo,
): Promise<PureFtpd> {
  const own = join(scratch, `pure-ftpd-${altLog}`);
  await mkdir(own);
  const port = await freePort(ADDRESS);
  const log = join(own, 'transfer.log');
  const options = [
    ...['--bind', `${ADDRESS},${port}`, '--login', `puredb:${accounts}`, '--noanonymous'],
    ...['--altlog', `${altLog}:${log}`, '--pidfile', join(own, 'pid')],
    // Names would be looked up on the network.
    ...['--dontresolve', '--minuid', '1'],
  ];
  const [program, ...args] = syslog.commandFor(programPath('pure-ftpd'), options);
  // Where its input is a socket, as Node's pipes are, it takes itself for a child of inetd.
  const server = serve(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }), undo);
  const isReady = async () => {
    if (server.hasExited()) throw new Error(`pure-ftpd ended at its start:\n${server.output()}`);
    return stat(join(own, 'pid')).then(
      () => true,
      () => undefined,
    );
  };
  await eventually(isReady, PATIENCE_MS, 'pure-ftpd to start');
  return { url: `ftp://acme:secret@${ADDRESS}:${port}/`, altLog: log };
}
