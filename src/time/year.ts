import { wallClockMs } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** A date and time that was written without its year, as RFC 3164 does. */
export interface YearlessReading {
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/**
 * The instant (UTC, ms since the epoch) that is meant: in the year that puts it nearest before `writtenBeforeMs`, so
 * that December's lines read in January are last year's, and 29 February is the latest there was. A day after
 * `writtenBeforeMs` is allowed for, because clocks differ.
 *
 * @returns `undefined` when no year has such a date
 */
export function inNearestYearMs(reading: YearlessReading, zone: Zone, writtenBeforeMs: number): number | undefined {
  const { month, day, hour, minute, second, millisecond } = reading;
  const latestMs = writtenBeforeMs + CLOCK_SKEW_MS;
  const latestYear = new Date(latestMs + LARGEST_OFFSET_MS).getUTCFullYear();
  for (let year = latestYear; year > latestYear - LONGEST_LEAP_GAP - 2; year--) {
    const wallMs = wallClockMs(year, month, day, hour, minute, second, millisecond);
    if (wallMs === undefined) continue;
    const timeMs = zone.toUtcMs(wallMs, writtenBeforeMs);
    if (timeMs <= latestMs) return timeMs;
  }
  return undefined;
}

const CLOCK_SKEW_MS = 86_400_000;
/** The Line Islands are 14 hours ahead: there the year begins first. */
const LARGEST_OFFSET_MS = 14 * 3_600_000;
/** Years between two 29 Februaries around a century that is no leap year. */
const LONGEST_LEAP_GAP = 8;
