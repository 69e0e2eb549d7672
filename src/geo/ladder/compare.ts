import type { Country } from '../../net/country.ts';
import type { Evidence } from '../location.ts';
import { NOTHING, type Rung, verdictOn } from './rung.ts';
import type { Subject } from './subject.ts';

/** One source's word on the country. */
interface Voice {
  readonly country: Country;
  /** 0 to 1. */
  readonly weight: number;
  /** A host name is the client's claim. */
  readonly isClaim: boolean;
}

/**
 * What the databases and the host name make together. One country from all is likely, several are disputed, with three
 * exceptions:
 *
 * - The United States by one voice alone, where two could have spoken, is unknown: it must not be a quiet pass.
 * - Any country by one voice alone for a hosting provider's network is unknown: those are the worst known of all.
 * - Sources that place an address abroad outvote one that says US where that has little weight, which is the case for
 *   registry data: a block that is used abroad stays registered by its American owner.
 */
export function byComparison(subject: Subject): Rung {
  const voices = voicesOf(subject);
  const [only, ...others] = voices;
  if (only === undefined) return NOTHING;
  if (others.length === 0) return byOneVoice(only, subject);
  const countries = [...new Set(voices.map(({ country }) => country))];
  const outvoted = outvote(voices, countries);
  if (outvoted !== undefined) return outvoted;
  const verdict = verdictOn(countries);
  return { evidence: [], ...(verdict && { verdict }) };
}

function voicesOf({ hostRegion, answers }: Subject): readonly Voice[] {
  const name = hostRegion?.kind === 'region' ? [{ country: hostRegion.country, weight: 1, isClaim: true }] : [];
  const databases = answers.flatMap(({ country, database }) =>
    country === undefined || database.weight === 0 ? [] : [{ country, weight: database.weight, isClaim: false }],
  );
  return [...name, ...databases];
}

function byOneVoice({ country, isClaim }: Voice, { special, opinions, answers }: Subject): Rung {
  // Inside a private block the voice is a database that the operator made.
  if (special !== undefined || (opinions < 2 && !isClaim))
    return { evidence: [], verdict: { standing: 'likely', country } };
  if (country === US) return tooFew('US by one source alone, which is not enough');
  if (answers.some(({ hosting }) => hosting)) return tooFew(`${country} by one source alone, for a hosting network`);
  return { evidence: [], verdict: { standing: 'likely', country } };
}

function tooFew(said: string): Rung {
  return { evidence: [note(said)], verdict: { standing: 'unknown' } };
}

/** Only the US can be outvoted, and only by one other country: whatever else differs stays in doubt. */
function outvote(voices: readonly Voice[], countries: readonly Country[]): Rung | undefined {
  const [abroad, ...more] = countries.filter((country) => country !== US);
  if (abroad === undefined || more.length > 0 || countries.length !== 2) return undefined;
  const total = sum(voices);
  const against = sum(voices.filter(({ country }) => country === abroad));
  if (against / total < OUTVOTES) return undefined;
  const said = `${abroad} with weight ${against} of ${total} outvotes US`;
  return { evidence: [note(said)], verdict: { standing: 'likely', country: abroad } };
}

function sum(voices: readonly Voice[]): number {
  return voices.reduce((total, { weight }) => total + weight, 0);
}

/** Two sources of full weight against registry data of half. */
const OUTVOTES = 0.8;

function note(said: string): Evidence {
  return { step: 'comparison', source: 'geo.weights', said };
}

const US = 'US' as Country;
