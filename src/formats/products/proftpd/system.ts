import { readIso } from '../../../time/iso.ts';
import { instantMs, type Zone, zoneNamed } from '../../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../../format.ts';
import type { Endpoint } from '../../record.ts';
import type { SyslogMessage } from '../../syslog/message.ts';
import { addressOrName } from '../../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../../values/address-text.ts';
import { hostName } from '../../values/http-target.ts';
import { skipped, unreadable } from '../../values/reading.ts';
import { PROFTPD_REMEDY } from './remedy.ts';

/**
 * What ProFTPD says of itself, in its SystemLog or through syslog: who logged in and who left. A login over SFTP is told
 * twice, by mod_sftp and by mod_auth.
 */
export const proftpdSystem: Format = {
  name: 'proftpd-system',
  product: 'ProFTPD SystemLog, or its messages in syslog',
  manual: 'ProFTPD 1.3.8, SystemLog; message texts of mod_auth and mod_sftp',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    session: 'always',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'all file operations',
      consequence: 'downloads leave no trace: only the login is seen',
      remedy: PROFTPD_REMEDY,
    },
    {
      missing: 'logins that succeeded, unless the level is info; the default is notice',
      consequence: 'a vendor that comes from abroad is not seen, only whoever is turned away',
      remedy: { file: '/etc/proftpd/proftpd.conf', line: '<Global>\n  SyslogLevel info\n</Global>' },
    },
    {
      missing: 'the protocol, and the SSH key of a login',
      consequence: 'a login over FTP is called one over SFTP',
      remedy: PROFTPD_REMEDY,
    },
  ],
  samples: [
    {
      line: '2026-11-24 04:14:09,755 gw1 proftpd[16386] 10.9.0.1 (192.0.2.17[192.0.2.17]): USER acme_sftp: Login successful.',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:09.755Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        server: { ip: '10.9.0.1', host: 'gw1' },
        session: 'proftpd[16386]',
        outcome: 'success',
      },
    },
    {
      line: 'Nov 24 04:14:12 gw1 proftpd[16394]: 10.9.0.1 (coder.vendor.example[192.0.2.18]) - USER x y (Login failed): Incorrect password',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:12.000Z',
        client: { ip: '192.0.2.18', user: 'x y' },
        server: { ip: '10.9.0.1', host: 'gw1' },
        session: 'proftpd[16394]',
        outcome: 'failure',
      },
    },
    {
      line: '2026-11-24 04:14:09,784 gw1 proftpd[16386] 10.9.0.1 (192.0.2.17[192.0.2.17]): SSH2 session closed.',
      record: {
        kind: 'logout',
        time: '2026-11-24T04:14:09.784Z',
        client: { ip: '192.0.2.17' },
        server: { ip: '10.9.0.1', host: 'gw1' },
        session: 'proftpd[16386]',
      },
    },
    {
      line: '2026-11-24 04:14:08,191 gw1 proftpd[16358] 10.9.0.1: ProFTPD 1.3.8 (stable) standalone mode STARTUP',
      record: 'skipped',
    },
  ],
  reader: systemReader,
};

function systemReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs, header: syslog }) => {
    // Lines of a SystemLog may be sent on through syslog too.
    const own = ownHeader(text, zone, writtenBeforeMs);
    const header = own ?? (syslog === undefined ? undefined : fromSyslog(syslog, text));
    if (header === undefined) return text.trim() === '' ? BLANK_LINE : NO_HEADER;
    return header === 'other-program' ? OTHER_PROGRAM : messageReading(header, addressText);
  };
}

interface Header {
  readonly timeMs: number;
  readonly host?: string;
  readonly pid: string;
  readonly message: string;
}

/** `2026-11-24 04:14:09,699 gw1 proftpd[16386] `, as it stands in a SystemLog: local time. */
function ownHeader(text: string, zone: Zone, writtenBeforeMs: number): Header | undefined {
  const stamp = readIso(text);
  if (stamp === undefined) return undefined;
  OWN_TAG.lastIndex = stamp.end;
  const [tag, host = '', pid = ''] = OWN_TAG.exec(text) ?? [];
  if (tag === undefined) return undefined;
  const timeMs = instantMs(stamp, zone, writtenBeforeMs);
  return { timeMs, host: hostName(host), pid, message: text.slice(stamp.end + tag.length) };
}

const OWN_TAG = / (\S{1,255}) proftpd\[(\d{1,10})\] /y;

function fromSyslog(
  { timeMs, host, program, pid }: SyslogMessage,
  message: string,
): Header | 'other-program' | undefined {
  if (timeMs === undefined) return undefined;
  if (program !== 'proftpd' || pid === undefined) return 'other-program';
  return { timeMs, pid, message, ...(host !== undefined && { host: hostName(host) }) };
}

/** `10.9.0.1 (coder.vendor.example[192.0.2.18]): ...`, in syslog with ` - ` for the colon. */
const SESSION = /^(\S{1,255}) \([^\s[\]]{0,255}\[([^\]\s]{1,64})\]\)(?:: | - )/;

function messageReading({ timeMs, host, pid, message }: Header, addressText: AddressReader): Reading {
  const [head, serverText = '', clientText = ''] = SESSION.exec(message.slice(0, LONGEST_HEAD)) ?? [];
  if (head === undefined) return NO_SESSION;
  const peer = addressOrName(clientText, addressText);
  if (peer === undefined) return NO_SESSION;
  const facts = factsOf(message.slice(head.length));
  if (facts === undefined) return OTHER_MESSAGE;
  const ip = addressText(serverText);
  const server: Endpoint = { ...(ip !== undefined && { ip }), ...(host !== undefined && { host }) };
  return {
    kind: 'record',
    record: {
      kind: facts.kind,
      timeMs,
      client: facts.user === undefined ? peer : { ...peer, user: facts.user },
      server,
      session: `proftpd[${pid}]`,
      ...(facts.outcome !== undefined && { outcome: facts.outcome }),
    },
  };
}

interface Facts {
  readonly kind: 'login' | 'logout';
  readonly user?: string;
  readonly outcome?: 'success' | 'failure';
}

/** The name of a login that failed is the client's own words, and may look like the rest of a message that it is not. */
function factsOf(text: string): Facts | undefined {
  if (CLOSED.test(text)) return { kind: 'logout' };
  const start = text.startsWith('USER ') ? 5 : text.startsWith('ANON ') ? 5 : undefined;
  if (start === undefined) return undefined;
  const failed = text.lastIndexOf(' (Login failed): ');
  if (failed > start) return { kind: 'login', user: text.slice(start, failed), outcome: 'failure' };
  const unknown = text.lastIndexOf(': no such user found from ');
  if (unknown > start) return { kind: 'login', user: text.slice(start, unknown), outcome: 'failure' };
  const end = SUCCESS_ENDINGS.find((ending) => text.endsWith(ending));
  return end === undefined ? undefined : { kind: 'login', user: text.slice(start, -end.length), outcome: 'success' };
}

const CLOSED = /^[A-Z0-9]{3,5} session closed\.?$/;
const SUCCESS_ENDINGS = [': Login successful.', ': Login successful'];
const LONGEST_HEAD = 700;

const BLANK_LINE = skipped('blank line');
const OTHER_PROGRAM = skipped('not from ProFTPD');
const NO_SESSION = skipped('not about a session');
const OTHER_MESSAGE = skipped('tells nothing about logins');
const NO_HEADER = unreadable('no header of ProFTPD or syslog with a time stands at its beginning');
