import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLocation, type Location } from '../../src/geo/location.ts';
import { openLocator } from '../../src/geo/locator.ts';
import { EMBEDDED_ONLY, type GeoSettings, type Override } from '../../src/geo/settings.ts';
import { type Country, country } from '../../src/net/country.ts';
import { type MmdbValue, writeMmdb } from './mmdb-writer.ts';
import { scratch } from './scratch.ts';

const NOW = Date.UTC(2026, 10, 24);

/** A locator over databases of our own, each named by its position: `1.mmdb`, `2.mmdb`. */
async function locatorOver(
  databases: readonly Readonly<Record<string, MmdbValue>>[],
  settings: Partial<Omit<GeoSettings, 'directory'>> = {},
) {
  await using dir = await scratch();
  for (const [at, entries] of databases.entries()) {
    await dir.write(`${at + 1}.mmdb`, writeMmdb(entries, { databaseType: `Test-Country ${at + 1}` }));
  }
  return await openLocator({
    embedded: false,
    overrides: [],
    usMilitaryAbroad: true,
    directory: dir.path,
    ...settings,
  });
}

function override(network: string, code: string, expires?: string): Override {
  const expiresMs = expires === undefined ? undefined : Date.parse(expires);
  return {
    networks: [network],
    country: codeOf(code),
    reason: 'lease seen',
    ...(expiresMs !== undefined && { expiresMs }),
  };
}

function codeOf(code: string): Country {
  const known = country(code);
  if (known === undefined) throw new Error(`${code} is no country`);
  return known;
}

/** `step source: said (network)`, one a line. */
function trail({ evidence }: Location): readonly string[] {
  return evidence.map(
    ({ step, source, said, network }) => `${step} ${source}: ${said}${network === undefined ? '' : ` (${network})`}`,
  );
}

const IN_SAYS_ONE = { '13.232.0.0/14': { country_code: 'IN' } };
const IN_SAYS_TWO = { '13.232.0.0/16': { country: { iso_code: 'IN' } } };

test('databases that agree make a country likely', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE, IN_SAYS_TWO]);
  const location = locate('13.232.1.9', NOW);
  expect(location).toMatchObject({ standing: 'likely', country: 'IN', address: '13.232.1.9' });
  expect(trail(location)).toEqual(['database 1.mmdb: IN (13.232.0.0/14)', 'database 2.mmdb: IN (13.232.0.0/16)']);
});

test('a database without an entry does not disagree, and stands in the evidence', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE, { '1.0.0.0/8': { country_code: 'US' } }]);
  const location = locate('13.232.1.9', NOW);
  expect(location).toMatchObject({ standing: 'likely', country: 'IN' });
  expect(trail(location)).toEqual(['database 1.mmdb: IN (13.232.0.0/14)', 'database 2.mmdb: no entry']);
});

test('databases that differ make a location disputed, in their order', async () => {
  const { locate } = await locatorOver([
    { '13.232.0.0/14': { country_code: 'US' } },
    IN_SAYS_ONE,
    { '13.232.0.0/13': { country_code: 'US' } },
  ]);
  const location = locate('13.232.1.9', NOW);
  expect(location).toMatchObject({ standing: 'disputed', countries: ['US', 'IN'] });
  expect(describeLocation(location)).toBe('US or IN');
  expect(location.evidence).toHaveLength(3);
});

test('an address that no database holds is unknown', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE, IN_SAYS_TWO]);
  const location = locate('81.2.69.1', NOW);
  expect(location.standing).toBe('unknown');
  expect(trail(location)).toEqual(['database 1.mmdb: no entry', 'database 2.mmdb: no entry']);
});

test('where a block is registered does not locate it', async () => {
  const { locate } = await locatorOver([{ '13.232.0.0/14': { registered_country: { iso_code: 'US' } } }]);
  const location = locate('13.232.1.9', NOW);
  expect(location.standing).toBe('unknown');
  expect(trail(location)).toEqual([
    'database 1.mmdb: no country; registered in US, which is no location (13.232.0.0/14)',
  ]);
});

test('an anycast address is an edge, whatever country the databases name', async () => {
  const { locate } = await locatorOver([
    IN_SAYS_ONE,
    { '13.232.1.0/24': { country: { iso_code: 'US' }, traits: { is_anycast: true } } },
  ]);
  const location = locate('13.232.1.9', NOW);
  expect(location.standing).toBe('edge');
  expect(location).not.toHaveProperty('country');
  expect(trail(location)).toEqual([
    'anycast 2.mmdb: anycast',
    'database 1.mmdb: IN (13.232.0.0/14)',
    'database 2.mmdb: US (13.232.1.0/24)',
  ]);
});

const BASE = {
  '55.1.0.0/16': { country: { iso_code: 'DE' }, represented_country: { iso_code: 'US', type: 'military' } },
};

test('a US base abroad counts as US, also where another database tells only its place or its registry', async () => {
  const { locate } = await locatorOver([
    { '55.0.0.0/8': { country_code: 'DE' } },
    BASE,
    { '55.0.0.0/8': { country_code: 'US' } },
  ]);
  const location = locate('55.1.2.3', NOW);
  expect(location).toMatchObject({ standing: 'likely', country: 'US' });
  expect(trail(location).at(-1)).toBe('represented-country 2.mmdb: US military base: counts as US');
});

test('a third country keeps a US base disputed', async () => {
  const { locate } = await locatorOver([BASE, { '55.0.0.0/8': { country_code: 'KR' } }]);
  expect(locate('55.1.2.3', NOW)).toMatchObject({ standing: 'disputed', countries: ['US', 'KR'] });
});

test('a US base abroad is where it is when the operator says so', async () => {
  const { locate } = await locatorOver([BASE], { usMilitaryAbroad: false });
  const location = locate('55.1.2.3', NOW);
  expect(location).toMatchObject({ standing: 'likely', country: 'DE' });
  expect(trail(location).at(-1)).toBe(
    'represented-country 1.mmdb: US military base: not counted as US (residency.us-military-abroad)',
  );
});

test.each([
  ['::ffff:13.232.1.9', 'IPv4-mapped (RFC 4291): an IPv4-mapped address that holds 13.232.1.9 (::ffff:0:0/96)'],
  ['64:ff9b::de8:109', 'NAT64 (RFC 6052): 64:ff9b::de8:109 holds 13.232.1.9 (64:ff9b::/96)'],
  ['2002:de8:109::1', '6to4 (RFC 3056): 2002:de8:109::1 holds 13.232.1.9 (2002::/16)'],
  // f217:fef6 is 0de8:0109 with all bits inverted.
  ['2001:0:4136:e378::f217:fef6', 'Teredo (RFC 4380): 2001:0:4136:e378::f217:fef6 holds 13.232.1.9 (2001::/32)'],
])('the address within %s is looked up', async (ip, said) => {
  const { locate } = await locatorOver([IN_SAYS_ONE]);
  const location = locate(ip, NOW);
  expect(location).toMatchObject({ standing: 'likely', country: 'IN', address: '13.232.1.9' });
  expect(trail(location)).toEqual([`unwrap ${said}`, 'database 1.mmdb: IN (13.232.0.0/14)']);
});

test('a private address within another is internal', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE]);
  const location = locate('2002:a00:1::1', NOW);
  expect(location).toMatchObject({ standing: 'internal', address: '10.0.0.1' });
  expect(trail(location)).toEqual([
    'unwrap 6to4 (RFC 3056): 2002:a00:1::1 holds 10.0.0.1 (2002::/16)',
    'special-purpose IANA IPv4 special-purpose registry: private use (RFC 1918) (10.0.0.0/8)',
  ]);
});

test.each([
  ['10.1.2.3', 'internal'],
  ['127.0.0.1', 'internal'],
  ['fd00::1', 'internal'],
  ['192.175.48.6', 'edge'],
  ['64:ff9b:1::a00:1', 'unknown'],
  ['2001:20::1', 'unknown'],
])('the registry settles that %s is %s, and no embedded database is asked', async (ip, standing) => {
  const { locate } = await openLocator(EMBEDDED_ONLY);
  const location = locate(ip, NOW);
  expect(location.standing).toBe(standing);
  expect(location.evidence.map(({ step }) => step)).toEqual(['special-purpose']);
});

test("the operator's own database locates networks inside a private block", async () => {
  const { locate } = await locatorOver([
    { '127.0.7.0/24': { country_code: 'PH' }, '10.20.0.0/16': { country_code: 'IN' } },
    { '127.0.7.0/24': { country_code: 'US' } },
  ]);
  expect(locate('10.20.1.1', NOW)).toMatchObject({ standing: 'likely', country: 'IN' });
  expect(locate('127.0.7.1', NOW)).toMatchObject({ standing: 'disputed', countries: ['PH', 'US'] });
  expect(trail(locate('10.20.1.1', NOW))).toEqual([
    'special-purpose IANA IPv4 special-purpose registry: private use (RFC 1918) (10.0.0.0/8)',
    'database 1.mmdb: IN (10.20.0.0/16)',
  ]);
  expect(locate('127.0.8.1', NOW).standing).toBe('internal');
});

test('an entry wider than the private block says nothing about it', async () => {
  const { locate } = await locatorOver([{ '0.0.0.0/0': { country_code: 'US' } }]);
  expect(locate('10.20.1.1', NOW).standing).toBe('internal');
  expect(locate('13.232.1.9', NOW)).toMatchObject({ standing: 'likely', country: 'US' });
});

test("an operator's word is certain, and what the databases say stays in sight", async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE], { overrides: [override('13.232.1.0/24', 'US')] });
  const location = locate('13.232.1.9', NOW);
  expect(location).toMatchObject({ standing: 'certain', country: 'US', address: '13.232.1.9' });
  expect(trail(location)).toEqual([
    'override geo.overrides: US (lease seen) (13.232.1.0/24)',
    'database 1.mmdb: IN (13.232.0.0/14)',
  ]);
});

test("an operator's word outranks the registry: a vendor behind a VPN has a private address", async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE], { overrides: [override('10.80.0.0/16', 'PH')] });
  expect(locate('10.80.0.1', NOW)).toMatchObject({ standing: 'certain', country: 'PH' });
  expect(locate('10.81.0.1', NOW).standing).toBe('internal');
});

test("an operator's word on the address within holds for the whole", async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE], { overrides: [override('13.232.1.0/24', 'US')] });
  expect(locate('64:ff9b::de8:109', NOW)).toMatchObject({ standing: 'certain', country: 'US' });
});

test('an override ends to the millisecond, held against the time of the log', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE], {
    overrides: [override('13.232.1.0/24', 'US', '2026-11-24T00:00:00Z')],
  });
  expect(locate('13.232.1.9', NOW - 1)).toMatchObject({ standing: 'certain', country: 'US' });
  const after = locate('13.232.1.9', NOW);
  expect(after).toMatchObject({ standing: 'likely', country: 'IN' });
  expect(trail(after)).toEqual([
    'override geo.overrides: US until 2026-11-23, expired (lease seen) (13.232.1.0/24)',
    'database 1.mmdb: IN (13.232.0.0/14)',
  ]);
  expect(locate('13.232.1.9', NOW - 1)).toMatchObject({ standing: 'certain', country: 'US' });
});

test('of overrides the smallest network holds, after its end the next', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE], {
    overrides: [
      override('13.232.0.0/16', 'PH'),
      override('13.232.1.0/24', 'US', '2026-01-01T00:00:00Z'),
      override('13.232.1.0/24', 'CA', '2026-06-01T00:00:00Z'),
    ],
  });
  const at = (time: string) => describeLocation(locate('13.232.1.9', Date.parse(time)));
  expect(at('2025-12-31T23:59:59Z')).toBe('US');
  expect(at('2026-05-31T00:00:00Z')).toBe('CA');
  expect(at('2026-06-01T00:00:00Z')).toBe('PH');
});

test('an override that is no network is refused with what would be right', async () => {
  await expect(locatorOver([IN_SAYS_ONE], { overrides: [override('13.232.1.9/24', 'US')] })).rejects.toMatchObject({
    problems: [{ code: 'config.bad-value', todo: 'write 13.232.1.0/24' }],
  });
});

test('a database of another kind tells whose network it is, and no country', async () => {
  await using dir = await scratch();
  await dir.write('1.mmdb', writeMmdb(IN_SAYS_ONE, { databaseType: 'Test-Country' }));
  const asn = { '13.0.0.0/8': { country: 'US', asn: 'AS64500', name: 'Example' } };
  await dir.write('2.mmdb', writeMmdb(asn, { databaseType: 'ipinfo asn.mmdb' }));
  const { locate, databases } = await openLocator({ ...EMBEDDED_ONLY, embedded: false, directory: dir.path });
  expect(databases.map(({ name, tellsCountry }) => [name, tellsCountry])).toEqual([
    ['1.mmdb', true],
    ['2.mmdb', false],
  ]);
  expect(locate('13.232.1.9', NOW)).toMatchObject({ standing: 'likely', country: 'IN' });
  expect(trail(locate('13.232.1.9', NOW))).toEqual([
    'database 1.mmdb: IN (13.232.0.0/14)',
    'network 2.mmdb: AS64500 (13.0.0.0/8)',
  ]);
});

test('what is no address is unknown, and is not repeated in the evidence', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE]);
  expect(locate('MRN-1234567', NOW)).toEqual({
    standing: 'unknown',
    evidence: [{ step: 'log', source: 'log', said: 'what stands in place of the address is no IP address' }],
  });
});

test('any text has a location, the same each time', async () => {
  const { locate } = await openLocator(EMBEDDED_ONLY);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const location = locate(text, NOW);
      expect(locate(text, NOW)).toEqual(location);
      expect(location.evidence.length).toBeGreaterThan(0);
    }),
  );
});

test('a locator that has forgotten an address finds it at the same place again', async () => {
  const { locate } = await locatorOver([IN_SAYS_ONE]);
  const before = locate('13.232.1.9', NOW);
  for (let at = 0; at < 20_000; at++) locate(`9.1.${at >> 8}.${at & 255}`, NOW);
  expect(locate('13.232.1.9', NOW)).toEqual(before);
});

test.each([
  ['13.232.1.9', 'IN'],
  ['52.14.10.20', 'US'],
  ['136.145.10.20', 'PR'],
  ['91.0.10.20', 'DE'],
])('the embedded databases agree on %s', async (ip, code) => {
  const { locate, databases } = await openLocator(EMBEDDED_ONLY);
  expect(databases.map(({ name }) => name)).toEqual(['dbip-country.mmdb', 'geo-whois-asn-country.mmdb']);
  expect(locate(ip, NOW)).toMatchObject({ standing: 'likely', country: code });
});
