import type { Format, LineReader, Reading } from '../../format.ts';
import type { Endpoint, LogRecord } from '../../record.ts';
import type { SyslogMessage } from '../../syslog/message.ts';
import { addressOrName } from '../../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../../values/address-text.ts';
import { hostName } from '../../values/http-target.ts';
import { skipped, unreadable } from '../../values/reading.ts';

/**
 * What Pure-FTPd says through syslog: `(user@address) [NOTICE] /path downloaded  (N bytes, R KB/sec)`. N is what moved:
 * to the client for `downloaded`, to the server for `uploaded` (`ftpd.c`, `displayrate`). Texts are those of the English
 * build.
 */
export const pureFtpd: Format = {
  name: 'pure-ftpd',
  product: 'Pure-FTPd in syslog',
  manual: 'pure-ftpd(8); message texts of Pure-FTPd 1.0.50 (src/messages_en.h)',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    file: 'sometimes',
    protocol: 'always',
    session: 'sometimes',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'what belongs to one session: no process id is logged by default',
      consequence: 'a transfer is put to its account and address alone',
      remedy: { file: '/etc/pure-ftpd/conf/LogPID', line: 'yes' },
    },
    {
      missing: "the client's address, where names are looked up (DontResolve no)",
      consequence: 'where a file went is told by a name that the client may have chosen',
      remedy: { file: '/etc/pure-ftpd/conf/DontResolve', line: 'yes' },
    },
    {
      missing: 'whether a transfer was cut short: it is logged like any other',
      consequence: 'a transfer that broke off counts as whole, with the bytes that the server counted',
    },
    {
      missing: 'downloads that were refused, new directories, and whether it was FTP or FTPS',
      consequence: 'somebody who guesses names is not seen',
    },
  ],
  samples: [
    {
      line: 'Nov 24 04:15:51 gw1 pure-ftpd: (acme_sftp@192.0.2.17) [NOTICE] /srv//out/ct series (1).zip downloaded  (262144 bytes, 937765.79KB/sec)',
      record: {
        kind: 'file',
        time: '2026-11-24T04:15:51.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        server: { host: 'gw1' },
        bytesToClient: 262144,
        file: { path: '/srv/out/ct series (1).zip', operation: 'read' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
    {
      line: 'Nov 24 04:15:51 gw1 pure-ftpd[4242]: (?@2001:db8::7) [INFO] joe@hosp is now logged in',
      record: {
        kind: 'login',
        time: '2026-11-24T04:15:51.000Z',
        client: { ip: '2001:db8::7', user: 'joe@hosp' },
        server: { host: 'gw1' },
        protocol: 'ftp',
        session: 'pure-ftpd[4242]',
        outcome: 'success',
      },
    },
    {
      line: 'Nov 24 04:15:58 gw1 pure-ftpd: (?@192.0.2.99) [WARNING] Authentication failed for user [acme_sftp]',
      record: {
        kind: 'login',
        time: '2026-11-24T04:15:58.000Z',
        client: { ip: '192.0.2.99', user: 'acme_sftp' },
        server: { host: 'gw1' },
        protocol: 'ftp',
        outcome: 'failure',
      },
    },
    {
      line: 'Nov 24 04:15:52 gw1 pure-ftpd: (acme_sftp@192.0.2.17) [NOTICE] File successfully renamed or moved: [a.part]->[arch/a.csv]',
      record: {
        kind: 'file',
        time: '2026-11-24T04:15:52.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        server: { host: 'gw1' },
        file: { path: 'a.part', operation: 'rename', to: 'arch/a.csv' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
    {
      line: 'Nov 24 04:15:53 gw1 pure-ftpd: (?@192.0.2.17) [INFO] New connection from 192.0.2.17',
      record: 'skipped',
    },
  ],
  reader: pureFtpdReader,
};

function pureFtpdReader(): LineReader {
  const addressText = rememberingAddressReader();
  return (text, { header }) => {
    if (header?.timeMs === undefined) return text.trim() === '' ? BLANK_LINE : NO_HEADER;
    if (header.program !== 'pure-ftpd') return OTHER_PROGRAM;
    return messageReading(text, header, header.timeMs, addressText);
  };
}

/** `(user@address) [NOTICE] `. The name may hold an `@`, the address does not. */
const HEAD = /^\(([^\n]{1,400})@([\w.:-]{1,255})\) \[[A-Z]{4,9}\] /;
const LONGEST_HEAD = 700;

function messageReading(text: string, header: SyslogMessage, timeMs: number, addressText: AddressReader): Reading {
  const [head, user = '?', address = ''] = HEAD.exec(text.slice(0, LONGEST_HEAD)) ?? [];
  const peer = addressOrName(address, addressText);
  if (head === undefined || peer === undefined) return NO_SESSION;
  const facts = factsOf(text.slice(head.length), user === '?' ? undefined : user);
  if (facts === undefined) return NO_EVENT;
  const { kind, account, outcome, file, ...counts } = facts;
  const client: Endpoint = account === undefined ? peer : { ...peer, user: account };
  const record: LogRecord = {
    kind,
    timeMs,
    client,
    ...(header.host !== undefined && { server: { host: hostName(header.host) } }),
    ...counts,
    ...(file !== undefined && { file }),
    protocol: 'ftp',
    ...(header.pid !== undefined && { session: `pure-ftpd[${header.pid}]` }),
    ...(outcome !== undefined && { outcome }),
  };
  return { kind: 'record', record };
}

interface Facts extends Pick<LogRecord, 'kind' | 'outcome' | 'file' | 'bytesToClient' | 'bytesToServer'> {
  readonly account: string | undefined;
}

const TRANSFERRED = / (uploaded|downloaded) {1,2}\((\d{1,15}) bytes, [\d.]{1,20} ?KB\/sec\)$/;
const RENAMED = 'File successfully renamed or moved: [';
const FAILED = 'Authentication failed for user [';
const LOGGED_IN = ' is now logged in';

/** @param user who is logged in; nobody yet when the message tells of a login */
function factsOf(text: string, user: string | undefined): Facts | undefined {
  return transferFacts(text, user) ?? loginFacts(text) ?? (user === undefined ? undefined : changeFacts(text, user));
}

function transferFacts(text: string, user: string | undefined): Facts | undefined {
  const [ending, way, digits] = TRANSFERRED.exec(text.slice(-LONGEST_ENDING)) ?? [];
  if (ending === undefined) return undefined;
  const path = absolute(text.slice(0, text.length - ending.length));
  const bytes = Number(digits);
  return {
    kind: 'file',
    account: user,
    ...(way === 'uploaded' ? { bytesToServer: bytes } : { bytesToClient: bytes }),
    file: { path, operation: way === 'uploaded' ? 'write' : 'read' },
    outcome: 'success',
  };
}

const LONGEST_ENDING = 90;

function loginFacts(text: string): Facts | undefined {
  if (text.endsWith(LOGGED_IN)) {
    return { kind: 'login', account: text.slice(0, -LOGGED_IN.length), outcome: 'success' };
  }
  if (!text.startsWith(FAILED)) return undefined;
  return { kind: 'login', account: text.slice(FAILED.length).replace(/\]$/, ''), outcome: 'failure' };
}

function changeFacts(text: string, user: string): Facts | undefined {
  if (text.startsWith(RENAMED)) return renameFacts(text.slice(RENAMED.length), user);
  if (text.startsWith('Deleted ')) {
    const path = absolute(text.slice('Deleted '.length));
    return { kind: 'file', account: user, file: { path, operation: 'remove' }, outcome: 'success' };
  }
  return text.startsWith('Logout.') ? { kind: 'logout', account: user } : undefined;
}

/** `OLD]->[NEW]`; where a name holds `]->[` itself nobody can tell them apart. */
function renameFacts(names: string, user: string): Facts | undefined {
  const at = names.indexOf(']->[');
  if (at <= 0 || !names.endsWith(']') || names.includes(']->[', at + 1)) return undefined;
  const to = names.slice(at + ']->['.length, -1);
  const file = { path: names.slice(0, at), operation: 'rename', to } as const;
  return { kind: 'file', account: user, file, outcome: 'success' };
}

/** The root that a session is shut into, be it only `/`, stands before the path with a slash of its own: `/srv//a`. */
function absolute(path: string): string {
  return path.replace('//', '/');
}

const BLANK_LINE = skipped('blank line');
const OTHER_PROGRAM = skipped('not from Pure-FTPd');
const NO_SESSION = skipped('not about a session');
const NO_EVENT = skipped('tells nothing about logins or files');
const NO_HEADER = unreadable('no syslog header with a time stands at its beginning');
