import type { Country } from '../net/country.ts';

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
}

/** What works before anybody has configured anything. */
export const EMBEDDED_ONLY: GeoSettings = { embedded: true, overrides: [], usMilitaryAbroad: true };
