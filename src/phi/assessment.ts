import type { Location } from '../geo/location.ts';
import type { Residency } from '../geo/residency.ts';
import type { Activity } from '../transfers/transfer.ts';
import type { VendorMatch } from '../vendors/registry.ts';
import type { PhiAssessment } from './indicator.ts';

/** Who, where and what: everything that the rules judge by. */
export interface Assessment {
  readonly activity: Activity;
  readonly vendor?: VendorMatch;
  readonly location: Location;
  readonly residency: Residency;
  readonly phi: PhiAssessment;
}
