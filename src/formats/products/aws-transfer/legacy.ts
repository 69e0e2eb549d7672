import type { Endpoint } from '../../record.ts';
import { addressOrName } from '../../values/address-or-name.ts';
import type { AddressReader } from '../../values/address-text.ts';
import type { EventReading } from './server-events.ts';

/**
 * An event as servers wrote them before structured logging, and still do through a logging role: `USER.SESSION CLOSE
 * Path=/bucket/a b.csv BytesIn=121`. Values are not quoted, so a path ends where the last key of its event begins.
 */
export function readLegacyEvent(text: string, addressText: AddressReader): EventReading {
  for (const { pattern, read } of EVENTS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const facts = read(match, addressText);
    const [, session = ''] = match;
    return typeof facts === 'string' || session === 'ERRORS'
      ? facts
      : { ...facts, session: `aws-transfer[${session}]` };
  }
  return 'tells nothing about logins or files';
}

interface Event {
  /** The first group is the session. */
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, addressText: AddressReader) => EventReading;
}

const EVENTS: readonly Event[] = [
  {
    pattern: /^(?:\S{1,255} )?(\S{1,255}) CONNECTED SourceIP=(\S{1,64}) User=(\S{1,255})(?= |$)/,
    read: ([, , address = '', user = ''], addressText) => login(address, user, 'success', addressText),
  },
  {
    pattern:
      /^(?:\S{1,255} )?(ERRORS) AUTH_FAILURE Method=(\S{1,64}) User=([^\n]{1,255}?) Message=[^\n]{0,1024} SourceIP=(\S{1,64})$/,
    read: ([, , method = '', user = '', address = ''], addressText) => {
      const facts = login(address, user, 'failure', addressText);
      return typeof facts === 'string' ? facts : { ...facts, auth: { method } };
    },
  },
  { pattern: /^(?:\S{1,255} )?(\S{1,255}) DISCONNECTED$/, read: () => ({ kind: 'logout' }) },
  {
    pattern: /^(?:\S{1,255} )?(\S{1,255}) OPEN Path=([\s\S]+) Mode=([A-Z|]{1,64})$/,
    read: ([, , path = '', mode = '']) => {
      const operation = mode.split('|').includes('WRITE') ? 'write' : 'read';
      return { kind: 'file', file: { path, operation } };
    },
  },
  {
    pattern: /^(?:\S{1,255} )?(\S{1,255}) (CLOSE|PARTIAL_CLOSE) Path=([\s\S]+) Bytes(In|Out)=(\d{1,15})$/,
    read: ([, , event, path = '', way, digits]) => ({
      kind: 'file',
      ...(way === 'In' ? { bytesToServer: Number(digits) } : { bytesToClient: Number(digits) }),
      file: { path, operation: way === 'In' ? 'write' : 'read' },
      outcome: event === 'CLOSE' ? 'success' : 'aborted',
    }),
  },
  {
    pattern: /^(?:\S{1,255} )?(\S{1,255}) (DELETE|RMDIR|MKDIR) Path=([\s\S]+)$/,
    read: ([, , event, path = '']) => ({
      kind: 'file',
      file: { path, operation: event === 'MKDIR' ? 'mkdir' : 'remove' },
      outcome: 'success',
    }),
  },
  {
    pattern: /^(?:\S{1,255} )?(\S{1,255}) RENAME Path=([\s\S]+) NewPath=([\s\S]+)$/,
    read: ([, , path = '', to = '']) => ({ kind: 'file', file: { path, operation: 'rename', to }, outcome: 'success' }),
  },
];

function login(
  address: string,
  user: string,
  outcome: 'success' | 'failure',
  addressText: AddressReader,
): EventReading {
  const peer = addressOrName(address, addressText);
  if (peer === undefined) return 'broken';
  const client: Endpoint = { ...peer, user };
  return { kind: 'login', client, protocol: 'sftp', outcome };
}
