import { isDeepStrictEqual } from 'node:util';
import type { Location } from '../geo/location.ts';
import type { Locator } from '../geo/locator.ts';
import { judgeResidency, type ResidencySettings, type ResidencyVerdict } from '../geo/residency.ts';
import type { Finding } from '../rules/finding.ts';
import type { Exception, Vendor } from '../vendors/vendor.ts';

/** What a stored finding is held against. */
export interface Present {
  readonly locator: Locator;
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly exceptions: readonly Exception[];
  readonly residency: ResidencySettings;
}

/**
 * What a stored finding would be now.
 * `same`: place and verdict as they were. `moved`: another place or standing, and the same verdict. `flips`: another
 * verdict. `cannot`: too little was stored, or the vendor is gone.
 */
export type Regrade =
  | { readonly kind: 'same' }
  | { readonly kind: 'moved'; readonly after: Location }
  | {
      readonly kind: 'flips';
      readonly to: ResidencyVerdict;
      readonly after: Location;
      /** What makes the difference: `terms` where the place that was stored would be judged so too. */
      readonly by: 'databases' | 'override' | 'terms';
    }
  | { readonly kind: 'cannot'; readonly because: string };

/**
 * Locates the receiver of a stored finding anew, at the finding's own time, and judges its residency by the terms that the
 * configuration has now. Nothing is written. Whether it is PHI is not asked again: the content is not stored.
 */
export function regrade(finding: Finding, { locator, vendors, exceptions, residency }: Present): Regrade {
  const { activity, timeMs } = finding;
  const { ip, host } = activity.receiver;
  if (ip === undefined) return { kind: 'cannot', because: NO_ADDRESS };
  const vendor = finding.vendor === undefined ? undefined : vendors.get(finding.vendor.id);
  if (finding.vendor !== undefined && vendor === undefined) return { kind: 'cannot', because: NO_VENDOR };

  const after = locator.locate(ip, timeMs, host === undefined ? {} : { host });
  const judge = (location: Location) =>
    judgeResidency(location, { kind: activity.kind, timeMs }, vendor, exceptions, residency).verdict;
  const to = judge(after);
  if (to !== finding.residency) {
    const isByTerms = judge(finding.location) === to;
    const isByOverride = after.decidedBy === 'override' && finding.location.decidedBy !== 'override';
    return { kind: 'flips', to, after, by: isByTerms ? 'terms' : isByOverride ? 'override' : 'databases' };
  }
  return isSamePlace(finding.location, after) ? { kind: 'same' } : { kind: 'moved', after };
}

const NO_ADDRESS = 'the log had no address, and where a name points now says nothing about then';
const NO_VENDOR = 'its vendor is not in the register any more';

function isSamePlace(one: Location, other: Location): boolean {
  return one.standing === other.standing && isDeepStrictEqual(placesOf(one), placesOf(other));
}

/** In no order: which database was asked first says nothing about the place. */
function placesOf(location: Location): readonly string[] {
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return [location.country];
    case 'disputed':
      return [...location.countries].sort();
    case 'unknown':
      return [...(location.lastKnown ?? [])].sort();
    case 'edge':
    case 'internal':
      return [];
    default:
      return location satisfies never;
  }
}

/** A verdict that no rule would speak of. */
export function isPass(verdict: ResidencyVerdict): boolean {
  return verdict === 'home' || verdict === 'permitted' || verdict === 'not-public';
}
