import type { Activity } from '../transfers/transfer.ts';
import type { Vendor } from './vendor.ts';

export interface VendorMatch {
  readonly vendor: Vendor;
  /** What identified the vendor, the strongest first: key, account, domain, network. */
  readonly by: 'key' | 'account' | 'domain' | 'network';
  /** The registry's entry that matched: `*.files.acme-coding.example`. */
  readonly entry: string;
}

export interface VendorRegistry {
  readonly vendors: readonly Vendor[];
  /** Whose endpoint the receiver is. Constant time however many vendors there are. */
  match(activity: Activity): VendorMatch | undefined;
}
