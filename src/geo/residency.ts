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
 * permitted. `concern`: a country of concern. `undetermined`: it cannot be said. `not-public`: an internal address that
 * belongs to no vendor.
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

/** Of an activity, what its residency depends on. */
export type Moment = Pick<Activity, 'kind' | 'timeMs'>;

/**
 * Judges where an activity's receiver is against what the vendor's agreement permitted at that time. A place that is
 * known by data that are too old can be outside, and cannot be permitted.
 */
export function judgeResidency(
  location: Location,
  activity: Moment,
  vendor: Vendor | undefined,
  exceptions: readonly Exception[],
  settings: ResidencySettings,
): Residency {
  const residency = hold(location, activity, vendor, exceptions, settings);
  const isPass = residency.verdict === 'home' || residency.verdict === 'permitted';
  return isPass && location.standing === 'unknown' ? { ...residency, verdict: 'undetermined' } : residency;
}

function hold(
  location: Location,
  activity: Moment,
  vendor: Vendor | undefined,
  exceptions: readonly Exception[],
  settings: ResidencySettings,
): Residency {
  const countries = possibleCountries(location);
  const { permission: agreed, allowed } = agreement(countries, activity, vendor, settings);
  // Behind an internal address a vendor can be anywhere: it is a VPN's, a proxy's or a load balancer's.
  if (location.standing === 'internal')
    return { verdict: vendor === undefined ? 'not-public' : 'undetermined', permission: agreed };
  const verdict = decide(countries, allowed, settings);
  if (verdict !== 'outside' && verdict !== 'undetermined') return { verdict, permission: agreed };

  // An exception adds its country to what the agreement permits; it takes nothing away.
  const inForce = exceptions.filter((it) => it.vendor === vendor?.id && activity.timeMs < it.untilMs);
  const exception = inForce.find(({ country }) => countries.includes(country));
  const widened = new Set([...allowed, ...inForce.map(({ country }) => country)]);
  const excepted = decide(countries, widened, settings);
  if (exception === undefined || excepted === verdict) return { verdict, permission: agreed };
  return { verdict: excepted, permission: { kind: 'exception', exception } };
}

/** A country of concern stays one whatever an agreement says (28 CFR Part 202). */
function decide(
  countries: readonly Country[],
  allowed: ReadonlySet<Country>,
  { concern }: ResidencySettings,
): ResidencyVerdict {
  if (countries.length === 0) return 'undetermined';
  if (countries.every((country) => concern.has(country))) return 'concern';
  if (countries.every((country) => country === US)) return 'home';
  const permitted = countries.filter((country) => !concern.has(country) && permits(allowed, country));
  if (permitted.length === countries.length) return 'permitted';
  return permitted.length === 0 ? 'outside' : 'undetermined';
}

/** What was agreed, to be shown, and the countries that it allows: of the possible ones at least. */
interface Agreement {
  readonly permission: Permission;
  readonly allowed: ReadonlySet<Country>;
}

/**
 * Of several terms that are in force and cover the activity, every one binds: the log does not tell which programme the
 * data belong to. The first that does not permit the place is the one shown; a login is `access`, data that moved are
 * `storage`.
 */
function agreement(
  countries: readonly Country[],
  activity: Moment,
  vendor: Vendor | undefined,
  { default: territory }: ResidencySettings,
): Agreement {
  const allowed = territory.countries;
  if (vendor === undefined) return { permission: { kind: 'unregistered', territory }, allowed };
  if (vendor.terms.length === 0) return { permission: { kind: 'default', territory, because: 'no-terms' }, allowed };
  const inForce = vendor.terms.filter(
    ({ fromMs, untilMs }) =>
      (fromMs === undefined || activity.timeMs >= fromMs) && (untilMs === undefined || activity.timeMs < untilMs),
  );
  if (inForce.length === 0) return { permission: { kind: 'default', territory, because: 'not-in-force' }, allowed };
  const needed: Cover = activity.kind === 'access' ? 'access' : 'storage';
  const covering = inForce.filter(({ covers }) => covers.has(needed));
  const [first, ...others] = covering;
  if (first === undefined) return { permission: { kind: 'default', territory, because: 'not-covered' }, allowed };
  if (others.length === 0) return { permission: { kind: 'terms', terms: first }, allowed: first.territory.countries };
  const permitting = (country: Country) => covering.every((it) => permits(it.territory.countries, country));
  const forbidding = covering.find((it) => !countries.every((country) => permits(it.territory.countries, country)));
  return {
    permission: { kind: 'terms', terms: forbidding ?? first },
    allowed: new Set(countries.filter(permitting)),
  };
}

/** The United States needs no permission. */
function permits(allowed: ReadonlySet<Country>, country: Country): boolean {
  return country === US || allowed.has(country);
}

function possibleCountries(location: Location): readonly Country[] {
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return [location.country];
    case 'disputed':
      return location.countries;
    case 'unknown':
      return location.lastKnown ?? [];
    case 'edge':
    case 'internal':
      return [];
    default:
      return location satisfies never;
  }
}

const US = 'US' as Country;
