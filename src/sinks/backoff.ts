const FIRST_MS = 1_000;
/** No wait is longer, whatever the destination asks for: an alert a day late is no alert. */
export const LONGEST_WAIT_MS = 300_000;

/**
 * How long to wait (ms) after the given number of failed tries (from 1): 1 s, doubled each time, up to 5 min, of which a
 * random half is taken off so that many agents do not come back at once.
 *
 * @param random 0 to 1, exclusive of 1.
 * @param askedMs what the destination asked for; held to, up to the longest wait.
 */
export function backoffMs(failures: number, random: number, askedMs = 0): number {
  const fullMs = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
  const waitMs = Math.round(fullMs / 2 + (random * fullMs) / 2);
  return Math.max(waitMs, Math.min(askedMs, LONGEST_WAIT_MS));
}
