/**
 * How long a server asks to be left alone, as ms from now: seconds or a date (RFC 9110 section 10.2.3). Nothing sensible
 * is nothing.
 *
 * @param nowMs ms since the epoch, from which a date counts.
 */
export function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,7}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) || ms < 0 ? undefined : Math.min(ms, LONGEST_MS);
}

const LONGEST_MS = 7 * 86_400_000;
