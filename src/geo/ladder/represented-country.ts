import type { Country } from '../../net/country.ts';
import type { Evidence } from '../location.ts';
import { type Rung, type Verdict, verdictOn } from './rung.ts';
import type { Subject } from './subject.ts';

/**
 * A US military base abroad. Where a database says that one is there, every answer that names the base's place is read
 * as US: the others tell the same place, they only do not know who is in it.
 */
export function byRepresentedCountry({ answers, usMilitaryAbroad }: Subject, found: Verdict): Rung {
  const bases = answers.filter(({ usMilitary }) => usMilitary);
  const said = usMilitaryAbroad
    ? 'US military base: counts as US'
    : 'US military base: not counted as US (residency.us-military-abroad)';
  const evidence = bases.map(
    ({ database }): Evidence => ({ step: 'represented-country', source: database.name, said }),
  );
  const countries = countriesOf(found);
  if (!usMilitaryAbroad || bases.length === 0 || countries === undefined) return { evidence };
  const places = new Set(bases.map(({ country }) => country));
  // A record may tell who is there and not where.
  const read = countries.map((country) => (places.has(country) ? US : country));
  const verdict = verdictOn(places.has(undefined) ? [...read, US] : read);
  return { evidence, ...(verdict && { verdict }) };
}

function countriesOf(found: Verdict): readonly Country[] | undefined {
  switch (found.standing) {
    case 'likely':
      return [found.country];
    case 'disputed':
      return found.countries;
    case 'unknown':
      return [];
    case 'certain':
    case 'edge':
    case 'internal':
      return undefined;
    default:
      return found satisfies never;
  }
}

const US = 'US' as Country;
