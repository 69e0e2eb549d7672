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
  expect(readRecord(record)).toMatchObject({ country: 'IN', usMilitary: false, anycast: false, said: 'IN' });
});

test('where a block is registered is not where it is', () => {
  expect(readRecord({ registered_country: { iso_code: 'US' } })).toEqual({
    usMilitary: false,
    anycast: false,
    hosting: false,
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
  expect(readRecord(record)).toEqual({ usMilitary: false, anycast: false, hosting: false, said: 'no country' });
});

test('a US base abroad is in its host country and marked', () => {
  const record = { country: { iso_code: 'DE' }, represented_country: { iso_code: 'US', type: 'military' } };
  expect(readRecord(record)).toEqual({ country: 'DE', usMilitary: true, anycast: false, hosting: false, said: 'DE' });
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

test.each([
  [
    'MaxMind ASN',
    { autonomous_system_number: 16509, autonomous_system_organization: 'AMAZON-02' },
    'AS16509 AMAZON-02, hosting',
  ],
  ['IPinfo Lite', { asn: 'AS64500', as_name: 'Example', country_code: 'IN' }, 'AS64500 Example'],
  [
    'MaxMind Enterprise',
    { traits: { autonomous_system_number: 64500, is_hosting_provider: true } },
    'AS64500, hosting',
  ],
  ['MaxMind Anonymous IP', { is_anonymous: true, is_anonymous_vpn: true }, 'VPN'],
  ['MaxMind Anonymous IP, a machine for rent', { is_anonymous: true, is_hosting_provider: true }, 'hosting'],
  ['IPinfo privacy', { hosting: '', proxy: '', relay: 'true', tor: '', vpn: '' }, 'relay'],
  ['MaxMind Enterprise, by use', { traits: { user_type: 'content_delivery_network' } }, 'content network'],
  ['IPinfo ASN', { asn: 'AS64500', name: 'Example', type: 'hosting' }, 'AS64500, hosting'],
  ['a content network', { autonomous_system_number: 13335 }, 'AS13335, content network'],
])('%s says whose network it is and what stands there', (_, record, ownership) => {
  expect(readRecord(record)).toMatchObject({ ownership });
});

test('people hide behind relays and content networks, and not in a machine for rent', () => {
  expect(readRecord({ is_tor_exit_node: true })).toMatchObject({ hides: 'Tor exit' });
  expect(readRecord({ asn: 'AS13335' })).toMatchObject({ hides: 'content network', hosting: false });
  expect(readRecord({ is_hosting_provider: true, is_anonymous: true })).not.toHaveProperty('hides');
});
