import type { Country } from '../../net/country.ts';
import type { Network } from '../../net/network.ts';

export type CloudProvider = 'aws' | 'azure' | 'gcp' | 'oracle';

/**
 * Where a provider says that one of its networks is.
 * `country`: in a region of that country. `edge`: served from many places, so that the address tells none. `untold`: in
 * a region that is not known here, or in two at once.
 */
export type RangePlace =
  | { readonly kind: 'country'; readonly country: Country }
  | { readonly kind: 'edge' }
  | { readonly kind: 'untold' };

/** What a provider says of one network. */
export interface CloudRange {
  readonly network: Network;
  readonly place: RangePlace;
  /** In the provider's words: `us-east-1, border group us-east-1-bue-1`. */
  readonly said: string;
  /** Says only whose the network is; whatever else is said of an address in it, by a wider range too, says more. */
  readonly isGeneral?: true;
}

/** A file of address ranges as its provider publishes it. */
export interface RangeFile {
  readonly provider: CloudProvider;
  /** What the file is about. Of files of one series only the latest edition holds. */
  readonly series: string;
  /** Rises from edition to edition. */
  readonly serial: number;
  /** What the provider tells its editions apart by: `syncToken`, `changeNumber`, a time stamp. */
  readonly edition: string;
  /** ms since the epoch; absent where the file does not tell. */
  readonly builtMs?: number;
  /** Each network once. Networks may lie in one another: the smallest holds. */
  readonly ranges: readonly CloudRange[];
}
