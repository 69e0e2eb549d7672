/** More would not be exact as a number. */
const MAX_DIGITS = 15;
/** 5138 AD, in seconds since the epoch, has 12 digits; larger counts are no time. */
const MAX_SECONDS_DIGITS = 11;

/** The number that stands in decimal digits between `start` and `end`, NaN when something else does. */
export function digitsOf(text: string, start: number, end: number): number {
  if (end <= start || end - start > MAX_DIGITS) return Number.NaN;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Like `digitsOf`, for seconds since the epoch: NaN for what no `Date` can hold. */
export function epochSecondsOf(text: string, start: number, end: number): number {
  return end - start > MAX_SECONDS_DIGITS ? Number.NaN : digitsOf(text, start, end);
}
