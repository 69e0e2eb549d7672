import { readIso } from '../../../time/iso.ts';
import { compileTimePattern } from '../../../time/strftime.ts';
import type { ClockReading } from '../../../time/wall-clock.ts';
import { instantMs, type Zone } from '../../../time/zone.ts';
import type { Reading } from '../../format.ts';
import type { Endpoint, FileOperation, FileProtocol, LogRecord, Outcome } from '../../record.ts';
import { addressOrName } from '../../values/address-or-name.ts';
import type { AddressReader } from '../../values/address-text.ts';
import { digitsOf } from '../../values/digits.ts';
import { skipped, unreadable } from '../../values/reading.ts';
import { commandKind } from './commands.ts';
import type { LogFormatField, LogFormatValues } from './logformat.ts';

/** What turns the values of one LogFormat into records. */
export interface RecordMaker {
  readonly fields: readonly LogFormatField[];
  readonly zone: Zone;
  readonly addressText: AddressReader;
}

/** What the values of a line say. */
export function recordFrom(values: LogFormatValues, maker: RecordMaker, writtenBeforeMs: number): Reading {
  const timeMs = timeOf(values, maker, writtenBeforeMs);
  if (timeMs === undefined) return NO_TIME;
  const { command, argument } = commandOf(values);
  const kind = commandKind(command);
  if (kind.kind === 'skipped' || kind.kind === 'unreadable') return kind;
  const client = clientOf(values, maker.addressText);
  const common = commonOf(values, maker.addressText);
  if (kind.kind === 'login') return loginReading({ timeMs, client, ...common }, values);
  const path = pathOf(values, argument);
  if (path === undefined) return NO_PATH;
  const facts = transferFacts(kind.operation, values);
  return {
    kind: 'record',
    record: {
      kind: 'file',
      timeMs,
      ...(client !== undefined && { client }),
      ...common.server,
      ...facts.counts,
      file: { path, operation: kind.operation },
      ...common.protocol,
      ...common.session,
      ...(facts.outcome !== undefined && { outcome: facts.outcome }),
    },
  };
}

/** A value that is there: `-` stands for none. */
function present(values: LogFormatValues, code: string): string | undefined {
  const value = values.get(code);
  return value === undefined || value === '-' || value === '' ? undefined : value;
}

const CLF_TIME = compileTimePattern('[%d/%b/%Y:%H:%M:%S %z]');

function timeOf(values: LogFormatValues, { fields, zone }: RecordMaker, writtenBeforeMs: number): number | undefined {
  for (const { code, kind, timePattern } of fields) {
    const text = values.get(code);
    if (text === undefined) continue;
    if (kind === 'epoch') return digitsOf(text, 0, text.length) * 1_000;
    const reading = readTime(kind, text, timePattern);
    if (reading !== undefined) return instantMs(reading, zone, writtenBeforeMs);
  }
  return undefined;
}

function readTime(
  kind: LogFormatField['kind'],
  text: string,
  pattern: LogFormatField['timePattern'],
): ClockReading | undefined {
  if (kind === 'iso-time') return readIso(text);
  if (kind === 'clf-time') return 'pattern' in CLF_TIME ? CLF_TIME.pattern.read(text, 0) : undefined;
  return kind === 'pattern-time' ? pattern?.read(text, 0) : undefined;
}

/** `%r` is the command with its argument, as the client wrote it; `%m` and `%J` are the two apart. */
function commandOf(values: LogFormatValues): { readonly command: string; readonly argument: string | undefined } {
  const whole = values.get('%r') ?? '';
  const blank = whole.indexOf(' ');
  const [verb, rest] = blank === -1 ? [whole, undefined] : [whole.slice(0, blank), whole.slice(blank + 1)];
  const command = (values.get('%m') ?? verb).toUpperCase();
  return { command: command === '-' ? '' : command, argument: present(values, '%J') ?? rest };
}

/** `%f` is absolute, `%F` what the client sees; an argument may be relative to where the client is. */
function pathOf(values: LogFormatValues, argument: string | undefined): string | undefined {
  return present(values, '%f') ?? present(values, '%F') ?? (argument === '' ? undefined : argument);
}

/** `%U` is the name that was given, whether it was let in or not; `%u` that of whom was let in. */
function clientOf(values: LogFormatValues, addressText: AddressReader): Endpoint | undefined {
  const address = present(values, '%a') ?? present(values, '%h');
  const peer = address === undefined ? undefined : addressOrName(address, addressText);
  const port = portOf(present(values, '%{remote-port}'));
  const user = present(values, '%u') ?? present(values, '%U');
  if (peer === undefined && user === undefined) return undefined;
  return { ...peer, ...(port !== undefined && { port }), ...(user !== undefined && { user }) };
}

interface Common {
  readonly server: Pick<LogRecord, 'server'>;
  readonly protocol: Pick<LogRecord, 'protocol'>;
  readonly session: Pick<LogRecord, 'session'>;
}

function commonOf(values: LogFormatValues, addressText: AddressReader): Common {
  const address = present(values, '%L') ?? present(values, '%H') ?? present(values, '%V');
  const server = address === undefined ? undefined : addressOrName(address, addressText);
  const port = portOf(present(values, '%p'));
  const protocol = PROTOCOLS.get(values.get('%{protocol}') ?? '');
  const pid = present(values, '%P');
  return {
    server: server === undefined ? {} : { server: port === undefined ? server : { ...server, port } },
    protocol: protocol === undefined ? {} : { protocol },
    session: pid === undefined ? {} : { session: `proftpd[${pid}]` },
  };
}

/** `ssh2` is a session of mod_sftp that has not yet said what it wants; all that it can want is files. */
const PROTOCOLS: ReadonlyMap<string, FileProtocol> = new Map([
  ['ftp', 'ftp'],
  ['ftps', 'ftps'],
  ['sftp', 'sftp'],
  ['scp', 'scp'],
  ['ssh2', 'sftp'],
]);

function portOf(text: string | undefined): number | undefined {
  const port = text === undefined ? Number.NaN : digitsOf(text, 0, text.length);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** RFC 959 section 5.4: 230 is logged in, 530 is not. Others ask for more. */
function loginReading(
  {
    timeMs,
    client,
    server,
    protocol,
    session,
  }: Common & { readonly timeMs: number; readonly client: Endpoint | undefined },
  values: LogFormatValues,
): Reading {
  const status = values.get('%s');
  const outcome: Outcome | undefined = status === '230' ? 'success' : status === '530' ? 'failure' : undefined;
  if (outcome === undefined) return HALF_WAY;
  return {
    kind: 'record',
    record: {
      kind: 'login',
      timeMs,
      ...(client !== undefined && { client }),
      ...server,
      ...protocol,
      ...session,
      outcome,
    },
  };
}

interface TransferFacts {
  readonly counts: Pick<LogRecord, 'bytesToServer' | 'bytesToClient' | 'durationMs'>;
  readonly outcome: Outcome | undefined;
}

/**
 * `%b` is what moved for the request, whichever way that went: to the client for RETR and listings, to the server for
 * STOR, STOU and APPE. At DELE it is the size of the file that was there.
 */
function transferFacts(operation: FileOperation, values: LogFormatValues): TransferFacts {
  const bytesText = present(values, '%b') ?? '';
  const bytes = digitsOf(bytesText, 0, bytesText.length);
  const moves = operation === 'read' || operation === 'write' || operation === 'list';
  const durationMs = moves ? durationOf(values) : undefined;
  return {
    counts: {
      ...(operation === 'write' && !Number.isNaN(bytes) && { bytesToServer: bytes }),
      ...(moves && operation !== 'write' && !Number.isNaN(bytes) && { bytesToClient: bytes }),
      ...(durationMs !== undefined && { durationMs }),
    },
    // RNFR is only the first half of a rename.
    outcome: operation === 'rename' ? undefined : outcomeOf(moves && bytes > 0, values),
  };
}

function durationOf(values: LogFormatValues): number | undefined {
  const milliseconds = present(values, '%{transfer-millisecs}');
  if (milliseconds !== undefined) return Number(milliseconds);
  const seconds = present(values, '%T');
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1_000);
}

/** `%{transfer-status}` where it is logged; else the answer. SFTP has no answers for some requests, then nothing is told. */
function outcomeOf(hasMoved: boolean, values: LogFormatValues): Outcome | undefined {
  const status = present(values, '%{transfer-status}');
  const answer = present(values, '%s') ?? '';
  const succeeded = status === undefined ? /^2\d\d$/.test(answer) : status === 'success';
  if (succeeded) return 'success';
  const failed = status !== undefined || /^[45]\d\d$/.test(answer) || FAILED_REQUESTS.has(answer);
  if (!failed) return undefined;
  return hasMoved ? 'aborted' : 'failure';
}

/** Status codes of SFTP that stand where FTP has an answer: no such file, permission denied, failure (draft-ietf-secsh-filexfer-02 section 7). */
const FAILED_REQUESTS: ReadonlySet<string> = new Set(['2', '3', '4']);

const NO_TIME = unreadable('its time is none');
const NO_PATH = skipped('does not tell the file');
const HALF_WAY = skipped('a login that is not yet decided');
