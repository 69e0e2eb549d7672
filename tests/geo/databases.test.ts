import { expect, test } from 'vitest';
import { openDatabases } from '../../src/geo/databases.ts';
import type { GeoSettings } from '../../src/geo/settings.ts';
import { writeMmdb } from './mmdb-writer.ts';
import { scratch } from './scratch.ts';

const COUNTRY = writeMmdb({ '127.0.1.0/24': { country_code: 'IN' } }, { databaseType: 'Test-Country' });
const ASN = writeMmdb({ '127.0.1.0/24': { autonomous_system_number: 64500 } }, { databaseType: 'GeoLite2-ASN' });

function settings(directory: string | undefined, embedded: boolean): GeoSettings {
  return { ...(directory !== undefined && { directory }), embedded, overrides: [], usMilitaryAbroad: true };
}

async function namesIn(given: GeoSettings): Promise<readonly string[]> {
  return (await openDatabases(given)).map(({ info }) => `${info.origin} ${info.name}`);
}

test("the operator's databases stand before the embedded ones, by name", async () => {
  await using dir = await scratch();
  await dir.write('b.mmdb', COUNTRY);
  await dir.write('a.mmdb', ASN);
  await dir.write('.half.mmdb', 'a download under way');
  await dir.write('README.md', 'not a database');
  expect(await namesIn(settings(dir.path, true))).toEqual([
    'operator a.mmdb',
    'operator b.mmdb',
    'embedded dbip-country.mmdb',
    'embedded geo-whois-asn-country.mmdb',
  ]);
});

test('a copy under another name gives no second opinion', async () => {
  await using dir = await scratch();
  await dir.write('a.mmdb', COUNTRY);
  await dir.write('copy-of-a.mmdb', COUNTRY);
  expect(await namesIn(settings(dir.path, false))).toEqual(['operator a.mmdb']);
});

test('a directory that is not there counts as empty', async () => {
  const embedded = ['embedded dbip-country.mmdb', 'embedded geo-whois-asn-country.mmdb'];
  expect(await namesIn(settings('/nowhere/geoip', true))).toEqual(embedded);
  expect(await namesIn(settings(undefined, true))).toEqual(embedded);
});

test('with nothing that tells a country, nothing starts', async () => {
  await using dir = await scratch();
  await dir.write('asn.mmdb', ASN);
  const todo = 'set geo.embedded to true, or put a Country or City database there; geoip/README.md lists them';
  await expect(openDatabases(settings(dir.path, false))).rejects.toMatchObject({
    problems: [
      {
        code: 'geo.database-missing',
        what: `Cannot locate anything: geo.embedded is false and no *.mmdb in ${dir.path} tells a country (1 of other kinds)`,
        todo,
      },
    ],
  });
  await expect(openDatabases(settings(undefined, false))).rejects.toMatchObject({
    problems: [{ what: 'Cannot locate anything: geo.embedded is false and geo.directory is not set', todo }],
  });
});

test('one damaged file in the directory is an error that names it', async () => {
  await using dir = await scratch();
  const path = await dir.write('a.mmdb', COUNTRY.subarray(0, 100));
  await expect(openDatabases(settings(dir.path, true))).rejects.toMatchObject({
    problems: [{ code: 'geo.database-damaged', where: { file: path } }],
  });
});

test('a file in place of the directory is an error', async () => {
  await using dir = await scratch();
  const path = await dir.write('geoip', '');
  await expect(openDatabases(settings(path, true))).rejects.toMatchObject({
    problems: [{ code: 'geo.database-missing', where: { file: path, key: 'geo.directory' } }],
  });
});
