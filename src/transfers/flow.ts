import type { LogRecord } from '../formats/record.ts';
import type { InsideSide } from '../sources/settings.ts';
import { oursIs } from './inside.ts';
import { type Origin, observed } from './observed.ts';
import type { Party, Transfer } from './transfer.ts';

/**
 * What a connection carried towards a party that is not ours: client to server, server to client. Nothing is known of its
 * content, unless the log names a file that was seen in it. A connection that was refused or came to nothing moved
 * nothing.
 */
export function flowTransfers(origin: Origin, inside: InsideSide): readonly Transfer[] {
  const { record } = origin;
  const { client, server, outcome, reached } = record;
  if (outcome === 'denied' || reached === 'nobody') return [];
  const ours = oursIs(inside, record);
  const transfers: Transfer[] = [];
  if (ours.client && server !== undefined) {
    const sent = movement(origin, { part: 'to-server', sender: client, receiver: server });
    if (sent !== undefined) transfers.push(sent);
  }
  // Without a size, a connection that came from outside tells of nothing that we sent.
  if (ours.server && client !== undefined && record.bytesToClient !== undefined) {
    const answered = movement(origin, { part: 'to-client', sender: server, receiver: client });
    if (answered !== undefined) transfers.push(answered);
  }
  return transfers;
}

interface Direction {
  readonly part: 'to-server' | 'to-client';
  readonly sender: Party | undefined;
  readonly receiver: Party;
}

function movement(origin: Origin, { part, sender, receiver }: Direction): Transfer | undefined {
  const { record } = origin;
  const { file, contentType, dlp, outcome } = record;
  const [bytes, back] =
    part === 'to-server' ? [record.bytesToServer, record.bytesToClient] : [record.bytesToClient, record.bytesToServer];
  const isUnsized = bytes === undefined && back === undefined;
  if (bytes === 0 || (isUnsized && outcome === 'failure')) return undefined;
  return {
    kind: 'transfer',
    ...observed(origin, part, 'ip'),
    vehicle: file === undefined ? 'flow' : 'file',
    sender: sender ?? {},
    receiver: withoutUser(receiver),
    reach: hasArrived(record, back) ? 'delivered' : 'attempted',
    ...(bytes !== undefined && { bytes }),
    ...(part === 'to-server' && record.connectMs !== undefined && { connectMs: record.connectMs }),
    ...(file !== undefined && { path: file.path }),
    ...(contentType !== undefined && { contentType }),
    ...(dlp !== undefined && { dlp }),
    ...(receiver.ip === undefined && { addressMissing: 'the log names the receiver but not its address' }),
  };
}

/** Whoever answered has received something; where answers are not logged, the log's own verdict must do. */
function hasArrived({ outcome }: LogRecord, bytesBack: number | undefined): boolean {
  if (outcome === 'failure') return false;
  return outcome === 'success' || (bytesBack ?? 0) > 0;
}

/** A firewall's users are those of our own directory. */
function withoutUser({ user: _, ...party }: Party): Party {
  return party;
}
