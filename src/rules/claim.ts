import type { Activity } from '../transfers/transfer.ts';
import type { Claim } from './finding.ts';

/**
 * Up to here a tunnel's or an unseen connection's upload may be nothing but the TLS handshake and one request's headers: a GET over TLS through a
 * tunnel was measured at 890 bytes up, a handshake with client certificate stays below 4 KiB.
 */
export const TUNNEL_CHATTER_BYTES = 4096;

/** What the log proves about an activity, and no more. */
export function claimOf(activity: Activity): Claim {
  if (activity.kind === 'access') return 'accessed';
  if (activity.reach === 'attempted') return 'attempted';
  const mayBeChatter = activity.bytes === undefined || activity.bytes < TUNNEL_CHATTER_BYTES;
  return (activity.vehicle === 'tunnel' || activity.vehicle === 'flow') && mayBeChatter ? 'indicator' : 'delivered';
}
