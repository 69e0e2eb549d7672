import { expect, test } from 'vitest';
import { readRecord } from '../../src/geo/record.ts';

test.each([
  ['ip-location-db', { country_code: 'IN' }],
  [
    'IPinfo Lite',
    { asn: 'AS174', country: 'India', country_code: 'IN', continent: 'Asia', continent_code: 'AS', as_name: 'Example' },
  ],
  ['IPinfo, older', { country: 'IN', city: 'Pune' }],
  ['MaxMind Country', { country: { iso_code: 'IN', geoname_id: 1 }, registered_country: { iso_code: 'US' } }],
  ['DB-IP Lite', { continent: { code: 'AS' }, country: { iso_code: 'IN', names: { en: 'India' } } }],
])('%s says where an address is', (_, record) => {
  expect(readRecord(record)).toEqual({ country: 'IN', usMilitary: false, anycast: false, said: 'IN' });
});

test('where a block is registered is not where it is', () => {
  expect(readRecord({ registered_country: { iso_code: 'US' } })).toEqual({
    usMilitary: false,
    anycast: false,
    said: 'no country; registered in US, which is no location',
  });
});

test.each([
  [{ country_code: 'ZZ' }],
  [{ country_code: '-' }],
  [{ country_code: 'EU' }],
  [{ country: { names: { en: 'India' } } }],
  [{ country: 'India' }],
  [{ country: 91 }],
  [{}],
  [[]],
])('%j tells no country', (record) => {
  expect(readRecord(record)).toEqual({ usMilitary: false, anycast: false, said: 'no country' });
});

test('a US base abroad is in its host country and marked', () => {
  const record = { country: { iso_code: 'DE' }, represented_country: { iso_code: 'US', type: 'military' } };
  expect(readRecord(record)).toEqual({ country: 'DE', usMilitary: true, anycast: false, said: 'DE' });
});

test('only the US military is marked', () => {
  expect(readRecord({ represented_country: { iso_code: 'GB', type: 'military' } }).usMilitary).toBe(false);
  expect(readRecord({ represented_country: { iso_code: 'US', type: 'embassy' } }).usMilitary).toBe(false);
});

test('anycast is read from traits and from the record itself', () => {
  expect(readRecord({ country: { iso_code: 'US' }, traits: { is_anycast: true } }).anycast).toBe(true);
  expect(readRecord({ country_code: 'US', is_anycast: true }).anycast).toBe(true);
  expect(readRecord({ country_code: 'US', is_anycast: false }).anycast).toBe(false);
});
