/** Midnight in Columbus, Ohio, that begins Monday 2026-11-23; the whole day is in standard time, UTC-5. */
export const MIDNIGHT_MS = Date.UTC(2026, 10, 23, 5);

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** @param clock local time of the day, `07:41` or `07:41:09`; @returns ms since the epoch */
export function at(clock) {
  const [hours, minutes, seconds = 0] = clock.split(':').map(Number);
  return MIDNIGHT_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** @returns some moment within that second, in microseconds since the epoch */
export function startUs(random, clock) {
  return at(clock) * 1000 + random.between(0, 999_999);
}
