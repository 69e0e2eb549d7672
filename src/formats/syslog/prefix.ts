import { readFraction, readIso } from '../../time/iso.ts';
import { fourDigits, monthNamed, twoDigits, wallClockMs } from '../../time/wall-clock.ts';
import { inNearestYearMs } from '../../time/year.ts';
import { instantMs, type Zone } from '../../time/zone.ts';
import { peelJson } from './json.ts';
import { afterBlanks, messageFrom, type SyslogMessage } from './message.ts';

/**
 * Takes the header off a line, in whichever form it stands there:
 *
 *     Nov 24 04:11:28 gw1 sshd[15230]: ...                          RFC 3164, as files have it; `<38>` may come first
 *     2026-11-24T04:11:28.752034+00:00 gw1 sshd[15230]: ...         rsyslog's file format, journalctl -o short-iso
 *     Tue 2026-11-24 04:17:10 UTC gw1 sshd[17455]: ...              journalctl -o short-full
 *     <38>1 2026-11-24T04:11:28.752034+00:00 gw1 sshd 15230 - - ... RFC 5424
 *     {"@timestamp":"...","host":"gw1","program":"sshd",...}        JSON by rsyslog, syslog-ng or journalctl
 *
 * @param zone of the writer, for times that carry none
 * @returns `undefined` when the line begins with none of these
 */
export function peelSyslog(text: string, zone: Zone, writtenBeforeMs: number): SyslogMessage | undefined {
  const first = text.charCodeAt(0);
  if (first === BRACE) return peelJson(text, zone, writtenBeforeMs);
  const start = first === LESS_THAN ? afterPriority(text) : 0;
  if (start === undefined) return undefined;
  if (start > 0 && text.startsWith('1 ', start)) return peelRfc5424(text, start + 2, zone, writtenBeforeMs);
  const stamp = readStamp(text, start, zone, writtenBeforeMs);
  return stamp === undefined ? undefined : peelHostAndTag(text, stamp);
}

interface Stamp {
  readonly timeMs: number;
  /** Behind the timestamp. */
  readonly end: number;
}

function readStamp(text: string, at: number, zone: Zone, writtenBeforeMs: number): Stamp | undefined {
  const code = text.charCodeAt(at);
  if (code >= ZERO && code <= NINE) {
    const reading = readIso(text, at);
    return reading && { timeMs: instantMs(reading, zone, writtenBeforeMs), end: reading.end };
  }
  const month = monthNamed(text.slice(at, at + 3));
  if (month !== undefined) return readRfc3164Stamp(text, at, month, zone, writtenBeforeMs);
  return readShortFull(text, at, zone, writtenBeforeMs);
}

/** `Nov  4 04:11:28`; some write `Nov 04` or `Nov 4`, some a fraction of the second. RFC 3164 section 4.1.2. */
function readRfc3164Stamp(
  text: string,
  at: number,
  month: number,
  zone: Zone,
  writtenBeforeMs: number,
): Stamp | undefined {
  const dayStart = afterBlanks(text, at + 3);
  const ones = twoDigits(`0${text[dayStart] ?? ''}`, 0);
  const both = twoDigits(text, dayStart);
  const day = Number.isNaN(both) ? ones : both;
  const timeStart = dayStart + (Number.isNaN(both) ? 1 : 2) + 1;
  if (
    dayStart === at + 3 ||
    text[timeStart - 1] !== ' ' ||
    text[timeStart + 2] !== ':' ||
    text[timeStart + 5] !== ':'
  ) {
    return undefined;
  }
  const fraction = readFraction(text, timeStart + 8);
  const reading = {
    month,
    day,
    hour: twoDigits(text, timeStart),
    minute: twoDigits(text, timeStart + 3),
    second: twoDigits(text, timeStart + 6),
    millisecond: fraction.milliseconds,
  };
  const timeMs = inNearestYearMs(reading, zone, writtenBeforeMs);
  return timeMs === undefined ? undefined : { timeMs, end: fraction.end };
}

/** `Tue 2026-11-24 04:17:10 UTC`. Abbreviations other than UTC are ambiguous, and the journal prints local time. */
function readShortFull(text: string, at: number, zone: Zone, writtenBeforeMs: number): Stamp | undefined {
  if (text[at + 3] !== ' ' || text[at + 14] !== ' ' || text[at + 17] !== ':') return undefined;
  const wallMs = wallClockMs(
    fourDigits(text, at + 4),
    twoDigits(text, at + 9),
    twoDigits(text, at + 12),
    twoDigits(text, at + 15),
    twoDigits(text, at + 18),
    twoDigits(text, at + 21),
  );
  const nameStart = at + 24;
  const end = wallMs === undefined ? -1 : text.indexOf(' ', nameStart);
  if (wallMs === undefined || end === -1) return undefined;
  const name = text.slice(nameStart, end);
  const timeMs = name === 'UTC' || name === 'GMT' ? wallMs : zone.toUtcMs(wallMs, writtenBeforeMs);
  return { timeMs, end };
}

/** ` host tag[pid]: message`. A host that has no tag behind it (`last message repeated 2 times`) leaves all as message. */
function peelHostAndTag(text: string, { timeMs, end }: Stamp): SyslogMessage | undefined {
  if (text.charCodeAt(end) !== BLANK) return undefined;
  const hostStart = end + 1;
  const hostEnd = text.indexOf(' ', hostStart);
  if (hostEnd === -1) return undefined;
  const host = text.slice(hostStart, hostEnd);
  const tagStart = hostEnd + 1;
  const tagEnd = endOfTag(text, tagStart);
  const pidEnd = text.charCodeAt(tagEnd) === BRACKET ? text.indexOf(']', tagEnd) : -1;
  const colon = pidEnd === -1 ? tagEnd : pidEnd + 1;
  const hasTag = tagEnd > tagStart && text.charCodeAt(colon) === COLON;
  return {
    timeMs,
    ...(host !== '-' && { host }),
    ...(hasTag && { program: text.slice(tagStart, tagEnd) }),
    ...(hasTag && pidEnd !== -1 && { pid: text.slice(tagEnd + 1, pidEnd) }),
    message: messageFrom(text, hasTag ? colon + 1 : tagStart),
  };
}

/** RFC 5424 section 6: `TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG]`, `-` for what is missing. */
function peelRfc5424(text: string, start: number, zone: Zone, writtenBeforeMs: number): SyslogMessage | undefined {
  const reading = readIso(text, start);
  if (reading === undefined && text[start] !== '-') return undefined;
  const hostStart = (reading?.end ?? start + 1) + 1;
  const programStart = afterWord(text, hostStart);
  const pidStart = afterWord(text, programStart);
  const idStart = afterWord(text, pidStart);
  const dataStart = afterWord(text, idStart);
  const dataEnd = dataStart <= idStart ? undefined : endOfStructuredData(text, dataStart);
  if (dataEnd === undefined) return undefined;
  const host = wordBetween(text, hostStart, programStart);
  const program = wordBetween(text, programStart, pidStart);
  const pid = wordBetween(text, pidStart, idStart);
  const message: Draft = { message: messageFrom(text, dataEnd) };
  if (reading !== undefined) message.timeMs = instantMs(reading, zone, writtenBeforeMs);
  if (host !== undefined) message.host = host;
  if (program !== undefined) message.program = program;
  if (pid !== undefined) message.pid = pid;
  return message;
}

/** Conditional spreads would read nicer; this runs for every line. */
type Draft = { -readonly [K in keyof SyslogMessage]: SyslogMessage[K] };

/** Behind the blank that ends the word at `start`; 0 when none does, and of 0 again 0. */
function afterWord(text: string, start: number): number {
  return start === 0 ? 0 : text.indexOf(' ', start) + 1;
}

function wordBetween(text: string, start: number, next: number): string | undefined {
  const word = text.slice(start, next - 1);
  return word === '-' ? undefined : word;
}

/** `-`, or one or more `[id key="value" ...]` in which `"`, `\` and `]` are escaped. RFC 5424 section 6.3. */
function endOfStructuredData(text: string, start: number): number | undefined {
  if (text[start] === '-') return start + 1;
  let inElement = false;
  let inValue = false;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH && inValue) at++;
    else if (code === QUOTE) inValue = !inValue;
    else if (!inValue && code === BRACKET) inElement = true;
    else if (!inValue && code === CLOSING_BRACKET) inElement = false;
    else if (!inElement) return at > start && code === BLANK ? at : undefined;
  }
  return inElement || text.length === start ? undefined : text.length;
}

/** Behind `<38>`; the number is the facility times eight plus the severity, 191 at most (RFC 3164 section 4.1.1). */
function afterPriority(text: string): number | undefined {
  const end = text.indexOf('>');
  return end >= 2 && end <= 4 ? end + 1 : undefined;
}

function endOfTag(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON || code === BRACKET || code === BLANK) return at;
  }
  return text.length;
}

const BLANK = 32;
const QUOTE = 34;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const LESS_THAN = 60;
const BRACKET = 91;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const BRACE = 123;
