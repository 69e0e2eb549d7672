import type { Country } from '../net/country.ts';
import type { ResolverSettings } from './names/settings.ts';
import type { UpdateSettings } from './updates/settings.ts';
import type { WatchSettings } from './watch/settings.ts';

/** The operator's own word on where a network is. */
export interface Override {
  /** CIDR. */
  readonly networks: readonly string[];
  readonly country: Country;
  readonly reason: string;
  /** ms since the epoch, exclusive: the end of the last day in UTC. */
  readonly expiresMs?: number;
}

export interface GeoSettings {
  /** Every `*.mmdb` found here is used. A missing directory counts as empty. */
  readonly directory?: string;
  /** Use the two databases that come with the program. */
  readonly embedded: boolean;
  readonly overrides: readonly Override[];
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
