import { type Country, country } from '../net/country.ts';

/** What one record of a database tells about an address. */
export interface Statement {
  /** Where the address is believed to be. */
  readonly country?: Country;
  /** Set where the record says that a US military base uses the address. */
  readonly usMilitary: boolean;
  /** One address, many places. */
  readonly anycast: boolean;
  /** In words, for the evidence. */
  readonly said: string;
}

/**
 * Reads a record of any of the shapes in use:
 *
 *     country_code                       ip-location-db, IPinfo Lite and Core (there `country` is a name)
 *     country.iso_code                   MaxMind and DB-IP, free and commercial; IP2Location
 *     country                            IPinfo, older editions
 *     represented_country, traits        MaxMind Country, City and Enterprise
 *
 * `registered_country` says where a block was registered, not where it is: it is never taken for the location.
 */
export function readRecord(record: unknown): Statement {
  const place = placeIn(record);
  const marks = { usMilitary: isUsMilitary(record), anycast: isAnycast(record) };
  if (place !== undefined) return { country: place, ...marks, said: place };
  const registered = codeIn(record, 'registered_country', 'iso_code');
  const said =
    registered === undefined ? 'no country' : `no country; registered in ${registered}, which is no location`;
  return { ...marks, said };
}

function placeIn(record: unknown): Country | undefined {
  return codeIn(record, 'country_code') ?? codeIn(record, 'country', 'iso_code') ?? codeIn(record, 'country');
}

function isUsMilitary(record: unknown): boolean {
  return (
    valueIn(record, 'represented_country', 'type') === 'military' &&
    codeIn(record, 'represented_country', 'iso_code') === 'US'
  );
}

function isAnycast(record: unknown): boolean {
  return valueIn(record, 'traits', 'is_anycast') === true || valueIn(record, 'is_anycast') === true;
}

function codeIn(record: unknown, ...path: readonly string[]): Country | undefined {
  const value = valueIn(record, ...path);
  return typeof value === 'string' ? country(value) : undefined;
}

function valueIn(record: unknown, ...path: readonly string[]): unknown {
  let value = record;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
