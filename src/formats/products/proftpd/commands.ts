import type { FileOperation } from '../../record.ts';

/** What an FTP command does; of SFTP requests mod_sftp logs those that are alike. RFC 959, RFC 3659, RFC 775. */
export type CommandKind =
  | { readonly kind: 'file'; readonly operation: FileOperation }
  | { readonly kind: 'login' }
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'unreadable'; readonly because: string };

const file = (operation: FileOperation): CommandKind => ({ kind: 'file', operation });

const COMMANDS: ReadonlyMap<string, CommandKind> = new Map([
  ['RETR', file('read')],
  ['STOR', file('write')],
  ['STOU', file('write')],
  ['APPE', file('write')],
  // The new name stands in a line of its own, which does not tell the old one.
  ['RNFR', file('rename')],
  ['DELE', file('remove')],
  ['RMD', file('remove')],
  ['XRMD', file('remove')],
  ['MKD', file('mkdir')],
  ['XMKD', file('mkdir')],
  ['LIST', file('list')],
  ['NLST', file('list')],
  ['MLSD', file('list')],
  ['MLST', file('stat')],
  ['STAT', file('stat')],
  ['SIZE', file('stat')],
  ['MDTM', file('stat')],
  ['PASS', { kind: 'login' }],
  ['USER', { kind: 'skipped', because: 'names a user, who is not logged in yet' }],
  ['RNTO', { kind: 'skipped', because: 'the new name of the file that the line before it names' }],
  ['', { kind: 'skipped', because: 'tells of no command: a session or a transfer has ended' }],
]);

/** RFC 9110 section 9.3, RFC 5789, RFC 4918. A web server's log in the Common Log Format looks alike. */
const HTTP_METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK'.split(' '),
);

const HTTP: CommandKind = { kind: 'unreadable', because: 'its commands are those of HTTP' };
const OTHER: CommandKind = { kind: 'skipped', because: 'a command that moves nothing and lets nobody in' };

/** @param command in upper case */
export function commandKind(command: string): CommandKind {
  return COMMANDS.get(command) ?? (HTTP_METHODS.has(command) ? HTTP : OTHER);
}
