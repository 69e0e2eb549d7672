import { monthNamed } from '../../time/wall-clock.ts';
import type { Zone } from '../../time/zone.ts';
import type { LineReader } from '../format.ts';
import { peelSyslog } from './prefix.ts';

/**
 * Lets a format's lines stand behind a syslog or journal header, or behind none. Whatever else than such a header begins
 * a line is the format's own, so it is read as it stands, and only what cannot be read is looked at for an unusual
 * header (JSON, a blank in the date). No state: what becomes of a line does not depend on the lines before it.
 *
 * @param zone of the writer, for headers that carry none
 */
export function behindSyslog(read: LineReader, zone: Zone): LineReader {
  const peelAndRead: LineReader = (text, context) => {
    const { writtenBeforeMs } = context;
    const header = peelSyslog(text, zone, writtenBeforeMs);
    return header === undefined ? NO_HEADER : read(header.message, { ...context, header });
  };
  return (text, context) => {
    const [first, second] = hasSyslogStamp(text) ? [peelAndRead, read] : [read, peelAndRead];
    const reading = first(text, context);
    if (reading.kind !== 'unreadable') return reading;
    const other = second(text, context);
    if (other.kind !== 'unreadable') return other;
    // The complaint about the message, where there is one, says more than that about the whole line.
    const behind = first === read ? other : reading;
    return behind === NO_HEADER ? (first === read ? reading : other) : behind;
  };
}

const NO_HEADER = { kind: 'unreadable', because: 'no syslog header stands at its beginning' } as const;

/**
 * Whether a line begins as only a syslog header does: `<38>`, `Nov 24 04:11:28`, `2026-11-24T04:11:28`, or
 * `Tue 2026-11-24 04:`. Told by a few characters, for it is asked of every line.
 */
function hasSyslogStamp(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first >= ZERO && first <= NINE) {
    return text.charCodeAt(4) === HYPHEN && text.charCodeAt(10) === LETTER_T && text.charCodeAt(13) === COLON;
  }
  if (first === LESS_THAN) return text.indexOf('>') <= LONGEST_PRIORITY;
  if (text.charCodeAt(3) !== BLANK) return false;
  if (text.charCodeAt(8) === HYPHEN && text.charCodeAt(11) === HYPHEN) return text.charCodeAt(14) === BLANK;
  const hasColon = text.charCodeAt(9) === COLON || text.charCodeAt(8) === COLON;
  return hasColon && monthNamed(text.slice(0, 3)) !== undefined;
}

/** `<191>`. */
const LONGEST_PRIORITY = 4;
const BLANK = 32;
const HYPHEN = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const LESS_THAN = 60;
const LETTER_T = 84;
