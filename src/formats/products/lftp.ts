import { readIso } from '../../time/iso.ts';
import { instantMs, zoneNamed } from '../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../format.ts';
import type { Endpoint, FileProtocol, LogRecord } from '../record.ts';
import { addressOrName } from '../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../values/address-text.ts';
import { digitsOf } from '../values/digits.ts';
import { readHttpTarget } from '../values/http-target.ts';
import { pathFromUrl } from '../values/percent.ts';
import { skipped, unreadable } from '../values/reading.ts';

/**
 * lftp's transfer log (`~/.local/share/lftp/transfer_log`): `TIME SOURCE -> TARGET FROM-TO RATE`, a line for each file.
 * lftp is a client, so of its two ends the one with a URL is the server. FROM and TO are places in the file, in bytes:
 * what moved is the difference, and which way is told by the side that the URL stands on.
 */
export const lftp: Format = {
  name: 'lftp',
  product: 'lftp transfer_log (a client: inside is client)',
  manual: 'lftp(1), log:enabled/xfer and log:file/xfer; lftp 4.9.2',
  tells: {
    kind: 'always',
    timeMs: 'always',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    file: 'always',
    protocol: 'sometimes',
    outcome: 'always',
  },
  blindSpots: [
    {
      missing: "the server's address: the log has the name that was typed",
      consequence: 'the location of the receiver has to be looked up by name',
    },
    {
      missing: 'transfers that failed, and all transfers where log:enabled/xfer is off',
      consequence: 'what was sent before a transfer broke off leaves no trace',
      remedy: { file: '/etc/lftp.conf', line: 'set log:enabled/xfer true\nset log:file/xfer /var/log/lftp.log' },
    },
    {
      missing: 'the time zone: times are local',
      consequence: "every time is read in the source's timezone; the hour that daylight saving repeats is ambiguous",
    },
  ],
  samples: [
    {
      line: '2026-11-24 04:14:09 /srv/outbound/a b.837 -> sftp://hosp@sftp.vendor.example:2222/in/a%20b.837 0-1048576 4.5 MiB/s',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:09.000Z',
        server: { host: 'sftp.vendor.example', port: 2222, user: 'hosp' },
        bytesToServer: 1048576,
        file: { path: '/srv/outbound/a b.837', operation: 'write' },
        protocol: 'sftp',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24 04:14:10 ftp://hosp@192.0.2.50/%2Fresults/r%C3%A9sum%C3%A9.txt -> /srv/inbound/résumé.txt 4096-5536 ',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:10.000Z',
        server: { ip: '192.0.2.50', port: 21, user: 'hosp' },
        bytesToClient: 1440,
        file: { path: '/results/résumé.txt', operation: 'read' },
        protocol: 'ftp',
        outcome: 'success',
      },
    },
  ],
  reader: lftpReader,
};

function lftpReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs }): Reading => {
    const stamp = readIso(text);
    if (stamp === undefined || text[stamp.end] !== ' ') return text.trim() === '' ? BLANK_LINE : NO_TRANSFER;
    const [ending, from = '', to = ''] = ENDING.exec(text.slice(-LONGEST_ENDING)) ?? [];
    const bytes = digitsOf(to, 0, to.length) - digitsOf(from, 0, from.length);
    if (ending === undefined || !(bytes >= 0)) return NO_TRANSFER;
    const ends = text.slice(stamp.end + 1, text.length - ending.length);
    const facts = upload(ends, bytes, addressText) ?? download(ends, bytes, addressText);
    if (facts === undefined) return NO_TRANSFER;
    return { kind: 'record', record: { kind: 'file', timeMs: instantMs(stamp, zone, writtenBeforeMs), ...facts } };
  };
}

/** ` FROM-TO RATE`; of what took no time there is no rate, but the blank before it. */
const ENDING = / (\d{1,15})-(\d{1,15})(?: [\d.]{1,12} ?[KMGTPE]?i?B\/s)? ?$/;
const LONGEST_ENDING = 80;
const ARROW = ' -> ';

type Facts = Omit<LogRecord, 'kind' | 'timeMs'>;

/** A URL holds no blank, a local path may hold anything: hence the last arrow, and below the first. */
function upload(ends: string, bytes: number, addressText: AddressReader): Facts | undefined {
  const arrow = ends.lastIndexOf(ARROW);
  const remote = arrow === -1 ? undefined : remoteOf(ends.slice(arrow + ARROW.length), addressText);
  if (remote === undefined) return undefined;
  const source = ends.slice(0, arrow);
  // From one server to another through us: it is sent all the same.
  const path = remoteOf(source, addressText)?.path ?? source;
  return facts(remote, { bytesToServer: bytes }, { path, operation: 'write' });
}

function download(ends: string, bytes: number, addressText: AddressReader): Facts | undefined {
  const arrow = ends.indexOf(ARROW);
  const remote = arrow === -1 ? undefined : remoteOf(ends.slice(0, arrow), addressText);
  return remote && facts(remote, { bytesToClient: bytes }, { path: remote.path, operation: 'read' });
}

function facts(
  { server, protocol }: Remote,
  counts: Pick<LogRecord, 'bytesToServer' | 'bytesToClient'>,
  file: NonNullable<LogRecord['file']>,
): Facts {
  return { server, ...counts, file, ...(protocol !== undefined && { protocol }), outcome: 'success' };
}

interface Remote {
  readonly server: Endpoint;
  readonly path: string;
  readonly protocol: FileProtocol | undefined;
}

const PROTOCOLS: ReadonlyMap<string, FileProtocol> = new Map([
  ['sftp', 'sftp'],
  ['fish', 'sftp'],
  ['ftp', 'ftp'],
  ['ftps', 'ftps'],
  ['http', 'http'],
  ['https', 'http'],
]);

/** `sftp://user@host:22/path`; an FTP path that begins with `%2F` is absolute (RFC 1738 section 3.2.2). */
function remoteOf(text: string, addressText: AddressReader): Remote | undefined {
  const [, scheme = '', user] =
    /^([a-z]{2,8}):\/\/(?:([^/@\s:]{1,255})(?::[^/@\s]{0,255})?@)?[^/\s]{1,300}\/\S*$/.exec(text) ?? [];
  const target = scheme === '' || scheme === 'file' ? undefined : readHttpTarget(text);
  const end = target === undefined ? undefined : addressOrName(target.host, addressText);
  if (end === undefined || target === undefined) return undefined;
  const path = pathFromUrl(target.url.slice(target.url.indexOf('/', scheme.length + 3)));
  return {
    server: {
      ...end,
      ...(target.port !== undefined && { port: target.port }),
      ...(user !== undefined && { user: pathFromUrl(user) }),
    },
    path: path.startsWith('//') ? path.slice(1) : path,
    protocol: PROTOCOLS.get(scheme),
  };
}

const BLANK_LINE = skipped('blank line');
const NO_TRANSFER = unreadable('no time, two ends and a range of bytes stand in it');
