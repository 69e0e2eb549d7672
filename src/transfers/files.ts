import type { LogRecord } from '../formats/record.ts';
import { isPublicAddress } from '../net/special-purpose.ts';
import type { InsideSide } from '../sources/settings.ts';
import { fileSessionKey, fileSessionOf, isClientsLog, remoteOf } from './file-sessions.ts';
import { type Origin, observed } from './observed.ts';
import type { FileSession, Remote, Sessions } from './sessions.ts';
import type { Party, Transfer } from './transfer.ts';

/**
 * A file that moved. Where the server is ours, what was read went to the client, and what was written is inbound; where
 * the client is ours (lftp, rclone, WinSCP, a connector), what was written went to the server.
 *
 * Nothing is known at `open`: an open that failed looks the same, and the close follows otherwise. A listing is no
 * transfer: names of files are not their content.
 */
export function fileTransfers(origin: Origin, inside: InsideSide, sessions: Sessions): readonly Transfer[] {
  const session = fileSessionOf(origin, sessions);
  const key = fileSessionKey(origin.record);
  if (key !== undefined && session !== undefined) {
    sessions.set(origin.line.source, key, session, origin.record.timeMs);
  }
  const { file, outcome } = origin.record;
  if (outcome === undefined || (file?.operation !== 'read' && file?.operation !== 'write')) return [];
  const remote = remoteOf(origin, sessions);
  if (clientIsOurs(inside, origin.record, remote)) {
    const pushed = pushedFile(origin, remote);
    return pushed === undefined ? [] : [pushed];
  }
  const served = servedFile(origin, session);
  return served === undefined ? [] : [served];
}

/**
 * By address, the client is ours where the log is a client's own, and where the server alone is on a public address. All
 * else counts as a server's, for there a mistake is a false alarm and not a silence.
 */
function clientIsOurs(inside: InsideSide, record: LogRecord, remote: Remote | undefined): boolean {
  if (inside !== 'by-address') return inside === 'client';
  const { client, server } = record;
  if (remote !== undefined || (client === undefined && isClientsLog(record))) return true;
  return isPublicAddress(server?.ip) && !isPublicAddress(client?.ip);
}

/** What went down to the client of our server. Who that is may be known from the session alone. */
function servedFile(origin: Origin, session: FileSession | undefined): Transfer | undefined {
  const { record } = origin;
  const bytes = movedBytes(record, 'read', record.bytesToClient);
  if (bytes === 'none') return undefined;
  const receiver = receiverOf(record, session);
  const isPlaced = receiver.ip !== undefined || receiver.host !== undefined;
  return {
    kind: 'transfer',
    ...observed(origin, 'to-client', record.protocol ?? 'sftp'),
    vehicle: 'file',
    sender: record.server ?? {},
    receiver,
    ...bytes,
    reach: reachOf(record),
    ...(record.file !== undefined && { path: record.file.path }),
    ...(receiver.user !== undefined && { account: receiver.user }),
    ...(session?.key !== undefined && { key: session.key }),
    ...(receiver.ip === undefined && { addressMissing: whyUnplaced(record, session, isPlaced) }),
  };
}

/** What our client sent up to a server. The account is ours, at the other side's server: it says nothing about whose. */
function pushedFile(origin: Origin, remote: Remote | undefined): Transfer | undefined {
  const { record } = origin;
  const bytes = movedBytes(record, 'write', record.bytesToServer);
  if (bytes === 'none') return undefined;
  const { receiver, addressMissing } = remoteParty(record, remote);
  return {
    kind: 'transfer',
    ...observed(origin, 'to-server', record.protocol ?? remote?.protocol ?? 'sftp'),
    vehicle: 'file',
    sender: record.client ?? {},
    receiver,
    ...bytes,
    reach: reachOf(record),
    ...(record.file !== undefined && { path: record.file.path }),
    ...(addressMissing !== undefined && { addressMissing }),
  };
}

/** The bytes that the log tells; nothing where it tells none of a file that moved this way; `none` where none moved. */
function movedBytes(
  { file, outcome }: LogRecord,
  way: 'read' | 'write',
  bytes: number | undefined,
): { readonly bytes?: number } | 'none' {
  if (bytes !== undefined) return bytes === 0 ? 'none' : { bytes };
  const hasMoved = outcome === 'success' || outcome === 'aborted';
  return file?.operation === way && hasMoved ? {} : 'none';
}

/** The server counts what it sent; what cuts a transfer short does not bring back what had gone. */
function reachOf({ outcome }: LogRecord): Transfer['reach'] {
  return outcome === 'success' || outcome === 'aborted' ? 'delivered' : 'attempted';
}

function receiverOf({ client }: LogRecord, session: FileSession | undefined): Party {
  const { kind: _, key: __, enteredMs: ___, ...party } = session ?? { kind: 'file-session' };
  return { ...party, ...client };
}

function whyUnplaced(record: LogRecord, session: FileSession | undefined, isPlaced: boolean): string {
  if (isPlaced) return 'the log names the client but not its address';
  const isWhole = record.client !== undefined || session !== undefined;
  return isWhole
    ? 'the line that opened this session does not tell an address'
    : 'the line that opened this session is not in the log';
}

function remoteParty(
  { server }: LogRecord,
  remote: Remote | undefined,
): { readonly receiver: Party; readonly addressMissing?: string } {
  const { user: _, ...named } = server ?? {};
  if (server !== undefined) return withReason(named);
  if (remote === undefined) return { receiver: {}, addressMissing: 'the log does not say which server it was sent to' };
  if (remote.several) {
    return {
      receiver: {},
      addressMissing: 'the log speaks of several servers, and not of which of them it was sent to',
    };
  }
  const { kind: __, protocol: ___, ...party } = remote;
  return withReason(party);
}

function withReason(receiver: Party): { readonly receiver: Party; readonly addressMissing?: string } {
  if (receiver.ip !== undefined) return { receiver };
  return { receiver, addressMissing: 'the log names the server but not its address' };
}
