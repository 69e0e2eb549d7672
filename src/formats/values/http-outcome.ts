import type { Outcome } from '../record.ts';

/**
 * How a proxied request ended, by its status. A 502, 503 or 504 may be the server's own, or the proxy's because there was
 * no server: the log cannot say, so it is no success.
 *
 * @returns `undefined` where there is no status: nothing is known then
 */
export function proxiedOutcome(status: string | undefined): Outcome | undefined {
  if (status === undefined || /^0+$/.test(status)) return undefined;
  return status === '502' || status === '503' || status === '504' ? 'failure' : 'success';
}
