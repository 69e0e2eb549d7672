import type { LogRecord } from '../formats/record.ts';
import { isPublicAddress } from '../net/special-purpose.ts';
import type { InsideSide } from '../sources/settings.ts';

/**
 * Which ends of a connection are the operator's own. By address, whoever is not on a public address is; where both are
 * public, neither can be ruled out, so either may be sending to the other.
 */
export function oursIs(inside: InsideSide, record: LogRecord): { readonly client: boolean; readonly server: boolean } {
  if (inside === 'client') return { client: true, server: false };
  if (inside === 'server') return { client: false, server: true };
  const clientPublic = isPublicAddress(record.client?.ip);
  const serverPublic = isPublicAddress(record.server?.ip);
  if (clientPublic && serverPublic) return { client: true, server: true };
  return { client: !clientPublic, server: !serverPublic };
}
