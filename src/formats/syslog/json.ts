import { readIso } from '../../time/iso.ts';
import { instantMs, type Zone } from '../../time/zone.ts';
import { type JsonObject, parseJsonLine } from '../engines/json.ts';
import { epochSecondsOf } from '../values/digits.ts';
import { messageFrom, type SyslogMessage } from './message.ts';

/**
 * A syslog message as a JSON object: by `journalctl -o json`, or by a template of rsyslog or syslog-ng, whose keys each
 * site chooses; taken are those of their manuals' examples.
 *
 * @returns `undefined` for what is no JSON object, or has no message
 */
export function peelJson(text: string, zone: Zone, writtenBeforeMs: number): SyslogMessage | undefined {
  const entry = parseJsonLine(text);
  if (entry === undefined) return undefined;
  if ('__REALTIME_TIMESTAMP' in entry) return peelJournal(entry);
  const message = firstOf(entry, ['message', 'msg', 'MESSAGE', 'MSG']);
  if (message === undefined) return undefined;
  const time = firstOf(entry, ['@timestamp', 'timestamp', 'time', 'TIMESTAMP', 'ISODATE']);
  const reading = time === undefined ? undefined : readIso(time);
  const host = firstOf(entry, ['host', 'hostname', 'HOST']);
  const tag = firstOf(entry, ['program', 'programname', 'app-name', 'appname', 'PROGRAM', 'tag', 'syslogtag']);
  const pid = firstOf(entry, ['pid', 'procid', 'PID']);
  return {
    ...(reading !== undefined && { timeMs: instantMs(reading, zone, writtenBeforeMs) }),
    ...(host !== undefined && { host }),
    ...programAndPid(tag, pid),
    message: messageFrom(message, 0),
  };
}

/** systemd.journal-fields(7). The sender's own time where there is one: the other is when the journal took it. */
function peelJournal(entry: JsonObject): SyslogMessage {
  const timeMs = fromMicroseconds(entry._SOURCE_REALTIME_TIMESTAMP) ?? fromMicroseconds(entry.__REALTIME_TIMESTAMP);
  const host = firstOf(entry, ['_HOSTNAME']);
  const program = firstOf(entry, ['SYSLOG_IDENTIFIER', '_COMM']);
  const pid = firstOf(entry, ['_PID', 'SYSLOG_PID']);
  return {
    ...(timeMs !== undefined && { timeMs }),
    ...(host !== undefined && { host }),
    ...(program !== undefined && { program }),
    ...(pid !== undefined && { pid }),
    message: messageFrom(journalText(entry.MESSAGE), 0),
  };
}

/**
 * systemd's "Journal JSON Format": text that is not UTF-8 is an array of bytes, a field that was set twice an array of
 * its values, one that is too large is null.
 */
function journalText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  const items: readonly unknown[] = value;
  if (items.every((item): item is number => typeof item === 'number')) return Buffer.from(items).toString();
  return journalText(items.find((item) => typeof item === 'string'));
}

function fromMicroseconds(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length <= 6) return undefined;
  const seconds = epochSecondsOf(value, 0, value.length - 6);
  const milliseconds = epochSecondsOf(value, value.length - 6, value.length - 3);
  const timeMs = seconds * 1_000 + milliseconds;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** The first of `keys` with a value; `-` is none. */
function firstOf(entry: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = entry[key];
    if (typeof value === 'string' && value !== '' && value !== '-') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** rsyslog's `syslogtag` is `sshd[4242]:`. */
function programAndPid(tag: string | undefined, pid: string | undefined): Pick<SyslogMessage, 'program' | 'pid'> {
  if (tag === undefined) return pid === undefined ? {} : { pid };
  const [, program = tag, inTag] = /^([^[\]: ]{1,255})(?:\[([^\]]{0,255})\])?:?$/.exec(tag) ?? [];
  const found = pid ?? inTag;
  return { program, ...(found !== undefined && { pid: found }) };
}
