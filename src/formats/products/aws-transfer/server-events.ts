import type { Endpoint, FileOperation, LogRecord } from '../../record.ts';
import { addressOrName } from '../../values/address-or-name.ts';
import type { AddressReader } from '../../values/address-text.ts';
import { countAt, type JsonObject, textAt } from '../../values/json-object.ts';

export type EventFacts = Omit<LogRecord, 'timeMs'>;

/** `broken`: an event that is known, without what such an event has. Any other text says why it is skipped. */
export type EventReading = EventFacts | string;

/**
 * An event of a server, structured as JSON. `session-id` joins them: only CONNECTED tells who and from where, only CLOSE
 * tells how much. `bytes-in` is what the user uploaded, `bytes-out` what it downloaded (AWS Transfer Family user guide,
 * "CloudWatch log structure").
 */
export function readServerEvent(event: JsonObject, addressText: AddressReader): EventReading {
  const type = textAt(event, 'activity-type');
  const read = type === undefined ? undefined : EVENTS.get(type);
  if (read === undefined) return 'tells nothing about logins or files';
  const facts = read(event, addressText);
  if (typeof facts === 'string') return facts;
  const session = textAt(event, 'session-id');
  return session === undefined || session.length > LONGEST_SESSION
    ? facts
    : { ...facts, session: `aws-transfer[${session}]` };
}

const LONGEST_SESSION = 128;

type Reader = (event: JsonObject, addressText: AddressReader) => EventReading;

const EVENTS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['CONNECTED', (event, addressText) => readLogin(event, addressText, 'success')],
  ['AUTH_FAILURE', (event, addressText) => readLogin(event, addressText, 'failure')],
  ['DISCONNECTED', () => ({ kind: 'logout' })],
  ['OPEN', readOpen],
  ['CLOSE', (event) => readClose(event, 'success')],
  ['PARTIAL_CLOSE', (event) => readClose(event, 'aborted')],
  ['RENAME', readRename],
  ['DELETE', (event) => readPath(event, 'remove')],
  ['RMDIR', (event) => readPath(event, 'remove')],
  ['MKDIR', (event) => readPath(event, 'mkdir')],
]);

function readLogin(event: JsonObject, addressText: AddressReader, outcome: 'success' | 'failure'): EventReading {
  const peer = addressOrName(textAt(event, 'source-ip') ?? '', addressText);
  const user = textAt(event, 'user');
  if (peer === undefined) return 'broken';
  const client: Endpoint = user === undefined ? peer : { ...peer, user };
  const key = textAt(event, 'ssh-public-key-fingerprint');
  const method = textAt(event, 'method') ?? (key === undefined ? undefined : 'publickey');
  const isSsh = key !== undefined || textAt(event, 'client')?.startsWith('SSH-') === true;
  return {
    kind: 'login',
    client,
    ...(method !== undefined && { auth: { method, ...(key !== undefined && { key }) } }),
    ...((isSsh || method !== undefined) && { protocol: 'sftp' }),
    outcome,
  };
}

/** `READ`, or `CREATE|TRUNCATE|WRITE`. Whether the open succeeded is told by the close that follows. */
function readOpen(event: JsonObject): EventReading {
  const path = textAt(event, 'path');
  const mode = textAt(event, 'mode');
  if (path === undefined || mode === undefined) return 'broken';
  const operation = mode.split('|').includes('WRITE') ? 'write' : 'read';
  return { kind: 'file', file: { path, operation } };
}

function readClose(event: JsonObject, outcome: 'success' | 'aborted'): EventReading {
  const path = textAt(event, 'path');
  if (path === undefined) return 'broken';
  const bytesToServer = countAt(event, 'bytes-in');
  const bytesToClient = countAt(event, 'bytes-out');
  if (bytesToServer === undefined && bytesToClient === undefined) return 'does not tell which way a file went';
  return {
    kind: 'file',
    ...(bytesToServer !== undefined && { bytesToServer }),
    ...(bytesToClient !== undefined && { bytesToClient }),
    file: { path, operation: (bytesToServer ?? 0) > 0 || bytesToClient === undefined ? 'write' : 'read' },
    outcome,
  };
}

function readRename(event: JsonObject): EventReading {
  const path = textAt(event, 'path');
  const to = textAt(event, 'new-path');
  if (path === undefined) return 'broken';
  return { kind: 'file', file: { path, operation: 'rename', ...(to !== undefined && { to }) }, outcome: 'success' };
}

function readPath(event: JsonObject, operation: FileOperation): EventReading {
  const path = textAt(event, 'path');
  return path === undefined ? 'broken' : { kind: 'file', file: { path, operation }, outcome: 'success' };
}
