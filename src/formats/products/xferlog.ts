import { readCtime } from '../../time/ctime.ts';
import { zoneNamed } from '../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../format.ts';
import type { FileOperation, FileProtocol, LogRecord } from '../record.ts';
import { addressOrName } from '../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../values/address-text.ts';
import { digitsOf } from '../values/digits.ts';
import { skipped, unreadable } from '../values/reading.ts';
import { PROFTPD_REMEDY } from './proftpd/remedy.ts';

/**
 * The transfer log of wu-ftpd, which ProFTPD (`TransferLog`), vsftpd (`xferlog_std_format`, `dual_log_enable`) and
 * Pure-FTPd (`AltLog xferlog:`) write as well:
 *
 *     TIME SECONDS HOST SIZE FILE TYPE FLAG DIRECTION MODE USER SERVICE AUTH AUTHUSER STATUS
 *
 * One line is one whole transfer. SIZE counts what moved, in DIRECTION: `o` out to the client, `i` in to the server
 * (xferlog(5)). At `d` it is the size of the file that was deleted, and nothing moved.
 */
export const xferlog: Format = {
  name: 'xferlog',
  product: 'ProFTPD TransferLog, vsftpd xferlog, Pure-FTPd AltLog xferlog, wu-ftpd',
  manual: 'xferlog(5) of ProFTPD 1.3.8; vsftpd.conf(5); pure-ftpd(8)',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'sometimes',
    file: 'always',
    protocol: 'sometimes',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'logins, and attempts to log in that failed',
      consequence: 'a vendor that comes from abroad and moves nothing is not seen',
      remedy: PROFTPD_REMEDY,
    },
    {
      missing: 'logins, where vsftpd writes no log of its own beside the xferlog (xferlog_std_format=YES)',
      consequence: 'a vendor that comes from abroad and moves nothing is not seen',
      remedy: { file: '/etc/vsftpd.conf', line: 'dual_log_enable=YES' },
    },
    {
      missing:
        'blanks and control characters of file names: an underscore stands for each, with vsftpd a question mark for each byte outside ASCII',
      consequence:
        'words of a name that were told apart by blanks are told apart by underscores; other letters are lost',
    },
    {
      missing: 'renames',
      consequence: 'a file that was uploaded under one name and read under another cannot be followed',
    },
    {
      missing: 'the time zone: times are local',
      consequence: "every time is read in the source's timezone; the hour that daylight saving repeats is ambiguous",
    },
    {
      missing: 'whether an upload to vsftpd or Pure-FTPd, or a download from Pure-FTPd, was cut short: both write c',
      consequence: 'a transfer that broke off counts as whole, with the bytes that did move',
    },
  ],
  samples: [
    {
      line: 'Tue Nov 24 04:14:09 2026 2 192.0.2.17 66893 /srv/sftp/out/patients_2026.csv b _ o r acme_sftp sftp 0 * c',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:09.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToClient: 66893,
        durationMs: 2000,
        file: { path: '/srv/sftp/out/patients_2026.csv', operation: 'read' },
        protocol: 'sftp',
        outcome: 'success',
      },
    },
    {
      line: 'Tue Nov  3 04:14:14 2026 1 ::ffff:192.0.2.18 163840 /in/abort.bin b _ i r acme_sftp ftp 0 * i',
      record: {
        kind: 'file',
        time: '2026-11-03T04:14:14.000Z',
        client: { ip: '192.0.2.18', user: 'acme_sftp' },
        bytesToServer: 163840,
        durationMs: 1000,
        file: { path: '/in/abort.bin', operation: 'write' },
        protocol: 'ftp',
        outcome: 'aborted',
      },
    },
    {
      line: 'Tue Nov 24 04:14:16 2026 0 coder.vendor.example 5536 /out/old.txt a _ d r acme_sftp ftp 0 * c',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:16.000Z',
        client: { host: 'coder.vendor.example', user: 'acme_sftp' },
        file: { path: '/out/old.txt', operation: 'remove' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
  ],
  reader: xferlogReader,
};

const OPERATIONS: Readonly<Record<string, FileOperation>> = { o: 'read', i: 'write', d: 'remove' };

/** What ProFTPD calls its sessions; the others always write `ftp`. Other services have other words, and tell nothing. */
const PROTOCOLS: ReadonlyMap<string, FileProtocol> = new Map([
  ['ftp', 'ftp'],
  ['ftps', 'ftps'],
  ['sftp', 'sftp'],
  ['scp', 'scp'],
]);

function xferlogReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs }) => {
    if (text.trim() === '') return BLANK_LINE;
    const stamp = readCtime(text);
    if (stamp === undefined) return NO_TIME;
    const entry = readEntry(text, stamp.end, addressText);
    return entry === undefined ? NO_ENTRY : record(entry, zone.toUtcMs(stamp.wallMs, writtenBeforeMs));
  };
}

interface Entry {
  readonly seconds: number;
  readonly peer: LogRecord['client'];
  readonly size: number;
  readonly file: string;
  readonly direction: string;
  readonly mode: string;
  readonly user: string;
  readonly service: string;
  readonly status: string;
}

/** What stands behind the time. Blanks of the file's name were replaced, so that each field but the user is one word. */
function readEntry(text: string, at: number, addressText: AddressReader): Entry | undefined {
  BEGINNING.lastIndex = at;
  const [beginning, seconds = '', host = '', size = ''] = BEGINNING.exec(text) ?? [];
  const [ending, service = '', status = ''] = ENDING.exec(text.slice(-LONGEST_ENDING)) ?? [];
  const peer = addressOrName(host, addressText);
  if (beginning === undefined || ending === undefined || peer === undefined) return undefined;
  const middle = text.slice(at + beginning.length, text.length - ending.length);
  const [, file, direction = '', mode = '', user = ''] = MIDDLE.exec(middle) ?? MIDDLE_WITH_BLANKS.exec(middle) ?? [];
  if (file === undefined) return undefined;
  return {
    seconds: digitsOf(seconds, 0, seconds.length),
    peer,
    size: digitsOf(size, 0, size.length),
    file,
    direction,
    mode,
    user,
    service,
    status,
  };
}

/** ` SECONDS HOST SIZE `; some put a second blank between. */
const BEGINNING = / {1,4}(\d{1,9}) {1,4}(\S{1,255}) {1,4}(\d{1,15}) {1,4}/y;
/** ` SERVICE AUTH AUTHUSER STATUS` */
const ENDING = / (\S{1,32}) [01] \S{1,255} ([ci]) ?$/;
const LONGEST_ENDING = 300;
/** `FILE TYPE FLAG DIRECTION MODE USER`. An anonymous user is what the client gave for a password: any text. */
const MIDDLE = /^(\S+) [ab] [CUT_]{1,3} ([oid]) ([agr]) ([\s\S]*)$/;
/** Of servers that leave the blanks in a file's name. A user without blanks is then the only one that can be told. */
const MIDDLE_WITH_BLANKS = /^([\s\S]+) [ab] [CUT_]{1,3} ([oid]) ([agr]) (\S+)$/;

function record(entry: Entry, timeMs: number): Reading {
  const operation = OPERATIONS[entry.direction];
  if (operation === undefined) return NO_ENTRY;
  const { size, seconds, service } = entry;
  const protocol = PROTOCOLS.get(service);
  return {
    kind: 'record',
    record: {
      kind: 'file',
      timeMs,
      // Of an anonymous session nobody checked who it is; an account of that name must not be taken for it.
      client: { ...entry.peer, user: entry.mode === 'a' ? 'anonymous' : entry.user },
      ...(operation === 'write' && { bytesToServer: size }),
      ...(operation === 'read' && { bytesToClient: size }),
      ...(operation !== 'remove' && { durationMs: seconds * 1_000 }),
      file: { path: entry.file, operation },
      ...(protocol !== undefined && { protocol }),
      outcome: entry.status === 'c' ? 'success' : size > 0 ? 'aborted' : 'failure',
    },
  };
}

const BLANK_LINE = skipped('blank line');
const NO_TIME = unreadable('no date and time such as "Tue Nov 24 04:14:09 2026" stands at its beginning');
const NO_ENTRY = unreadable('the fields behind the time are not those of an xferlog');
