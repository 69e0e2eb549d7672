import { readIso } from '../../../time/iso.ts';
import { compileTimePattern } from '../../../time/strftime.ts';
import { instantMs, type Zone, zoneNamed } from '../../../time/zone.ts';
import type { BlindSpot, Format, LineReader, ReaderOptions, Reading } from '../../format.ts';
import type { LogRecord } from '../../record.ts';
import { addressOrName } from '../../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../../values/address-text.ts';
import { digitsOf, epochSecondsOf } from '../../values/digits.ts';
import { pathFromUrl } from '../../values/percent.ts';
import { skipped, unreadable } from '../../values/reading.ts';

/** What a line of Pure-FTPd's AltLog tells: one transfer, of which it tells one count of bytes, whichever way they went. */
interface Entry {
  readonly timeMs: number;
  readonly host: string;
  readonly user: string;
  readonly isUpload: boolean;
  readonly bytes: number;
  readonly path: string;
  readonly durationMs?: number;
  readonly session?: string;
}

type EntryReader = (text: string, zone: Zone, writtenBeforeMs: number) => Entry | 'skipped' | undefined;

const MANUAL = 'pure-ftpd(8), AltLog; src/altlog.c of Pure-FTPd 1.0.50';

const BLIND_SPOTS: readonly BlindSpot[] = [
  {
    missing: 'logins, attempts to log in that failed, renames and deletions',
    consequence: 'a vendor that comes from abroad and moves nothing is not seen',
    remedy: { file: '/etc/pure-ftpd/conf/SyslogFacility', line: 'ftp' },
  },
  {
    missing: 'whether a transfer was cut short: the status is always that of success',
    consequence: 'a transfer that broke off counts as whole, with the bytes that the server counted',
  },
  {
    missing: "the client's address, where names are looked up (DontResolve no)",
    consequence: 'where a file went is told by a name that the client may have chosen',
    remedy: { file: '/etc/pure-ftpd/conf/DontResolve', line: 'yes' },
  },
];

const TELLS: Format['tells'] = {
  kind: 'always',
  timeMs: 'always',
  client: 'always',
  bytesToServer: 'sometimes',
  bytesToClient: 'sometimes',
  file: 'always',
  protocol: 'always',
  outcome: 'always',
};

const pureFtpdClf: Format = {
  name: 'pure-ftpd-clf',
  product: 'Pure-FTPd AltLog clf (the default of Debian)',
  insteadOf: ['apache-common'],
  manual: MANUAL,
  tells: TELLS,
  blindSpots: BLIND_SPOTS,
  samples: [
    {
      line: '192.0.2.17 - acme_sftp [23/Nov/2026:23:16:33 -0500] "GET /srv/out/ct%20series%20%281%29.zip" 200 262144',
      record: {
        kind: 'file',
        time: '2026-11-24T04:16:33.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToClient: 262144,
        file: { path: '/srv/out/ct series (1).zip', operation: 'read' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
    {
      line: '192.0.2.17 - acme_sftp [24/Nov/2026:04:16:32 -0000] "PUT /srv/in/r%C3%A9sum%C3%A9.txt" 200 5536',
      record: {
        kind: 'file',
        time: '2026-11-24T04:16:32.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToServer: 5536,
        file: { path: '/srv/in/résumé.txt', operation: 'write' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
  ],
  reader: (options) => altLogReader(readClf, options),
};

const pureFtpdW3c: Format = {
  name: 'pure-ftpd-w3c',
  product: 'Pure-FTPd AltLog w3c',
  manual: MANUAL,
  tells: TELLS,
  blindSpots: BLIND_SPOTS,
  samples: [
    { line: '#Fields: date time c-ip cs-method cs-uri-stem sc-status cs-username sc-bytes', record: 'skipped' },
    {
      line: '2026-11-24 04:16:37 192.0.2.17 []created /srv/in/patients.csv 226 acme_sftp 66893',
      record: {
        kind: 'file',
        time: '2026-11-24T04:16:37.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        // In spite of its name, sc-bytes counts an upload's bytes too.
        bytesToServer: 66893,
        file: { path: '/srv/in/patients.csv', operation: 'write' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24 04:16:37 2001:db8::7 []sent /srv/out/a%20b.csv 226 acme_sftp 7',
      record: {
        kind: 'file',
        time: '2026-11-24T04:16:37.000Z',
        client: { ip: '2001:db8::7', user: 'acme_sftp' },
        bytesToClient: 7,
        file: { path: '/srv/out/a b.csv', operation: 'read' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
  ],
  reader: (options) => altLogReader(readW3c, options),
};

const pureFtpdStats: Format = {
  name: 'pure-ftpd-stats',
  product: 'Pure-FTPd AltLog stats',
  manual: MANUAL,
  tells: { ...TELLS, durationMs: 'always', session: 'always' },
  blindSpots: BLIND_SPOTS,
  samples: [
    {
      line: '1795493795 6b050fa3.4312 acme_sftp 192.0.2.17 D 262144 2 /srv/out/ct series (1).zip',
      record: {
        kind: 'file',
        time: '2026-11-24T04:16:35.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToClient: 262144,
        durationMs: 2000,
        file: { path: '/srv/out/ct series (1).zip', operation: 'read' },
        protocol: 'ftp',
        session: 'pure-ftpd[6b050fa3.4312]',
        outcome: 'success',
      },
    },
  ],
  reader: (options) => altLogReader(readStats, options),
};

/** The three forms of AltLog that only Pure-FTPd writes; the fourth is an xferlog. */
export const pureFtpdAltLogs: readonly Format[] = [pureFtpdClf, pureFtpdW3c, pureFtpdStats];

function altLogReader(readEntry: EntryReader, { timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs }) => {
    if (text.trim() === '') return BLANK_LINE;
    const entry = readEntry(text, zone, writtenBeforeMs);
    if (entry === 'skipped') return DIRECTIVE;
    return entry === undefined ? DEPARTS : record(entry, addressText);
  };
}

function record({ isUpload, bytes, durationMs, session, ...entry }: Entry, addressText: AddressReader): Reading {
  const peer = addressOrName(entry.host, addressText);
  if (peer === undefined || Number.isNaN(entry.timeMs) || Number.isNaN(bytes)) return DEPARTS;
  const facts: LogRecord = {
    kind: 'file',
    timeMs: entry.timeMs,
    client: entry.user === '' || entry.user === '-' ? peer : { ...peer, user: entry.user },
    ...(isUpload ? { bytesToServer: bytes } : { bytesToClient: bytes }),
    ...(durationMs !== undefined && { durationMs }),
    file: { path: entry.path, operation: isUpload ? 'write' : 'read' },
    protocol: 'ftp',
    ...(session !== undefined && { session }),
    outcome: 'success',
  };
  return { kind: 'record', record: facts };
}

const CLF_TIME = compileTimePattern('%d/%b/%Y:%H:%M:%S %z');

/** `HOST - USER [TIME] "GET PATH" 200 BYTES`: local time with its offset. The path is percent-encoded. */
function readClf(text: string, zone: Zone, writtenBeforeMs: number): Entry | undefined {
  const match = /^(\S{1,255}) - ([^\n[]{0,255}) \[([^\]\n]{26})\] "(GET|PUT) (\S*)" \d{3} (\d{1,15})$/.exec(text);
  const [, host = '', user = '', time = '', method, path = '', digits = ''] = match ?? [];
  const reading = match === null || !('pattern' in CLF_TIME) ? undefined : CLF_TIME.pattern.read(time, 0);
  if (reading === undefined) return undefined;
  return {
    timeMs: instantMs(reading, zone, writtenBeforeMs),
    host,
    user,
    isUpload: method === 'PUT',
    bytes: digitsOf(digits, 0, digits.length),
    path: pathFromUrl(path),
  };
}

/** `DATE TIME HOST []sent PATH 226 USER BYTES`: UTC. The path is percent-encoded, the user is not. */
function readW3c(text: string): Entry | 'skipped' | undefined {
  if (text.startsWith('#')) return 'skipped';
  const reading = readIso(text);
  const match = /^ (\S{1,255}) \[\](created|sent) (\S*) \d{3} ([^\n]{0,255}) (\d{1,15})$/.exec(
    text.slice(reading?.end ?? 0),
  );
  if (reading === undefined || match === null) return undefined;
  const [, host = '', event, path = '', user = '', digits = ''] = match;
  return {
    timeMs: reading.wallMs,
    host,
    user,
    isUpload: event === 'created',
    bytes: digitsOf(digits, 0, digits.length),
    path: pathFromUrl(path),
  };
}

/** `EPOCH SESSION USER HOST D BYTES SECONDS PATH`; the session is its beginning and its process id, both hexadecimal. */
function readStats(text: string): Entry | undefined {
  const match =
    /^(\d{1,11}) ([0-9a-f]{1,16}\.[0-9a-f]{1,16}) ([^\n]{0,255}?) (\S{1,255}) ([UD]) (\d{1,15}) (\d{1,9}) /.exec(text);
  if (match === null) return undefined;
  const [head, epoch = '', session = '', user = '', host = '', way, digits = '', seconds = ''] = match;
  return {
    timeMs: epochSecondsOf(epoch, 0, epoch.length) * 1_000,
    host,
    user,
    isUpload: way === 'U',
    bytes: digitsOf(digits, 0, digits.length),
    path: text.slice(head.length),
    durationMs: digitsOf(seconds, 0, seconds.length) * 1_000,
    session: `pure-ftpd[${session}]`,
  };
}

const BLANK_LINE = skipped('blank line');
const DIRECTIVE = skipped('a directive of the log file');
const DEPARTS = unreadable('it is written in another form of AltLog');
