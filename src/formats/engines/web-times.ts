import { readIso } from '../../time/iso.ts';
import { compileTimePattern, type TimePattern } from '../../time/strftime.ts';
import { instantMs, type Zone } from '../../time/zone.ts';
import { digitsOf, epochSecondsOf } from '../values/digits.ts';

/** What one field adds to the instant of a line: the whole of it in ms since the epoch, or the part below the second. */
export interface TimePart {
  readonly gives: 'instant' | 'fraction';
  /** Characters, where that is always the same number. */
  readonly length?: number;
  /** @returns milliseconds, NaN when something else stands there */
  read(text: string, start: number, end: number, zone: Zone, writtenBeforeMs: number): number;
}

/** The Common Log Format's `24/Nov/2026:04:04:56 +0000`. */
export const CLF_TIME = patternTime('%d/%b/%Y:%H:%M:%S %z');
/** HAProxy's `24/Nov/2026:04:08:16.501`: local time, without a zone. */
export const CLF_TIME_MS = patternTime('%d/%b/%Y:%H:%M:%S.%f');

/** ISO 8601 as `readIso` takes it. */
export const ISO_TIME: TimePart = {
  gives: 'instant',
  read: (text, start, end, zone, writtenBeforeMs) => {
    const reading = readIso(text, start);
    return reading?.end === end ? instantMs(reading, zone, writtenBeforeMs) : Number.NaN;
  },
};

/** Seconds since the epoch, with or without a fraction. */
export const EPOCH_SECONDS: TimePart = { gives: 'instant', read: readEpochSeconds };

/** A whole number of `perMs` to the millisecond since the epoch. */
export function epochTime(perMs: number): TimePart {
  return { gives: 'instant', read: (text, start, end) => Math.floor(bigDigits(text, start, end) / perMs) };
}

/** A whole number of `perMs` to the millisecond, counted from the last full second. */
export function fractionTime(perMs: number): TimePart {
  return { gives: 'fraction', read: (text, start, end) => Math.floor(digitsOf(text, start, end) / perMs) };
}

/**
 * @param pattern of `strftime`, and `%f` for three digits of milliseconds, at its end only
 * @param isUtc whatever the zone of the source: the product says so
 * @returns why it cannot be read back, where it cannot
 */
export function strftimeTime(pattern: string, isUtc = false): TimePart | { readonly because: string } {
  const milliseconds = pattern.endsWith('.%f') ? 4 : 0;
  const compiled = compileTimePattern(milliseconds === 0 ? pattern : pattern.slice(0, -3));
  return 'pattern' in compiled ? timePartOf(compiled.pattern, milliseconds, isUtc) : compiled;
}

function patternTime(pattern: string): TimePart {
  const part = strftimeTime(pattern);
  if ('because' in part) throw new Error(`A pattern of our own cannot be read back: ${part.because}`);
  return part;
}

/** Lines come in the order of time, so most have the second of the line before: that is not read again. */
function timePartOf(pattern: TimePattern, fractionLength: number, isUtc: boolean): TimePart {
  let last = { text: '', zone: undefined as Zone | undefined, writtenBeforeMs: Number.NaN, timeMs: Number.NaN };
  return {
    gives: 'instant',
    length: pattern.length + fractionLength,
    read: (text, start, end, zone, writtenBeforeMs) => {
      const seconds = text.slice(start, start + pattern.length);
      if (seconds !== last.text || zone !== last.zone || writtenBeforeMs !== last.writtenBeforeMs) {
        const reading = pattern.read(text, start);
        const known = reading !== undefined && isUtc ? { offsetMs: 0, ...reading } : reading;
        const timeMs = known === undefined ? Number.NaN : instantMs(known, zone, writtenBeforeMs);
        last = { text: seconds, zone, writtenBeforeMs, timeMs };
      }
      return fractionLength === 0 ? last.timeMs : last.timeMs + fractionAt(text, end);
    },
  };
}

/** `.501` before `end`. */
function fractionAt(text: string, end: number): number {
  return text.charCodeAt(end - 4) === DOT ? digitsOf(text, end - 3, end) : Number.NaN;
}

function readEpochSeconds(text: string, start: number, end: number): number {
  const dot = text.indexOf('.', start);
  const secondsEnd = dot === -1 || dot > end ? end : dot;
  const ms = epochSecondsOf(text, start, secondsEnd) * 1_000;
  if (secondsEnd === end) return ms;
  // Envoy and others print nanoseconds: what is finer than a millisecond is cut off.
  const digits = Math.min(end - secondsEnd - 1, 3);
  return ms + digitsOf(text, secondsEnd + 1, secondsEnd + 1 + digits) * 10 ** (3 - digits);
}

/** Nanoseconds since the epoch have 19 digits, more than a number holds exactly: the last ones do not matter. */
function bigDigits(text: string, start: number, end: number): number {
  const cut = Math.max(0, end - start - 15);
  return digitsOf(text, start, end - cut) * 10 ** cut;
}

const DOT = 46;
