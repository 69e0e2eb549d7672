import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './child.ts';
import { programPath } from './requirements.ts';

/** Debian's `backup`: has a home that exists, which vsftpd wants of whom it turns into. */
export const SERVED_AS = { name: 'backup', uid: 34, gid: 34 } as const;

/** Sizes of the files that lie ready, in bytes. */
export const SIZES = { claims: 1_048_576, odd: 51, big: 64 * 1_048_576, notes: 5 } as const;

/** Blanks, quotes, and letters of two bytes in UTF-8. */
export const ODD_NAME = 'ct séries "1" (a).zip';

/** As `crypt(3)` makes it. */
export async function passwordHash(password: string): Promise<string> {
  const { stdout } = await runProgram(programPath('openssl'), ['passwd', '-6', '-stdin'], `${password}\n`);
  return stdout.trim();
}

/** A folder that belongs to the user that a server serves it as. @returns its path */
export async function servedFolder(scratch: string): Promise<string> {
  const folder = join(scratch, 'served');
  await mkdir(folder);
  await writeFile(join(folder, 'claims.837'), Buffer.alloc(SIZES.claims, 'c'));
  await writeFile(join(folder, ODD_NAME), Buffer.alloc(SIZES.odd, 'z'));
  await writeFile(join(folder, 'empty.txt'), '');
  await writeFile(join(folder, 'big.bin'), Buffer.alloc(SIZES.big, 'b'));
  await chown(folder, SERVED_AS.uid, SERVED_AS.gid);
  await chmod(folder, 0o755);
  await writeFile(join(scratch, 'notes.txt'), Buffer.alloc(SIZES.notes, 'n'));
  return folder;
}

export interface Server {
  /** With its trailing slash: `ftp://acme:secret@127.0.90.2:2121/`, which leads to the served folder. */
  readonly url: string;
  readonly scratch: string;
}

/** Fetches a file with curl, from a client at this address. @throws Error when curl does not end as it should */
export function download({ url }: Server, from: string, name: string): Promise<void> {
  return curl(['--interface', from, '--output', '/dev/null', `${url}${encodeURIComponent(name)}`]);
}

/** Sends `notes.txt`, under another name. */
export function upload({ url, scratch }: Server, from: string, name: string): Promise<void> {
  return curl(['--interface', from, '--upload-file', join(scratch, 'notes.txt'), `${url}${encodeURIComponent(name)}`]);
}

/** Sends one or more FTP commands, and lists the folder. */
export function command({ url }: Server, from: string, commands: readonly string[]): Promise<void> {
  return curl(['--interface', from, ...commands.flatMap((it) => ['--quote', it]), '--output', '/dev/null', url]);
}

/** Is turned away. 67 is curl's code for a login that was denied. */
export function failToLogIn(server: Server, from: string, user: string): Promise<void> {
  const url = new URL(server.url);
  url.username = user;
  url.password = 'wrong';
  return curl(['--interface', from, '--output', '/dev/null', url.href], 67);
}

/** Begins to fetch the largest file, and is killed once its first bytes are there. */
export async function breakOff({ url }: Server, from: string): Promise<void> {
  const args = [...ALWAYS, '--limit-rate', '64K', '--interface', from, `${url}big.bin`];
  const child = spawn(programPath('curl'), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  child.kill('SIGKILL');
  await closed;
}

const ALWAYS = ['--silent', '--show-error', '--insecure', '--noproxy', '*'];

async function curl(args: readonly string[], wanted = 0): Promise<void> {
  const { code, stderr } = await runProgram(programPath('curl'), [...ALWAYS, ...args]);
  if (code !== wanted) throw new Error(`curl ended with ${code}, not ${wanted}:\n${stderr}`);
}
