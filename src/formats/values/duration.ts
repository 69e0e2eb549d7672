/**
 * Reads a duration: a bare number, or numbers with units as Go prints them (`1m2.5s`, `4.34711ms`, `61.113µs`).
 *
 * @param unitMs what a bare number counts in
 * @returns whole milliseconds, cut off; NaN for anything else
 */
export function durationTextMs(text: string, unitMs: number): number {
  if (/^\d{1,15}(?:\.\d{1,15})?$/.test(text)) return cut(Number(text) * unitMs);
  if (text.length > LONGEST || !/^(?:\d{1,15}(?:\.\d{1,15})?(?:h|m|s|ms|us|µs|μs|ns))+$/.test(text)) return Number.NaN;
  let ms = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/([\d.]+)([a-zµμ]+)/g))
    ms += Number(number) * (UNITS[unit] ?? 0);
  return cut(ms);
}

/** 2.83 s are 2830 ms, although 2.83 times 1000 is a little less. */
function cut(ms: number): number {
  return Math.floor(Math.round(ms * 1_000) / 1_000);
}

const LONGEST = 64;
const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  // Two characters look alike: the micro sign and the Greek letter.
  µs: 0.001,
  μs: 0.001,
  ns: 0.000_001,
};
