import type { Country } from '../net/country.ts';
import type { ResolverSettings } from './names/settings.ts';
import type { Point } from './round-trip/distance.ts';
import type { UpdateSettings } from './updates/settings.ts';
import type { WatchSettings } from './watch/settings.ts';
import type { Weights } from './weights.ts';

/** The operator's own word on where a network is. */
export interface Override {
  /** CIDR. */
  readonly networks: readonly string[];
  readonly country: Country;
  readonly reason: string;
  /** ms since the epoch, exclusive: the end of the last day in UTC. */
  readonly expiresMs?: number;
  /** The vendor whose `confirmed` networks it stands among; else it stands under `geo.overrides`. */
  readonly vendor?: string;
}

export interface GeoSettings {
  /** Every `*.mmdb` and every cloud provider's range file (`*.json`) found here is used. A missing directory counts as empty. */
  readonly directory?: string;
  /** Use the two databases that come with the program. */
  readonly embedded: boolean;
  readonly overrides: readonly Override[];
  /** NAT64 prefixes of our own networks (RFC 6052), CIDR, beside the well-known one. */
  readonly nat64?: readonly string[];
  /** How much a database's word on a country counts; the defaults hold for those not named. */
  readonly weights?: Weights;
  /** Where the gateway stands, degrees; absent: round-trip times refute nothing. */
  readonly gateway?: Point;
  /** A US military base abroad counts as the United States. */
  readonly usMilitaryAbroad: boolean;
  /** What is older is no longer believed to clear anybody; absent: nothing is too old. */
  readonly staleAfterMs?: number;
  readonly update?: UpdateSettings;
  /** Resolve names where a log has no address; absent: never. */
  readonly resolve?: ResolverSettings;
  /** Look where the vendors' domains point; absent: never. */
  readonly watch?: WatchSettings;
}

/** What works before anybody has configured anything. */
export const EMBEDDED_ONLY: GeoSettings = { embedded: true, overrides: [], usMilitaryAbroad: true };
