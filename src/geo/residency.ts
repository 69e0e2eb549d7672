import type { Country } from '../net/country.ts';
import type { Activity } from '../transfers/transfer.ts';
import type { Cover, Exception, Terms, Territory, Vendor } from '../vendors/vendor.ts';
import type { Location } from './location.ts';

/** Which permission a residency was held against, for the explanation and the evidence. */
export type Permission =
  | { readonly kind: 'terms'; readonly terms: Terms }
  | { readonly kind: 'exception'; readonly exception: Exception }
  | {
      readonly kind: 'default';
      readonly territory: Territory;
      readonly because: 'no-terms' | 'not-in-force' | 'not-covered';
    }
  | { readonly kind: 'unregistered'; readonly territory: Territory };

/**
 * The location held against what was permitted at that moment.
 * `home`: in the United States. `permitted`: elsewhere, and allowed. `outside`: every possible country is outside what is
 * permitted. `concern`: a country of concern. `undetermined`: it cannot be said. `not-public`: an internal address.
 */
export type ResidencyVerdict = 'home' | 'permitted' | 'outside' | 'concern' | 'undetermined' | 'not-public';

export interface Residency {
  readonly verdict: ResidencyVerdict;
  readonly permission: Permission;
}

export interface ResidencySettings {
  readonly default: Territory;
  readonly concern: ReadonlySet<Country>;
}

/** Judges where an activity's receiver is against what the vendor's agreement permitted at that time. */
export function judgeResidency(
  location: Location,
  activity: Activity,
  vendor: Vendor | undefined,
  exceptions: readonly Exception[],
  settings: ResidencySettings,
): Residency {
  const countries = possibleCountries(location);
  const exception = exceptions.find(
    (it) =>
      it.vendor === vendor?.id &&
      activity.timeMs < it.untilMs &&
      countries.length > 0 &&
      countries.every((country) => country === it.country),
  );
  const permission: Permission = exception
    ? { kind: 'exception', exception }
    : permissionInForce(activity, vendor, settings);
  return { verdict: decide(location, countries, permission, settings), permission };
}

function decide(
  location: Location,
  countries: readonly Country[],
  permission: Permission,
  { concern }: ResidencySettings,
): ResidencyVerdict {
  if (location.standing === 'internal') return 'not-public';
  if (countries.length === 0) return 'undetermined';
  if (countries.every((country) => concern.has(country))) return 'concern';
  if (countries.every((country) => country === US)) return 'home';
  const allowed = countries.filter((country) => isAllowed(country, permission));
  if (allowed.length === countries.length) return 'permitted';
  return allowed.length === 0 ? 'outside' : 'undetermined';
}

function isAllowed(country: Country, permission: Permission): boolean {
  if (permission.kind === 'exception') return country === permission.exception.country || country === US;
  const territory = permission.kind === 'terms' ? permission.terms.territory : permission.territory;
  return territory.countries.has(country);
}

/** Terms that cover the activity win; a login is `access`, data that moved is `storage`. */
function permissionInForce(
  activity: Activity,
  vendor: Vendor | undefined,
  { default: territory }: ResidencySettings,
): Permission {
  if (vendor === undefined) return { kind: 'unregistered', territory };
  if (vendor.terms.length === 0) return { kind: 'default', territory, because: 'no-terms' };
  const inForce = vendor.terms.filter(
    ({ fromMs, untilMs }) =>
      (fromMs === undefined || activity.timeMs >= fromMs) && (untilMs === undefined || activity.timeMs < untilMs),
  );
  if (inForce.length === 0) return { kind: 'default', territory, because: 'not-in-force' };
  const needed: Cover = activity.kind === 'access' ? 'access' : 'storage';
  const terms = inForce.find(({ covers }) => covers.has(needed));
  return terms === undefined ? { kind: 'default', territory, because: 'not-covered' } : { kind: 'terms', terms };
}

function possibleCountries(location: Location): readonly Country[] {
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return [location.country];
    case 'disputed':
      return location.countries;
    case 'edge':
    case 'unknown':
    case 'internal':
      return [];
    default:
      return location satisfies never;
  }
}

const US = 'US' as Country;
