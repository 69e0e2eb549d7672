import type { ClockReading } from './wall-clock.ts';

/** A time zone that turns clock readings into instants, fast enough for millions of lines. */
export interface Zone {
  /**
   * The instant (UTC, ms since the epoch) at which a clock in this zone showed `wallMs`. When daylight saving begins,
   * an hour is never shown: such a reading moves forward by it. When it ends, an hour is shown twice: then the instant
   * nearest before `writtenBeforeMs` is meant.
   */
  toUtcMs(wallMs: number, writtenBeforeMs: number): number;
}

/** @param name an IANA zone, such as `America/New_York`. @throws RangeError if there is no such zone */
export function zoneNamed(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const known = new Map<number, Offsets>();
  let lastSlot = Number.NaN;
  let last: Offsets = { first: 0, second: 0 };

  function offsetsAt(wallMs: number): Offsets {
    const slot = Math.floor(wallMs / SLOT_MS);
    if (slot === lastSlot) return last;
    lastSlot = slot;
    last = known.get(slot) ?? remember(slot);
    return last;
  }

  function remember(slot: number): Offsets {
    if (known.size >= MAX_SLOTS) known.clear();
    const offsets = possibleOffsets(slot * SLOT_MS, (utcMs) => offsetMs(format, utcMs));
    known.set(slot, offsets);
    return offsets;
  }

  return {
    toUtcMs(wallMs, writtenBeforeMs) {
      const { first, second } = offsetsAt(wallMs);
      return wallMs - second <= writtenBeforeMs ? wallMs - second : wallMs - first;
    },
  };
}

/** The instant of a reading: by the offset that was written with it, else by the zone. */
export function instantMs({ wallMs, offsetMs }: ClockReading, zone: Zone, writtenBeforeMs: number): number {
  return offsetMs === undefined ? zone.toUtcMs(wallMs, writtenBeforeMs) : wallMs - offsetMs;
}

/** Offsets under which a wall clock shows the same reading for the first and for the second time; mostly the same. */
interface Offsets {
  readonly first: number;
  readonly second: number;
}

/** Zones change their offset at full quarter hours, so all readings within one are alike. */
const SLOT_MS = 15 * 60_000;
const MAX_SLOTS = 4_096;
/** More than any offset, less than the time between two changes. */
const DAY_MS = 86_400_000;

function possibleOffsets(wallMs: number, offsetAt: (utcMs: number) => number): Offsets {
  const before = offsetAt(wallMs - DAY_MS);
  const after = offsetAt(wallMs + DAY_MS);
  const isBefore = offsetAt(wallMs - before) === before;
  const isAfter = offsetAt(wallMs - after) === after;
  if (isBefore && isAfter) return { first: before, second: after };
  // Never shown at all: with the offset from before the change, the reading lands as far after the change.
  return isAfter ? { first: after, second: after } : { first: before, second: before };
}

/** ECMA-402 writes `GMT`, `GMT-05:00` or, for the local mean times of old, `GMT-04:56:02`. */
function offsetMs(format: Intl.DateTimeFormat, utcMs: number): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(utcMs)) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -ms : ms;
}
