import type { Country } from '../../net/country.ts';
import type { RangePlace } from './range-file.ts';

/** A region that no table knows is told as such: it may be new, and it may be anywhere. */
export function placeIn(country: Country | undefined): RangePlace {
  return country === undefined ? { kind: 'untold' } : { kind: 'country', country };
}
