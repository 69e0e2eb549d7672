import { readCtime } from '../../time/ctime.ts';
import { readIso, readOffset } from '../../time/iso.ts';
import { fourDigits, monthNamed, twoDigits, wallClockMs } from '../../time/wall-clock.ts';
import { instantMs, type Zone } from '../../time/zone.ts';
import type { Lookup } from '../engines/lookup.ts';
import { decimalOf } from './decimal.ts';

/**
 * Reads the moment of a line from the fields that tell it: UTC, ms since the epoch. `undefined` where they say nothing,
 * NaN where what they say is no time.
 */
export type LogTime = (lookup: Lookup, zone: Zone, writtenBeforeMs: number) => number | undefined;

type TextTime = (text: string, zone: Zone, writtenBeforeMs: number) => number;

function inField(read: TextTime): (name: string) => LogTime {
  return (name) => (lookup, zone, writtenBeforeMs) => {
    const text = lookup(name);
    return text === undefined ? undefined : read(text, zone, writtenBeforeMs);
  };
}

/** `2026-11-24T04:04:56.168Z`, `2026-11-24 04:04:56`: ISO 8601; without an offset in the zone of the source. */
export const isoTime = inField((text, zone, writtenBeforeMs) => {
  const reading = readIso(text);
  return reading === undefined || reading.end !== text.length ? Number.NaN : instantMs(reading, zone, writtenBeforeMs);
});

/** Like `isoTime`, for products that write UTC and do not say so. */
export const isoTimeUtc = inField((text) => {
  const reading = readIso(text);
  return reading === undefined || reading.end !== text.length ? Number.NaN : reading.wallMs - (reading.offsetMs ?? 0);
});

/** `2026/11/24 04:04:56`, in the zone of the source. */
export const slashedTime = inField((text, zone, writtenBeforeMs) => {
  const reading = text[4] === '/' && text[7] === '/' ? readIso(text.replaceAll('/', '-')) : undefined;
  return reading === undefined || reading.end !== text.length ? Number.NaN : instantMs(reading, zone, writtenBeforeMs);
});

/** `Tue Nov 24 04:04:56 2026`, in the zone of the source. */
export const ctime = inField((text, zone, writtenBeforeMs) => {
  const reading = readCtime(text);
  return reading === undefined || reading.end !== text.length
    ? Number.NaN
    : zone.toUtcMs(reading.wallMs, writtenBeforeMs);
});

/** `Nov 24 2026 04:04:56.168 UTC`: CEF's and LEEF's own; without `UTC` or `GMT` behind it in the zone of the source. */
export const monthFirstTime = inField((text, zone, writtenBeforeMs) => {
  const [, name = '', day = '', year = '', clock = '', fraction = '', behind] =
    /^(\w{3}) (\d\d?) (\d{4}) (\d\d:\d\d:\d\d)(\.\d{1,9})?(?: ([\w+:-]{1,40}))?$/.exec(text) ?? [];
  const month = monthNamed(name);
  if (month === undefined) return Number.NaN;
  const isUtc = behind === 'UTC' || behind === 'GMT' || behind === 'Z';
  const date = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const reading = readIso(`${date}T${clock}${fraction}${isUtc ? 'Z' : (behind ?? '')}`);
  return reading === undefined ? Number.NaN : instantMs(reading, zone, writtenBeforeMs);
});

/** `24/Nov/2026:04:04:56 +0000`, the date of the common log format. */
export const clfTime = inField((text) => {
  const month = monthNamed(text.slice(3, 6));
  const offset = readOffset(text, 21);
  if (month === undefined || offset === undefined || text[2] !== '/' || text[6] !== '/') return Number.NaN;
  const wallMs = wallClockMs(
    fourDigits(text, 7),
    month,
    twoDigits(text, 0),
    twoDigits(text, 12),
    twoDigits(text, 15),
    twoDigits(text, 18),
  );
  return wallMs === undefined ? Number.NaN : wallMs - offset.ms;
});

/** Seconds since the epoch, with a fraction or without. */
export const epochSeconds = inField((text) => withinReach(decimalOf(text) * 1_000));

/**
 * Since the epoch, in whatever unit: seconds have 10 digits until 2286, milliseconds 13, microseconds 16, nanoseconds 19.
 */
export const epochTime = inField((text) => {
  const dot = text.indexOf('.');
  const digits = dot === -1 ? text.length : dot;
  if (digits <= 10) return withinReach(decimalOf(text) * 1_000);
  if (digits > LONGEST_EPOCH || (digits - 1) % 3 !== 0) return Number.NaN;
  return withinReach(decimalOf(text.slice(0, 13)));
});

/** A field that is written in one of several ways: the first that fits. */
export function eitherTime(...times: readonly LogTime[]): LogTime {
  return (lookup, zone, writtenBeforeMs) => {
    let found: number | undefined;
    for (const time of times) {
      found = time(lookup, zone, writtenBeforeMs);
      if (found === undefined || !Number.isNaN(found)) return found;
    }
    return found;
  };
}

/** `2026-11-24` in one field and `04:04:56` in another, in UTC as W3C has them, or in the zone of the source. */
export function dateAndTime(date: string, time: string, isUtc: boolean): LogTime {
  return (lookup, zone, writtenBeforeMs) => {
    const [day, clock] = [lookup(date), lookup(time)];
    if (day === undefined || clock === undefined) return undefined;
    const reading = readIso(`${day}T${clock}`);
    if (reading === undefined || reading.end !== day.length + clock.length + 1) return Number.NaN;
    return isUtc ? reading.wallMs - (reading.offsetMs ?? 0) : instantMs(reading, zone, writtenBeforeMs);
  };
}

/** NaN for what no `Date` can hold. */
function withinReach(timeMs: number): number {
  return timeMs <= LATEST_MS ? Math.floor(timeMs) : Number.NaN;
}

/** Nanoseconds. */
const LONGEST_EPOCH = 19;
const LATEST_MS = 8.64e15;
