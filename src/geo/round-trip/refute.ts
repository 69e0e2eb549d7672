import type { Country } from '../../net/country.ts';
import type { Evidence, Location } from '../location.ts';
import { leastDistanceKm, type Point } from './distance.ts';

/** Light in fibre makes about 200 km in a millisecond, and goes there and back. */
const KM_PER_MS = 100;

/**
 * Takes countries back that a connection was too fast for. It is counter-evidence only: a slow connection proves nothing,
 * and a fast one clears nobody, since something in between may have answered it. So what was disputed between the US and
 * a country that is refuted stays disputed, and what the operator or a provider is certain of stays, with the
 * contradiction told.
 *
 * @param connectMs of one round trip.
 */
export function refuteByRoundTrip(location: Location, connectMs: number, gateway: Point): Location {
  if (!(connectMs >= 0)) return location;
  const refuted = new Set<Country>();
  const evidence: Evidence[] = [];
  for (const country of countriesOf(location)) {
    const leastKm = leastDistanceKm(gateway, country);
    if (leastKm === undefined || leastKm <= connectMs * KM_PER_MS) continue;
    refuted.add(country);
    const [reach, least] = [connectMs * KM_PER_MS, leastKm].map((km) => Math.round(km).toLocaleString('en-US'));
    const said = `not ${country}: connected in ${connectMs} ms, which light in fibre allows for ${reach} km, and it is ${least} km away at least`;
    evidence.push({ step: 'round-trip', source: 'connect time', said });
  }
  if (refuted.size === 0) return location;
  return { ...takeBack(location, refuted), evidence: [...location.evidence, ...evidence] };
}

function takeBack(location: Location, refuted: ReadonlySet<Country>): Location {
  const { address, evidence } = location;
  const proof = { evidence, ...(address !== undefined && { address }), decidedBy: 'round-trip' } as const;
  switch (location.standing) {
    case 'likely':
      return { standing: 'unknown', ...proof };
    case 'disputed': {
      const [first, second, ...others] = location.countries.filter((country) => !refuted.has(country));
      if (first === undefined) return { standing: 'unknown', ...proof };
      if (second !== undefined) return { standing: 'disputed', countries: [first, second, ...others], ...proof };
      return first === US ? location : { standing: 'likely', country: first, ...proof };
    }
    case 'unknown': {
      const [first, ...others] = (location.lastKnown ?? []).filter((country) => !refuted.has(country));
      return { standing: 'unknown', ...proof, ...(first !== undefined && { lastKnown: [first, ...others] }) };
    }
    case 'certain':
    case 'edge':
    case 'internal':
      return location;
    default:
      return location satisfies never;
  }
}

function countriesOf(location: Location): readonly Country[] {
  if (location.standing === 'disputed') return location.countries;
  if (location.standing === 'unknown') return location.lastKnown ?? [];
  return location.standing === 'likely' || location.standing === 'certain' ? [location.country] : [];
}

const US = 'US' as Country;
