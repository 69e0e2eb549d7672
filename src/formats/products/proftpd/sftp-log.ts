import { readIso } from '../../../time/iso.ts';
import { instantMs, zoneNamed } from '../../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../../format.ts';
import type { LogRecord } from '../../record.ts';
import { addressAndPort, addressOrName } from '../../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../../values/address-text.ts';
import { skipped, unreadable } from '../../values/reading.ts';
import { PROFTPD_REMEDY } from './remedy.ts';

/**
 * The SFTPLog of mod_sftp: who connected from where, with which key, and as whom. Each of these stands in a line of its
 * own; `session` joins them. What files moved is not in it.
 */
export const proftpdSftpLog: Format = {
  name: 'proftpd-sftp',
  product: 'ProFTPD mod_sftp, SFTPLog',
  manual: 'ProFTPD 1.3.8, mod_sftp: SFTPLog; message texts of mod_sftp 1.1.1',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'sometimes',
    server: 'sometimes',
    auth: 'sometimes',
    protocol: 'always',
    session: 'always',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'which files moved, and how many bytes',
      consequence: 'downloads leave no trace: only the login is seen',
      remedy: PROFTPD_REMEDY,
    },
    {
      missing: 'logins that failed, and all logins over FTP',
      consequence: 'attempts to log in are not seen here',
      remedy: PROFTPD_REMEDY,
    },
    {
      missing: 'the time zone: times are local',
      consequence: "every time is read in the source's timezone; the hour that daylight saving repeats is ambiguous",
    },
  ],
  samples: [
    {
      line: '2026-11-24 04:14:09,699 mod_sftp/1.1.1[16386]: client (192.0.2.17:42341) connected to server (10.9.0.1:2222) [session ID awUPEX8AAAF/AA4BAABAAhAl]',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:09.699Z',
        client: { ip: '192.0.2.17', port: 42341 },
        server: { ip: '10.9.0.1', port: 2222 },
        protocol: 'sftp',
        session: 'mod_sftp[16386]',
      },
    },
    {
      line: '2026-11-24 04:14:09,750 mod_sftp/1.1.1[16386]: public key SHA256 fingerprint: 10:73:5d:a0:c3:1d:1a:4e:94:1c:e6:5c:2a:26:97:98:f5:d9:17:e3:5f:7b:60:c5:e5:34:6a:f9:4f:20:08:34',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:09.750Z',
        // ssh-keygen -l prints this for the same key.
        auth: { method: 'publickey', key: 'SHA256:EHNdoMMdGk6UHOZcKiaXmPXZF+Nfe2DF5TRq+U8gCDQ' },
        protocol: 'sftp',
        session: 'mod_sftp[16386]',
      },
    },
    {
      line: "2026-11-24 04:14:09,754 mod_sftp/1.1.1[16386]: user 'acme_sftp' authenticated via 'publickey' method",
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:09.754Z',
        client: { user: 'acme_sftp' },
        auth: { method: 'publickey' },
        protocol: 'sftp',
        session: 'mod_sftp[16386]',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24 04:14:09,784 mod_sftp/1.1.1[16386]: client at 192.0.2.17 sent SSH_DISCONNECT message: disconnected by user (Application disconnected)',
      record: {
        kind: 'logout',
        time: '2026-11-24T04:14:09.784Z',
        client: { ip: '192.0.2.17' },
        protocol: 'sftp',
        session: 'mod_sftp[16386]',
      },
    },
    {
      line: '2026-11-24 04:14:09,700 mod_sftp/1.1.1[16386]:  + Session client-to-server compression: none',
      record: 'skipped',
    },
  ],
  reader: sftpLogReader,
};

function sftpLogReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs }): Reading => {
    const stamp = readIso(text);
    if (stamp === undefined) return text.trim() === '' ? BLANK_LINE : NO_HEADER;
    TAG.lastIndex = stamp.end;
    const [tag, pid = ''] = TAG.exec(text) ?? [];
    if (tag === undefined) return NO_HEADER;
    const facts = factsOf(text.slice(stamp.end + tag.length), addressText);
    if (facts === undefined) return OTHER_MESSAGE;
    const { kind, outcome, ...rest } = facts;
    const record: LogRecord = {
      kind,
      timeMs: instantMs(stamp, zone, writtenBeforeMs),
      ...rest,
      protocol: 'sftp',
      session: `mod_sftp[${pid}]`,
      ...(outcome !== undefined && { outcome }),
    };
    return { kind: 'record', record };
  };
}

const TAG = / mod_sftp\/[\w.]{1,32}\[(\d{1,10})\]: /y;

type Facts = Pick<LogRecord, 'kind' | 'client' | 'server' | 'auth' | 'outcome'>;

function factsOf(message: string, addressText: AddressReader): Facts | undefined {
  for (const { pattern, read } of MESSAGES) {
    const match = pattern.exec(message);
    if (match !== null) return read(match, addressText);
  }
  return undefined;
}

interface Message {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, addressText: AddressReader) => Facts | undefined;
}

/** A user's name can be told only of those who were let in, so it is no trick of the client's. */
const MESSAGES: readonly Message[] = [
  {
    pattern: /^client \((\S{1,260})\) connected to server \((\S{1,260})\)/,
    read: ([, clientText = '', serverText = ''], addressText) => {
      const client = addressAndPort(clientText, addressText);
      const server = addressAndPort(serverText, addressText);
      if (client === undefined) return undefined;
      return { kind: 'login', client, ...(server !== undefined && { server }) };
    },
  },
  {
    pattern: /^public key (SHA256|MD5) fingerprint: ([0-9a-f]{2}(?::[0-9a-f]{2}){15,31})$/,
    read: ([, hash, hex = '']) => ({
      kind: 'login',
      auth: { method: 'publickey', key: hash === 'MD5' ? `MD5:${hex}` : `SHA256:${base64Of(hex)}` },
    }),
  },
  {
    pattern: /^user '([^\n]{1,255})' authenticated via '([\w/-]{1,64})' method$/,
    read: ([, user = '', method = '']) => ({ kind: 'login', client: { user }, auth: { method }, outcome: 'success' }),
  },
  {
    pattern: /^client at (\S{1,255}) sent SSH_DISCONNECT message/,
    read: ([, text = ''], addressText) => leaving(text, addressText),
  },
  {
    pattern: /^disconnecting client \(([^\s()]{1,255})\)/,
    read: ([, text = ''], addressText) => leaving(text, addressText),
  },
];

function leaving(text: string, addressText: AddressReader): Facts {
  const client = addressOrName(text, addressText);
  return client === undefined ? { kind: 'logout' } : { kind: 'logout', client };
}

/** As OpenSSH writes the same fingerprint: without padding. */
function base64Of(hex: string): string {
  return Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64').replace(/=+$/, '');
}

const BLANK_LINE = skipped('blank line');
const OTHER_MESSAGE = skipped('tells nothing about logins');
const NO_HEADER = unreadable('no time and tag of mod_sftp stand at its beginning');
