/**
 * What a clock on a wall showed, in ms since that same clock showed 1970-01-01 00:00:00. It becomes an instant only
 * with an offset from UTC, or with a zone (`zone.ts`).
 *
 * @param month 1 to 12
 * @param second 0 to 60: a leap second counts as the second after it
 * @returns `undefined` when there is no such date or time: 30 February, 25 o'clock
 */
export function wallClockMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond = 0,
): number | undefined {
  const dateExists = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!(year >= 0) || !dateExists || !(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  return ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + millisecond;
}

/** A clock's reading, with its offset from UTC where that was written beside it. */
export interface ClockReading {
  /** As `wallClockMs` gives it. */
  readonly wallMs: number;
  /** Ahead of UTC: positive east of Greenwich. */
  readonly offsetMs?: number;
}

const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH_BY_NAME = new Map(MONTH_NAMES.map((name, index) => [name, index + 1]));

/** `Nov` is 11. English, as in the C locale and RFC 3164. */
export function monthNamed(name: string): number | undefined {
  return MONTH_BY_NAME.get(name);
}

/** Two digits, or NaN. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Four digits, or NaN. */
export function fourDigits(text: string, at: number): number {
  return twoDigits(text, at) * 100 + twoDigits(text, at + 2);
}

const ZERO = 48;

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Gregorian calendar, counted from 1 March so that the leap day is a year's last: H. Hinnant, "days_from_civil". */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
