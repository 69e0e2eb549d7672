import type { Country } from '../../net/country.ts';
import type { Evidence, Location } from '../location.ts';
import type { Locator } from '../locator.ts';
import type { Resolution } from './resolution.ts';

/**
 * Where a name is held to be by the addresses that it answered with: not by one that a log shows, so never `certain`, and
 * `likely` only where all of them are in one country. All evidence is marked as inferred.
 *
 * @param missing why the log has no address, in words.
 */
export function inferLocation(
  resolution: Resolution | undefined,
  { locate }: Pick<Locator, 'locate'>,
  { host, atMs, missing }: { readonly host: string; readonly atMs: number; readonly missing: string },
): Location {
  const log: Evidence = { step: 'log', source: 'log', said: missing };
  if (resolution === undefined) return { standing: 'unknown', evidence: [log] };
  const name = evidenceOf(resolution);
  if (resolution.kind !== 'answered') return { standing: 'unknown', evidence: [log, name] };
  const locations = resolution.addresses.map((address) => locate(address, atMs, { host }));
  const details = locations
    .slice(0, MOST_SHOWN)
    .flatMap(({ address, evidence }) =>
      evidence.map((it): Evidence => ({ ...it, said: `${address ?? 'an address'}: ${it.said}`, inferred: true })),
    );
  return { ...together(locations), decidedBy: 'name', evidence: [log, name, ...details] };
}

/** Addresses whose evidence is shown; the answer itself shows all. */
const MOST_SHOWN = 4;

function evidenceOf(resolution: Resolution): Evidence {
  const at = new Date(resolution.atMs).toISOString();
  const answer =
    resolution.kind === 'answered'
      ? `the name answered ${resolution.addresses.join(', ')}`
      : resolution.kind === 'none'
        ? 'the name had no address'
        : `the name could not be looked up: ${resolution.because}`;
  return { step: 'name', source: `DNS ${resolution.by}`, said: `${answer} at ${at}`, inferred: true };
}

type Together =
  | { readonly standing: 'likely'; readonly country: Country }
  | { readonly standing: 'disputed'; readonly countries: readonly [Country, Country, ...Country[]] }
  | { readonly standing: 'edge' | 'internal' }
  | { readonly standing: 'unknown'; readonly lastKnown?: readonly [Country, ...Country[]] };

/** Whatever cannot be said of one of the addresses cannot be said of the name. */
function together(locations: readonly Location[]): Together {
  const standings = new Set(locations.map(({ standing }) => standing));
  if (standings.has('edge')) return { standing: 'edge' };
  if (standings.has('internal')) return { standing: standings.size === 1 ? 'internal' : 'unknown' };
  const known = locations.map(countriesOf);
  const [first, second, ...others] = new Set(known.flat());
  if (first === undefined || known.some((it) => it.length === 0)) return { standing: 'unknown' };
  if (standings.has('unknown'))
    return { standing: 'unknown', lastKnown: second === undefined ? [first] : [first, second, ...others] };
  return second === undefined
    ? { standing: 'likely', country: first }
    : { standing: 'disputed', countries: [first, second, ...others] };
}

function countriesOf(location: Location): readonly Country[] {
  if ('country' in location) return [location.country];
  if (location.standing === 'disputed') return location.countries;
  return location.standing === 'unknown' ? (location.lastKnown ?? []) : [];
}
