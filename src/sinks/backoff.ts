const FIRST_MS = 1_000;
/** No wait is longer, whatever the destination asks for: an alert a day late is no alert. */
export const LONGEST_WAIT_MS = 300_000;

/**
 * How long to wait (ms) after the given number of failed tries (from 1): a random part of 1 s, doubled each time, up to
 * 5 min. "Full jitter", so that many agents do not come back at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param random 0 to 1, exclusive of 1.
 * @param askedMs what the destination asked for; held to, up to the longest wait.
 */
export function backoffMs(failures: number, random: number, askedMs = 0): number {
  const fullMs = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
  return Math.max(Math.round(random * fullMs), Math.min(askedMs, LONGEST_WAIT_MS));
}
