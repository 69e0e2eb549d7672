import type { FileOperation } from '../../record.ts';
import type { AddressReader } from '../../values/address-text.ts';
import { digitsOf } from '../../values/digits.ts';
import { type MessageKind, messageTable, peerOf, type SshMessage } from './message.ts';
import { unvis } from './text.ts';

/**
 * Messages of the SFTP server (`sftp-server.c`). Quotes within a path are not escaped, so a path ends at the last place
 * where its message could go on.
 *
 * A link is read as a rename: what could be had under the old path can now be had under the new one too, which is what
 * matters for the reads that follow.
 */
const KINDS: readonly MessageKind[] = [
  { start: 'open "', read: readOpen },
  { start: 'close "', read: (rest) => readClose(rest, 'success') },
  { start: 'forced close "', read: (rest) => readClose(rest, 'aborted') },
  { start: 'session opened for local user ', read: (rest, addressText) => readSession('login', rest, addressText) },
  { start: 'session closed for local user ', read: (rest, addressText) => readSession('logout', rest, addressText) },
  { start: 'rename old "', read: readRename },
  { start: 'posix-rename old "', read: readRename },
  { start: 'hardlink old "', read: readRename },
  { start: 'symlink old "', read: readRename },
  { start: 'remove name "', read: (rest) => readPath('remove', rest) },
  { start: 'rmdir name "', read: (rest) => readPath('remove', rest) },
  { start: 'mkdir name "', read: readMkdir },
  { start: 'opendir "', read: (rest) => readPath('list', rest) },
  { start: 'stat name "', read: (rest) => readPath('stat', rest) },
  { start: 'lstat name "', read: (rest) => readPath('stat', rest) },
  { start: 'set "', read: () => ({ skipped: "changes a file's attributes" }) },
  { start: 'sent status ', read: () => ({ skipped: 'tells how a request ended, not which' }) },
];

/** What a message of `internal-sftp` or `sftp-server` tells. */
export const readSftpMessage = messageTable(KINDS);

/** `PATH" flags READ,WRITE mode 0644`. An open that failed looks the same, so it has no outcome. */
function readOpen(rest: string): SshMessage {
  const end = rest.lastIndexOf('" flags ');
  const [, flags] =
    /^([A-Z,]{1,64}) mode 0?[0-7]{1,6}$/.exec(end === -1 ? '' : rest.slice(end + '" flags '.length)) ?? [];
  if (flags === undefined) return 'broken';
  const operation = flags.split(',').includes('WRITE') ? 'write' : 'read';
  return { kind: 'file', file: { path: unvis(rest.slice(0, end)), operation } };
}

/** `PATH" bytes read R written W`: R is what the client got, W what it sent. */
function readClose(rest: string, outcome: 'success' | 'aborted'): SshMessage {
  const end = rest.lastIndexOf('" bytes read ');
  const counts = end === -1 ? '' : rest.slice(end + '" bytes read '.length);
  const readEnd = counts.indexOf(' written ');
  const bytesToClient = digitsOf(counts, 0, readEnd);
  const bytesToServer = digitsOf(counts, readEnd + ' written '.length, counts.length);
  if (readEnd === -1 || Number.isNaN(bytesToClient) || Number.isNaN(bytesToServer)) return 'broken';
  return {
    kind: 'file',
    bytesToServer,
    bytesToClient,
    file: { path: unvis(rest.slice(0, end)), operation: bytesToServer > 0 ? 'write' : 'read' },
    outcome,
  };
}

/** `USER from [IP]`. The port is not told. */
function readSession(kind: 'login' | 'logout', rest: string, addressText: AddressReader): SshMessage {
  const end = rest.lastIndexOf(' from [');
  const isWhole = end > 0 && rest.endsWith(']');
  const peer = isWhole ? peerOf(rest.slice(end + ' from ['.length, -1), addressText) : undefined;
  if (peer === undefined) return 'broken';
  const client = { ...peer, user: unvis(rest.slice(0, end)) };
  return kind === 'login' ? { kind, client, outcome: 'success' } : { kind, client };
}

/** `FROM" new "TO"` */
function readRename(rest: string): SshMessage {
  const end = rest.lastIndexOf('" new "');
  if (end === -1 || !rest.endsWith('"') || end + '" new "'.length >= rest.length) return 'broken';
  const to = unvis(rest.slice(end + '" new "'.length, -1));
  return { kind: 'file', file: { path: unvis(rest.slice(0, end)), operation: 'rename', to } };
}

/** `PATH" mode 0777` */
function readMkdir(rest: string): SshMessage {
  const end = rest.lastIndexOf('" mode ');
  return end === -1 ? 'broken' : readPath('mkdir', rest.slice(0, end + 1));
}

/** `PATH"` */
function readPath(operation: FileOperation, rest: string): SshMessage {
  return rest.endsWith('"') ? { kind: 'file', file: { path: unvis(rest.slice(0, -1)), operation } } : 'broken';
}
