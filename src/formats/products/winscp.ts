import { readIso } from '../../time/iso.ts';
import { instantMs, zoneNamed } from '../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../format.ts';
import type { LogRecord } from '../record.ts';
import { addressOrName } from '../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../values/address-text.ts';
import { digitsOf } from '../values/digits.ts';
import { skipped, unreadable } from '../values/reading.ts';

/**
 * WinSCP's session log (`/log=`). WinSCP is a client, on Windows: of the two ends of a transfer the one with a drive
 * letter or two backslashes is its own. The server is named once, where the session begins.
 */
export const winscp: Format = {
  name: 'winscp',
  product: 'WinSCP session log (a client: inside is client)',
  manual: 'WinSCP documentation, Logging; message texts of versions 5.9 to 6.3 (source/core/Terminal.cpp)',
  tells: {
    kind: 'always',
    timeMs: 'always',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    file: 'sometimes',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: "the server's address: the log has the name that was configured",
      consequence: 'the location of the receiver has to be looked up by name',
    },
    {
      missing: 'transfers that broke off',
      consequence: 'what was sent before a transfer broke off leaves no trace',
    },
    {
      missing: 'which of two sessions a line belongs to, where several write to one file at the same time',
      consequence: 'what was sent has no known receiver',
      remedy: { file: 'the WinSCP command line', line: '/log=C:\\ProgramData\\winscp\\!S_!Y!M!D_!T.log' },
    },
    {
      missing: 'the protocol, and the time zone: times are local',
      consequence: "every time is read in the source's timezone",
    },
  ],
  samples: [
    {
      line: '. 2026-11-24 04:14:08.652 Host name: sftp.vendor.example (Port: 2222)',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:08.652Z',
        server: { host: 'sftp.vendor.example', port: 2222 },
      },
    },
    {
      line: ". 2026-11-24 04:14:10.652 Transfer done: 'C:\\outbound\\it's a b.837' => '/in/it's a b.837' [1048576]",
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:10.652Z',
        bytesToServer: 1048576,
        file: { path: "C:\\outbound\\it's a b.837", operation: 'write' },
        outcome: 'success',
      },
    },
    {
      line: ". 2026-11-24 04:14:11.000 Transfer done: '/results/a.pdf' [5536]",
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:11.000Z',
        bytesToClient: 5536,
        file: { path: '/results/a.pdf', operation: 'read' },
        outcome: 'success',
      },
    },
    {
      line: '. 2026-11-24 04:14:08.650 WinSCP Version 6.3.5 (Build 14991 2024-09-10) (OS 10.0.20348)',
      record: { kind: 'logout', time: '2026-11-24T04:14:08.650Z' },
    },
    { line: '> 2026-11-24 04:14:09.728 Type: SSH_FXP_WRITE, Size: 32758, Number: 29418758', record: 'skipped' },
  ],
  reader: winscpReader,
};

function winscpReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs }): Reading => {
    if (text.trim() === '') return BLANK_LINE;
    const stamp = /^[.<>!*] /.test(text) ? readIso(text, 2) : undefined;
    if (stamp === undefined) return NO_LINE;
    if (text[stamp.end] !== ' ') return NO_EVENT;
    const facts = factsOf(text.slice(stamp.end + 1).trimEnd(), addressText);
    if (facts === undefined) return NO_EVENT;
    if (facts === 'broken') return BROKEN;
    return { kind: 'record', record: { ...facts, timeMs: instantMs(stamp, zone, writtenBeforeMs) } };
  };
}

type Facts = Omit<LogRecord, 'timeMs'>;

function factsOf(message: string, addressText: AddressReader): Facts | 'broken' | undefined {
  if (message.startsWith('WinSCP Version ')) return { kind: 'logout' };
  const [, name = '', digits = ''] = /^Host name: (\S{1,255}) \(Port: (\d{1,5})\)$/.exec(message) ?? [];
  if (digits !== '') return connectionFacts(name, Number(digits), addressText);
  return message.startsWith(DONE) ? transferFacts(message.slice(DONE.length)) : undefined;
}

function connectionFacts(name: string, port: number, addressText: AddressReader): Facts | 'broken' {
  const end = addressOrName(name, addressText);
  if (end === undefined) return 'broken';
  return { kind: 'login', server: port >= 1 && port <= 65_535 ? { ...end, port } : end };
}

const DONE = "Transfer done: '";
const ARROW = "' => '";

/** `SOURCE' => 'TARGET' [BYTES]`, in old versions `SOURCE' [BYTES]`. Quotes in a name are not escaped. */
function transferFacts(text: string): Facts | 'broken' {
  const [ending, digits = ''] = /' \[(\d{1,15})\]$/.exec(text.slice(-LONGEST_ENDING)) ?? [];
  if (ending === undefined) return 'broken';
  const ends = text.slice(0, text.length - ending.length);
  const arrow = ends.indexOf(ARROW);
  const source = arrow === -1 ? ends : ends.slice(0, arrow);
  const isUpload = isWindowsPath(source);
  const bytes = digitsOf(digits, 0, digits.length);
  return {
    kind: 'file',
    ...(isUpload ? { bytesToServer: bytes } : { bytesToClient: bytes }),
    file: { path: source, operation: isUpload ? 'write' : 'read' },
    outcome: 'success',
  };
}

function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
}

const LONGEST_ENDING = 40;

const BLANK_LINE = skipped('blank line');
const NO_EVENT = skipped('tells of no transfer and no session');
const BROKEN = unreadable('begins like a message of WinSCP, and goes on as none does');
const NO_LINE = unreadable('no mark and time of WinSCP stand at its beginning');
