import type { Country } from '../net/country.ts';

/** One source that was asked about an address, and what it said. */
export interface Evidence {
  readonly step:
    | 'special-purpose'
    | 'unwrap'
    /** A published list of content networks, anycast addresses and relays. */
    | 'edge'
    /** A database's word that an address is in many places. */
    | 'anycast'
    /** The operator's own word. */
    | 'override'
    /** What a cloud provider publishes of its own networks. */
    | 'cloud-range'
    /** The region in a cloud provider's host name. */
    | 'host-name'
    /** A database's word on the country. */
    | 'database'
    /** A database's word on whose network it is, and whether people hide behind it. */
    | 'network'
    /** What was made of answers that differ, or are too few. */
    | 'comparison'
    | 'round-trip'
    | 'represented-country'
    /** Addresses that a name answered with, where the log has none. */
    | 'name'
    /** What was made of sources that are too old. */
    | 'staleness'
    | 'log';
  /** Name of the source: a database's file name, a registry, the configuration. */
  readonly source: string;
  /** `database_type` of an mmdb file; provider and edition of a range file. */
  readonly edition?: string;
  /** ISO 8601 UTC. */
  readonly built?: string;
  /** SHA-256 of the file, hex. */
  readonly sha256?: string;
  /** CIDR that matched. */
  readonly network?: string;
  /** What it said, in words: `IN`, `no entry`, `loopback (RFC 1122)`. */
  readonly said: string;
  /** It is about an address that a name answered with, not one that the log shows. */
  readonly inferred?: true;
}

interface Proved {
  /** Each source asked, in the order asked. */
  readonly evidence: readonly Evidence[];
  /** The address that was looked up, after unwrapping. */
  readonly address?: string;
  /** The step that decided; absent where none could. */
  readonly decidedBy?: Evidence['step'];
}

/**
 * Where an address is, and how sure that is. `certain` and `likely` cannot lack a country, `disputed` has at least two,
 * `unknown`, `internal` and `edge` have none: an edge node's country says nothing about where the data ends up.
 */
export type Location =
  | (Proved & { readonly standing: 'certain' | 'likely'; readonly country: Country })
  | (Proved & { readonly standing: 'disputed'; readonly countries: readonly [Country, Country, ...Country[]] })
  | (Proved & { readonly standing: 'edge' | 'internal' })
  /** `lastKnown`: what databases say that are too old to clear anybody. */
  | (Proved & { readonly standing: 'unknown'; readonly lastKnown?: readonly [Country, ...Country[]] });

export type Standing = Location['standing'];

/** `IN`, `US or IN`, or the standing's own word. */
export function describeLocation(location: Location): string {
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return location.country;
    case 'disputed':
      return location.countries.join(' or ');
    case 'edge':
    case 'unknown':
    case 'internal':
      return location.standing;
    default:
      return location satisfies never;
  }
}
