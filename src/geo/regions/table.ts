import { type Country, country } from '../../net/country.ts';

/** Countries by a provider's name for a region. A name that is not in it is not known: never to be guessed at. */
export type Regions = ReadonlyMap<string, Country>;

/**
 * Turns a table by country, which is how people check one, into one by region.
 *
 * @throws Error where the table is wrong: no ISO 3166-1 code, or a region in two countries.
 */
export function regionTable(byCountry: Readonly<Record<string, string>>): Regions {
  const regions = new Map<string, Country>();
  for (const [code, names] of Object.entries(byCountry)) {
    const known = country(code);
    if (known === undefined) throw new Error(`${code} is no ISO 3166-1 code`);
    for (const name of names.split(/\s+/)) {
      if (regions.has(name)) throw new Error(`${name} is in two countries`);
      regions.set(name, known);
    }
  }
  return regions;
}
