import { spawn } from 'node:child_process';
import { lstat, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../command.ts';
import { serve } from './child.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

/** A system log of the test's own. */
export interface SystemLog {
  /** Lines of the facilities `auth`, `authpriv` and `ftp`, with times in ISO 8601. */
  readonly file: string;
  /** The command line that starts a program whose messages come here. */
  readonly commandFor: (program: string, args: readonly string[]) => readonly [string, ...string[]];
}

const DEV_LOG = '/dev/log';
const PATIENCE_MS = 10_000;

/** Starts rsyslogd with a socket in the folder. Needs root. */
export async function startSystemLog(folder: string, undo: Undo): Promise<SystemLog> {
  const own = join(folder, 'syslog');
  await mkdir(own);
  const [conf, socket, file] = [join(own, 'rsyslog.conf'), join(own, 'socket'), join(own, 'auth.log')];
  await writeFile(conf, configuration(own, socket, file));
  const server = serve(spawn(programPath('rsyslogd'), ['-n', '-f', conf, '-i', join(own, 'pid')]), undo);
  const isReady = async () => {
    if (server.hasExited()) throw new Error(`rsyslogd ended at its start:\n${server.output()}`);
    return (await exists(socket)) ? true : undefined;
  };
  await eventually(isReady, PATIENCE_MS, 'rsyslogd to open its socket');
  return { file, commandFor: await divert(socket, undo) };
}

/** Waits until the log has this many lines that hold `text`. */
export async function awaitLines({ file }: SystemLog, text: string, count: number): Promise<void> {
  const look = async () => {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    return lines.filter((line) => line.includes(text)).length >= count ? true : undefined;
  };
  await eventually(look, PATIENCE_MS, `${count} lines with "${text}" in ${file}`);
}

/**
 * `syslog(3)` knows no other socket than /dev/log. Where the machine has a system log already, the program gets a mount
 * namespace in which that name leads to ours; where it has none, the name is lent to us.
 */
async function divert(socket: string, undo: Undo): Promise<SystemLog['commandFor']> {
  if (await exists(DEV_LOG)) {
    const script = `mount --bind ${socket} ${DEV_LOG} && exec "$0" "$@"`;
    return (program, args) => ['unshare', '--mount', 'sh', '-c', script, program, ...args];
  }
  // A link that leads nowhere was left by a run that could not end in order.
  await rm(DEV_LOG, { force: true });
  await symlink(socket, DEV_LOG);
  undo.add(async () => {
    if ((await lstat(DEV_LOG)).isSymbolicLink()) await rm(DEV_LOG);
  });
  return (program, args) => [program, ...args];
}

/** False for a link that leads nowhere. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function configuration(folder: string, socket: string, file: string): string {
  return `
global(workDirectory="${folder}")
module(load="imuxsock" SysSock.Name="${socket}" SysSock.RateLimit.Interval="0")
auth,authpriv,ftp.* action(type="omfile" file="${file}" template="RSYSLOG_FileFormat")
`;
}
