import { readCtime } from '../../time/ctime.ts';
import { zoneNamed } from '../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../format.ts';
import type { Endpoint, FileOperation, LogRecord } from '../record.ts';
import { addressOrName } from '../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../values/address-text.ts';
import { hostName } from '../values/http-target.ts';
import { skipped, unreadable } from '../values/reading.ts';

/**
 * vsftpd's own log, as a file or through syslog:
 *
 *     TIME [pid N] [USER] OK DOWNLOAD: Client "IP", "PATH", N bytes, R Kbyte/sec
 *
 * N is what moved: to the client for DOWNLOAD, to the server for UPLOAD. It is left out when it is 0 (`logging.c`). The
 * process id changes between the login and what follows it, so it joins nothing.
 */
export const vsftpd: Format = {
  name: 'vsftpd',
  product: 'vsftpd.log, also with log_ftp_protocol, or in syslog',
  manual: 'vsftpd.conf(5); message texts of vsftpd 3.0.3',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    file: 'sometimes',
    protocol: 'always',
    outcome: 'always',
  },
  blindSpots: [
    {
      missing:
        'file names in other letters than ASCII: in the file a question mark stands for each byte; syslog keeps them',
      consequence: 'words of such a name are not recognised',
      remedy: { file: '/etc/vsftpd.conf', line: 'syslog_enable=YES' },
    },
    {
      missing: 'connections and logins, where xferlog_std_format is on',
      consequence: 'the log is an xferlog then: read it as format xferlog',
      remedy: { file: '/etc/vsftpd.conf', line: 'xferlog_enable=YES\ndual_log_enable=YES' },
    },
    {
      missing: 'whether an upload was cut short: it is logged as OK',
      consequence: 'an upload that broke off counts as whole, with the bytes that did move',
    },
    {
      missing: 'downloads of files that do not exist',
      consequence: 'somebody who guesses names is not seen',
    },
    {
      missing: 'which of two names is the old one, in a rename of a name that holds a blank and a slash',
      consequence: 'such a rename is left out',
    },
    {
      missing: 'what belongs to one session, and whether it was FTP or FTPS',
      consequence: 'a transfer is put to its account and address alone',
    },
    {
      missing: 'the time zone: times in the file are local',
      consequence: "every time is read in the source's timezone; the hour that daylight saving repeats is ambiguous",
    },
  ],
  samples: [
    {
      line: 'Tue Nov 24 04:14:54 2026 [pid 16604] [acme_sftp] OK DOWNLOAD: Client "::ffff:192.0.2.17", "/out/ct "1" series.zip", 262144 bytes, 412238.33Kbyte/sec',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:54.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToClient: 262144,
        file: { path: '/out/ct "1" series.zip', operation: 'read' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
    {
      line: 'Tue Nov 24 04:14:58 2026 [pid 16605] [acme_sftp] FAIL DOWNLOAD: Client "192.0.2.17", "/out/big.bin", 8254144 bytes, 2723.27Kbyte/sec',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:58.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToClient: 8254144,
        file: { path: '/out/big.bin', operation: 'read' },
        protocol: 'ftp',
        outcome: 'aborted',
      },
    },
    {
      line: 'Nov 24 04:15:12 gw1 vsftpd[16791]: [acme_sftp] OK UPLOAD: Client "192.0.2.17", "/in/empty.txt", 0.00Kbyte/sec',
      record: {
        kind: 'file',
        time: '2026-11-24T04:15:12.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        server: { host: 'gw1' },
        bytesToServer: 0,
        file: { path: '/in/empty.txt', operation: 'write' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
    {
      line: 'Tue Nov  3 04:14:57 2026 [pid 2] [nobody here] FAIL LOGIN: Client "192.0.2.99"',
      record: {
        kind: 'login',
        time: '2026-11-03T04:14:57.000Z',
        client: { ip: '192.0.2.99', user: 'nobody here' },
        protocol: 'ftp',
        outcome: 'failure',
      },
    },
    {
      line: 'Tue Nov 24 04:14:54 2026 [pid 16629] [acme_sftp] OK RENAME: Client "192.0.2.17", "/in/a.part /in/a b.csv"',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:54.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        file: { path: '/in/a.part', operation: 'rename', to: '/in/a b.csv' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
    { line: 'Tue Nov 24 04:14:54 2026 [pid 16603] CONNECT: Client "192.0.2.17"', record: 'skipped' },
    {
      line: 'Tue Nov 24 04:15:02 2026 [pid 16677] [acme_sftp] FTP command: Client "192.0.2.17", "RETR a"',
      record: 'skipped',
    },
  ],
  reader: vsftpdReader,
};

function vsftpdReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs, header }) => {
    const stamp = readCtime(text);
    PID.lastIndex = stamp?.end ?? 0;
    const [pid] = stamp === undefined ? [] : (PID.exec(text) ?? []);
    // Lines of the file may be sent on through syslog too.
    if (stamp !== undefined && pid !== undefined) {
      const timeMs = zone.toUtcMs(stamp.wallMs, writtenBeforeMs);
      return messageReading(text.slice(stamp.end + pid.length), timeMs, {}, addressText);
    }
    if (header?.timeMs === undefined) return text.trim() === '' ? BLANK_LINE : NO_HEADER;
    if (header.program !== 'vsftpd') return OTHER_PROGRAM;
    const host = header.host === undefined ? {} : { server: { host: hostName(header.host) } };
    return messageReading(text, header.timeMs, host, addressText);
  };
}

const PID = / \[pid \d{1,10}\] /y;

/** A user's name is told before the rest, and of a login that failed it is the client's own words: hence the end first. */
const FAILED_LOGIN = /^\[([\s\S]*)\] FAIL LOGIN: Client "([^"]{1,64})"$/;
const ENTRY = /^\[([^\]]{0,255})\] (OK|FAIL) ([A-Z]{2,10}): Client "([^"]{1,255})"/;
const CHATTER = /^(?:\[[^\]]{0,255}\] )?(?:CONNECT: Client|FTP (?:command|response): Client|DEBUG: Client) /;

function messageReading(
  text: string,
  timeMs: number,
  host: Pick<LogRecord, 'server'>,
  addressText: AddressReader,
): Reading {
  if (CHATTER.test(text)) return NO_EVENT;
  const [, triedUser, triedFrom = ''] = FAILED_LOGIN.exec(text) ?? [];
  const [entry, givenUser = '', verdict, event = 'LOGIN', from = ''] =
    triedUser === undefined ? (ENTRY.exec(text) ?? []) : [];
  const user = triedUser ?? givenUser;
  const peer = addressOrName(triedUser === undefined ? from : triedFrom, addressText);
  if (triedUser === undefined && entry === undefined) return NO_EVENT;
  if (peer === undefined) return BROKEN;
  const hasSucceeded = verdict === 'OK';
  const facts =
    event === 'LOGIN' ? loginFacts(hasSucceeded) : fileFacts(event, hasSucceeded, text.slice(entry?.length ?? 0));
  if (typeof facts === 'string') return facts === 'broken' ? BROKEN : skipped(facts);
  const { kind, outcome, file, ...counts } = facts;
  const client: Endpoint = user === '' ? peer : { ...peer, user };
  const record: LogRecord = {
    kind,
    timeMs,
    client,
    ...host,
    ...counts,
    ...(file !== undefined && { file }),
    protocol: 'ftp',
    ...(outcome !== undefined && { outcome }),
  };
  return { kind: 'record', record };
}

type Facts = Pick<LogRecord, 'kind' | 'outcome' | 'file' | 'bytesToClient' | 'bytesToServer'>;

function loginFacts(hasSucceeded: boolean): Facts {
  return { kind: 'login', outcome: hasSucceeded ? 'success' : 'failure' };
}

const OPERATIONS: Readonly<Record<string, FileOperation>> = {
  DOWNLOAD: 'read',
  UPLOAD: 'write',
  DELETE: 'remove',
  RMDIR: 'remove',
  MKDIR: 'mkdir',
  RENAME: 'rename',
};

/** `, "PATH", N bytes, R Kbyte/sec`; quotes within a path are not escaped. */
function fileFacts(event: string, hasSucceeded: boolean, rest: string): Facts | string {
  const operation = OPERATIONS[event];
  if (operation === undefined) return "changes a file's attributes, or nothing";
  const moves = operation === 'read' || operation === 'write';
  const [ending, digits] = (moves ? TRANSFERRED : NAMED).exec(rest.slice(-LONGEST_ENDING)) ?? [];
  const path = rest.slice(', "'.length, rest.length - (ending?.length ?? 0));
  if (ending === undefined || !rest.startsWith(', "') || path === '') return 'broken';
  if (operation === 'rename') return renameFacts(path, hasSucceeded);
  const bytes = Number(digits ?? 0);
  return {
    kind: 'file',
    ...(operation === 'write' && { bytesToServer: bytes }),
    ...(operation === 'read' && { bytesToClient: bytes }),
    file: { path, operation },
    outcome: hasSucceeded ? 'success' : moves && bytes > 0 ? 'aborted' : 'failure',
  };
}

const TRANSFERRED = /"(?:, (\d{1,15}) bytes)?, [\d.]{1,20}Kbyte\/sec$/;
const NAMED = /"$/;
const LONGEST_ENDING = 80;

/** Both names stand in one pair of quotes with a blank between; both are absolute. */
function renameFacts(names: string, hasSucceeded: boolean): Facts | string {
  const at = names.indexOf(' /');
  if (at === -1 || names.includes(' /', at + 1)) return 'does not tell where the old name ends and the new one begins';
  return {
    kind: 'file',
    file: { path: names.slice(0, at), operation: 'rename', to: names.slice(at + 1) },
    outcome: hasSucceeded ? 'success' : 'failure',
  };
}

const BLANK_LINE = skipped('blank line');
const OTHER_PROGRAM = skipped('not from vsftpd');
const NO_EVENT = skipped('tells nothing about logins or files');
const BROKEN = unreadable('begins like a message of vsftpd, and goes on as none does');
const NO_HEADER = unreadable('no time and process id of vsftpd stand at its beginning');
