import { fourDigits, monthNamed, twoDigits, wallClockMs } from './wall-clock.ts';

/**
 * Reads `Tue Nov 24 04:14:09 2026` from `at` on, as `ctime(3)` writes it: the day is padded with a blank or a zero, by
 * some not at all. It carries no zone.
 */
export function readCtime(text: string, at = 0): { readonly wallMs: number; readonly end: number } | undefined {
  const month = monthNamed(text.slice(at + 4, at + 7));
  if (month === undefined || text[at + 3] !== ' ' || text[at + 7] !== ' ') return undefined;
  let dayAt = at + 8;
  if (text[dayAt] === ' ') dayAt++;
  const both = twoDigits(text, dayAt);
  const day = Number.isNaN(both) ? twoDigits(`0${text[dayAt] ?? ''}`, 0) : both;
  const timeAt = dayAt + (Number.isNaN(both) ? 2 : 3);
  const yearAt = timeAt + 9;
  if (text[timeAt - 1] !== ' ' || text[timeAt + 2] !== ':' || text[timeAt + 5] !== ':' || text[yearAt - 1] !== ' ') {
    return undefined;
  }
  const wallMs = wallClockMs(
    fourDigits(text, yearAt),
    month,
    day,
    twoDigits(text, timeAt),
    twoDigits(text, timeAt + 3),
    twoDigits(text, timeAt + 6),
  );
  return wallMs === undefined ? undefined : { wallMs, end: yearAt + 4 };
}
