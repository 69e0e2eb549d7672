/** ISO 3166-1 alpha-2, upper case, as in `geo/country.ts`. */
import type { Country } from '../net/country.ts';

/** A named set of countries. */
export interface Territory {
  readonly name: string;
  readonly countries: ReadonlySet<Country>;
}

export type Cover = 'storage' | 'access';

/** What one agreement permits, and when. */
export interface Terms {
  /** ms since the epoch, inclusive; the start of the day in UTC. */
  readonly fromMs?: number;
  /** ms since the epoch, exclusive: the end of the last day in UTC. */
  readonly untilMs?: number;
  readonly territory: Territory;
  readonly covers: ReadonlySet<Cover>;
  /** The clause, for people: `BAA-2024-017 section 4.2`. */
  readonly reference?: string;
  readonly programme?: string;
  readonly notice?: string;
}

export interface Workday {
  readonly zone: string;
  readonly days: string;
  readonly hours: string;
}

/** An organisation that the operator hands data to. */
export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly service?: string;
  readonly terms: readonly Terms[];
  /** Where the vendor says that it works from. */
  readonly declared: { readonly networks: readonly string[]; readonly asns: readonly number[] };
  readonly endpoints: {
    /** Exact names and `*.` wildcards, lower case. */
    readonly domains: readonly string[];
    /** CIDR. */
    readonly networks: readonly string[];
    /** Exact names, or a prefix followed by one `*`. */
    readonly accounts: readonly string[];
    /** `SHA256:...` */
    readonly keys: readonly string[];
  };
  /** `phi`: whatever moves here is PHI; `mixed`: only with other indicators; `none`: nothing is presumed. */
  readonly carries: 'phi' | 'mixed' | 'none';
  readonly workday?: Workday;
}

/** A permission that departs from the terms for a time. */
export interface Exception {
  readonly vendor: string;
  readonly country: Country;
  /** ms since the epoch, exclusive. */
  readonly untilMs: number;
  readonly reason: string;
  readonly approvedBy: string;
}
