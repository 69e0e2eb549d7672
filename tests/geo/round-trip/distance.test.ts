import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { distanceKm, leastDistanceKm, type Point } from '../../../src/geo/round-trip/distance.ts';
import type { Country } from '../../../src/net/country.ts';
import { COUNTRY_CODES } from '../../../src/net/country-codes.ts';

const at = (latitude: number, longitude: number): Point => ({ latitude, longitude });

const CITIES: readonly (readonly [string, string, Point])[] = [
  ['Mumbai', 'IN', at(19.08, 72.88)],
  ['Kolkata', 'IN', at(22.57, 88.36)],
  ['Manila', 'PH', at(14.6, 120.98)],
  ['Davao', 'PH', at(7.19, 125.46)],
  ['Dublin', 'IE', at(53.35, -6.26)],
  ['Singapore', 'SG', at(1.35, 103.82)],
  ['Sao Paulo', 'BR', at(-23.55, -46.63)],
  ['Toronto', 'CA', at(43.65, -79.38)],
  ['Toluca', 'MX', at(19.29, -99.66)],
  ['Suva', 'FJ', at(-18.14, 178.44)],
  ['Honolulu', 'US', at(21.31, -157.86)],
  ['Anadyr', 'RU', at(64.73, 177.51)],
  ['San Juan', 'PR', at(18.47, -66.11)],
  ['Alice Springs', 'AU', at(-23.7, 133.88)],
];

test.each([
  // Great circles as gazetteers give them.
  ['New York to Paris', at(40.71, -74.01), at(48.86, 2.35), 5_837],
  ['London to Sydney', at(51.51, -0.13), at(-33.87, 151.21), 16_994],
  ['pole to pole', at(90, 0), at(-90, 0), 20_015],
  ['nowhere', at(10, 180), at(10, -180), 0],
])('%s', (_, one, other, km) => {
  expect(Math.abs(distanceKm(one, other) - km)).toBeLessThan(10);
});

test.each(CITIES)('no gateway is told to be farther from the country than from %s in it', (_, code, city) => {
  fc.assert(
    fc.property(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      (lat, lon) => {
        const least = leastDistanceKm(at(lat, lon), code as Country);
        expect(least).toBeGreaterThanOrEqual(0);
        expect(least).toBeLessThanOrEqual(distanceKm(at(lat, lon), city) * 1.005);
      },
    ),
  );
});

test('a gateway in the middle of a country is in it', () => {
  expect(leastDistanceKm(at(21.15, 79.09), 'IN' as Country)).toBe(0);
  expect(leastDistanceKm(at(39.96, -83), 'US' as Country)).toBe(0);
});

test('Ohio is far from India, the Philippines and Ireland', () => {
  const from = at(39.96, -83);
  expect(leastDistanceKm(from, 'IN' as Country)).toBeGreaterThan(10_000);
  expect(leastDistanceKm(from, 'PH' as Country)).toBeGreaterThan(12_000);
  expect(leastDistanceKm(from, 'IE' as Country)).toBeGreaterThan(4_500);
});

test('the map has all but the countries that are known to be missing', () => {
  const missing = [...COUNTRY_CODES].filter((code) => leastDistanceKm(at(0, 0), code as Country) === undefined);
  expect(missing.sort()).toEqual('BQ BV CC CX GF GI GP MQ RE SJ TK TV UM YT'.split(' '));
});
