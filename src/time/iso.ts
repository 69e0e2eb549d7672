import { type ClockReading, fourDigits, twoDigits, wallClockMs } from './wall-clock.ts';

export interface IsoReading extends ClockReading {
  /** Where in the text the timestamp ended. */
  readonly end: number;
}

/**
 * Reads an ISO 8601 timestamp of the extended form, or RFC 3339, from `at` on: `2026-11-24T04:11:27.537206+00:00`. Also
 * taken, because logs have them: a blank for the `T`, a comma before the fraction, an offset without its colon or its
 * minutes, none at all. What is finer than a millisecond is cut off.
 */
export function readIso(text: string, at = 0): IsoReading | undefined {
  if (!hasIsoMarks(text, at)) return undefined;
  const fraction = readFraction(text, at + 19);
  const wallMs = wallClockMs(
    fourDigits(text, at),
    twoDigits(text, at + 5),
    twoDigits(text, at + 8),
    twoDigits(text, at + 11),
    twoDigits(text, at + 14),
    twoDigits(text, at + 17),
    fraction.milliseconds,
  );
  if (wallMs === undefined) return undefined;
  const offset = readOffset(text, fraction.end);
  return offset === undefined ? { wallMs, end: fraction.end } : { wallMs, offsetMs: offset.ms, end: offset.end };
}

/**
 * Reads `Z`, `+05:30`, `+0530` or `+05` (RFC 3339 section 5.6, ISO 8601 section 4.2.5).
 *
 * @returns how far ahead of UTC, and where it ended
 */
export function readOffset(text: string, at: number): { readonly ms: number; readonly end: number } | undefined {
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return { ms: 0, end: at + 1 };
  if (sign !== '+' && sign !== '-') return undefined;
  const hours = twoDigits(text, at + 1);
  if (!(hours <= 23)) return undefined;
  const afterHours = at + 3;
  const minutesAt = text[afterHours] === ':' ? afterHours + 1 : afterHours;
  const written = twoDigits(text, minutesAt);
  const hasMinutes = written <= 59;
  const ms = (hours * 60 + (hasMinutes ? written : 0)) * 60_000;
  return { ms: sign === '-' ? -ms : ms, end: hasMinutes ? minutesAt + 2 : afterHours };
}

/** `dddd-dd-ddTdd:dd:dd`; the digits are looked at when they are read. */
function hasIsoMarks(text: string, at: number): boolean {
  const middle = text[at + 10];
  return (
    text[at + 4] === '-' &&
    text[at + 7] === '-' &&
    (middle === 'T' || middle === ' ' || middle === 't') &&
    text[at + 13] === ':' &&
    text[at + 16] === ':'
  );
}

/** `.537206` or `,537`; no fraction where no digit follows. */
export function readFraction(text: string, at: number): { readonly milliseconds: number; readonly end: number } {
  const mark = text[at];
  if (mark !== '.' && mark !== ',') return { milliseconds: 0, end: at };
  let milliseconds = 0;
  let end = at + 1;
  for (let weight = 100; isDigit(text, end); weight /= 10) {
    if (weight >= 1) milliseconds += weight * (text.charCodeAt(end) - 48);
    end++;
  }
  return end === at + 1 ? { milliseconds: 0, end: at } : { milliseconds, end };
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
