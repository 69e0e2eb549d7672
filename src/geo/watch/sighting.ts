import type { ResidencyVerdict } from '../residency.ts';

/** One address that a vendor's domain was seen to answer with. */
export interface EndpointSighting {
  /** The vendor's id. */
  readonly vendor: string;
  /** As the register has it: `*.files.acme-coding.example`. */
  readonly domain: string;
  readonly address: string;
  /** `IN`, `US or IN`, `edge`: where it was held to be when it was last seen. */
  readonly place: string;
  readonly verdict: ResidencyVerdict;
}

/** A sighting that is remembered. Times are ms since the epoch, by our clock. */
export interface RememberedSighting extends EndpointSighting {
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}
