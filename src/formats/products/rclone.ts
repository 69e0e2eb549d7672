import { readIso } from '../../time/iso.ts';
import { instantMs, zoneNamed } from '../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../format.ts';
import type { Endpoint, FileProtocol, LogRecord } from '../record.ts';
import { addressAndPort, addressOrName } from '../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../values/address-text.ts';
import { readHttpTarget } from '../values/http-target.ts';
import { countAt, type JsonObject, jsonObject, textAt } from '../values/json-object.ts';
import { skipped, unreadable } from '../values/reading.ts';

/**
 * rclone's log as JSON (`--use-json-log`). rclone is a client. What it copied is named at level INFO, the server that it
 * is connected to only at DEBUG, in lines of their own; where a process began, what the one before it was connected to
 * no longer counts. `objectType` is the kind of the source: `*local.Object` for what was sent. `size` came with rclone
 * 1.66.
 */
export const rclone: Format = {
  name: 'rclone',
  product: 'rclone --use-json-log (a client: inside is client)',
  manual: 'rclone documentation, Logging; rclone 1.60, `fs/operations`, `backend/sftp`, `backend/ftp`',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'sometimes',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    file: 'sometimes',
    protocol: 'sometimes',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'the server, unless it logs at level DEBUG',
      consequence: 'what was sent has no known receiver',
      remedy: {
        file: 'the rclone command line',
        line: '--use-json-log --log-level DEBUG --log-file /var/log/rclone/NAME.json',
      },
    },
    {
      missing: 'the server of backends other than SFTP and FTP, and which of several servers a file went to',
      consequence: 'what was sent has no known receiver; give each job a log file of its own',
    },
    {
      missing: 'which way a file went, in the plain text log',
      consequence: 'its lines cannot be read',
      remedy: {
        file: 'the rclone command line',
        line: '--use-json-log --log-level DEBUG --log-file /var/log/rclone/NAME.json',
      },
    },
    {
      missing: 'how many bytes moved, before rclone 1.66',
      consequence: 'a file counts as sent, but not by its size',
    },
    {
      missing: 'whether a file that was read from one remote was sent to another',
      consequence: 'a copy from one remote to another counts as received, not as sent',
    },
  ],
  samples: [
    {
      line: '{"level":"debug","msg":"New connection 10.1.2.3:54116-\\u003e192.0.2.50:2222 to \\"SSH-2.0-mod_sftp\\"","object":"sftp://hosp@sftp.vendor.example:2222//in","objectType":"*sftp.Fs","source":"sftp/sftp.go:414","time":"2026-11-24T04:14:09.048852+00:00"}',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:09.048Z',
        client: { ip: '10.1.2.3', port: 54116 },
        server: { ip: '192.0.2.50', port: 2222, host: 'sftp.vendor.example', user: 'hosp' },
        protocol: 'sftp',
      },
    },
    {
      line: '{"level":"info","msg":"Copied (new)","object":"out/a b.837","objectType":"*local.Object","size":1048576,"source":"operations/operations.go:566","time":"2026-11-24T04:14:10.256894-05:00"}',
      record: {
        kind: 'file',
        time: '2026-11-24T09:14:10.256Z',
        bytesToServer: 1048576,
        file: { path: 'out/a b.837', operation: 'write' },
        outcome: 'success',
      },
    },
    {
      line: '{"level":"info","msg":"Copied (replaced existing)","object":"result.pdf","objectType":"*sftp.Object","source":"operations/operations.go:566","time":"2026-11-24T04:14:10.256894+00:00"}',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:10.256Z',
        file: { path: 'result.pdf', operation: 'read' },
        outcome: 'success',
      },
    },
    {
      line: '{"level":"debug","msg":"rclone: Version \\"v1.60.1-DEV\\" starting with parameters [\\"rclone\\" \\"copy\\"]","object":"rclone","objectType":"string","source":"cmd/cmd.go:414","time":"2026-11-24T04:14:09.022515+00:00"}',
      record: { kind: 'logout', time: '2026-11-24T04:14:09.022Z' },
    },
    {
      line: '{"level":"debug","msg":"Waiting for checks to finish","object":"sftp://hosp@sftp.vendor.example:2222//in","objectType":"*sftp.Fs","source":"sync/sync.go:441","time":"2026-11-24T04:14:09.055456+00:00"}',
      record: 'skipped',
    },
  ],
  reader: rcloneReader,
};

function rcloneReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs }): Reading => {
    const entry = jsonObject(text);
    if (entry === undefined) return withoutJson(text);
    const message = textAt(entry, 'msg');
    const stamp = readIso(textAt(entry, 'time') ?? '');
    if (message === undefined || stamp === undefined) return NO_ENTRY;
    const facts = factsOf(message, entry, addressText);
    if (facts === undefined) return NO_EVENT;
    return { kind: 'record', record: { ...facts, timeMs: instantMs(stamp, zone, writtenBeforeMs) } };
  };
}

/** The text log says what was copied, and not which way; its statistics stand in lines without a time. */
function withoutJson(text: string): Reading {
  if (text.trim() === '') return BLANK_LINE;
  return /^\d{4}\/\d\d\/\d\d [\d:.]{8,15} [A-Z]{4,8} {0,2}: /.test(text) && COPIED.test(text.slice(-LONGEST_ENDING))
    ? WHICH_WAY
    : NO_COPY;
}

/** `Copied (new)`, `Multi-thread Copied (replaced existing)`, `Moved (server-side)` and their like. */
const COPIED = /(?:^|: )(?:Multi-thread )?(Copied|Moved) \(([a-z -]{1,60})\)(?: to: [\s\S]*)?$/;
const LONGEST_ENDING = 120;

type Facts = Omit<LogRecord, 'timeMs'>;

function factsOf(message: string, entry: JsonObject, addressText: AddressReader): Facts | undefined {
  if (message.startsWith('rclone: Version ')) {
    return message.includes(' starting with parameters ') ? { kind: 'logout' } : undefined;
  }
  return connectionFacts(message, entry, addressText) ?? copyFacts(message, entry);
}

/** `New connection LOCAL->REMOTE to "..."` of SFTP, `Connecting to FTP server` of FTP; `object` is the server's URL. */
function connectionFacts(message: string, entry: JsonObject, addressText: AddressReader): Facts | undefined {
  const [, local, remote] = /^New connection (\S{1,300}?)->(\S{1,300}) to /.exec(message) ?? [];
  if (remote === undefined && message !== 'Connecting to FTP server') return undefined;
  const named = serverOf(textAt(entry, 'object') ?? '', addressText);
  const observed = remote === undefined ? undefined : addressAndPort(remote, addressText);
  const client = local === undefined ? undefined : addressAndPort(local, addressText);
  if (named === undefined && observed === undefined) return undefined;
  return {
    kind: 'login',
    ...(client !== undefined && { client }),
    server: { ...observed, ...named?.server },
    protocol: named?.protocol ?? 'sftp',
  };
}

function serverOf(
  url: string,
  addressText: AddressReader,
): { readonly server: Endpoint; readonly protocol: FileProtocol } | undefined {
  const [, scheme, user] = /^(sftp|ftp):\/\/(?:([^/@\s:]{1,255})@)?/.exec(url) ?? [];
  const target = scheme === undefined ? undefined : readHttpTarget(url);
  const end = target === undefined ? undefined : addressOrName(target.host, addressText);
  if (end === undefined) return undefined;
  const port = target?.port === undefined ? {} : { port: target.port };
  return {
    server: { ...end, ...port, ...(user !== undefined && { user }) },
    protocol: scheme === 'ftp' ? 'ftp' : 'sftp',
  };
}

function copyFacts(message: string, entry: JsonObject): Facts | undefined {
  const [, , how = ''] = COPIED.exec(message.slice(0, LONGEST_ENDING)) ?? [];
  const path = textAt(entry, 'object');
  const source = textAt(entry, 'objectType');
  // Done by the server itself, at our word: nothing went over the wire.
  if (how === '' || how.startsWith('server-side') || path === undefined || source === undefined) return undefined;
  const isUpload = source === '*local.Object';
  const bytes = countAt(entry, 'size');
  return {
    kind: 'file',
    ...(bytes !== undefined && (isUpload ? { bytesToServer: bytes } : { bytesToClient: bytes })),
    file: { path, operation: isUpload ? 'write' : 'read' },
    outcome: 'success',
  };
}

const BLANK_LINE = skipped('blank line');
const NO_COPY = skipped('tells of no copy');
const NO_EVENT = skipped('tells of no copy and no connection');
const WHICH_WAY = unreadable('the text log does not tell which way a file went: run rclone with --use-json-log');
const NO_ENTRY = unreadable('it has no message or no time');
