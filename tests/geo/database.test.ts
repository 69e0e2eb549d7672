import { createHash } from 'node:crypto';
import { Reader, type Response } from 'maxmind';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/geo/database.ts';
import { parseAddress } from '../../src/net/address.ts';
import { writeMmdb } from './mmdb-writer.ts';
import { scratch } from './scratch.ts';

const ENTRIES = {
  '127.0.1.0/24': { country_code: 'IN' },
  '127.0.2.0/24': { country: { iso_code: 'PH' } },
  '127.0.0.0/16': { country_code: 'US' },
  '2001:db8:1::/48': { country_code: 'CA' },
};

function addressIn(text: string) {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

test.each([24, 28, 32] as const)('a file with records of %i bits is read', async (recordSize) => {
  await using dir = await scratch();
  const bytes = writeMmdb(ENTRIES, { databaseType: 'Test-Country', recordSize, built: '2026-05-04T03:02:01Z' });
  const path = await dir.write('test.mmdb', bytes);
  const { info, ask } = await openDatabase(path, 'operator');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(info).toEqual({
    name: 'test.mmdb',
    path,
    edition: 'Test-Country',
    builtMs: Date.UTC(2026, 4, 4, 3, 2, 1),
    sha256,
    origin: 'operator',
    tellsCountry: true,
    weight: 1,
  });
  expect(ask(addressIn('127.0.1.9'))).toMatchObject({
    country: 'IN',
    network: { text: '127.0.1.0/24' },
    evidence: {
      step: 'database',
      source: 'test.mmdb',
      edition: 'Test-Country',
      built: '2026-05-04T03:02:01.000Z',
      sha256,
      network: '127.0.1.0/24',
      said: 'IN',
    },
  });
  expect(ask(addressIn('127.0.2.9')).country).toBe('PH');
  expect(ask(addressIn('127.0.9.9')).country).toBe('US');
  expect(ask(addressIn('2001:db8:1::9'))).toMatchObject({ country: 'CA', network: { text: '2001:db8:1::/48' } });
});

test('an address that the file does not hold has no country and no network', async () => {
  await using dir = await scratch();
  const { ask } = await openDatabase(
    await dir.write('a.mmdb', writeMmdb(ENTRIES, { databaseType: 'Test-Country' })),
    'operator',
  );
  const answer = ask(addressIn('13.232.1.9'));
  expect(answer.evidence.said).toBe('no entry');
  expect(answer).not.toHaveProperty('country');
  expect(answer.evidence).not.toHaveProperty('network');
});

test('a file for IPv4 alone is silent about IPv6', async () => {
  const ipv4Only = new URL(
    '../../node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb',
    import.meta.url,
  );
  const { ask } = await openDatabase(ipv4Only.pathname, 'operator');
  expect(ask(addressIn('13.232.1.9')).country).toBe('IN');
  expect(ask(addressIn('2001:4860:4860::8888')).evidence.said).toBe('no entry');
});

test.each([
  ['GeoLite2-Country', true],
  ['GeoLite2-City', true],
  ['GeoIP2-Enterprise', true],
  ['DBIP-Country-Lite', true],
  ['DBIP-Location-ISP (compat=Enterprise)', true],
  ['ipinfo country_asn.mmdb', true],
  ['ipinfo bundle_location_lite.mmdb', true],
  ['IP2LITE-Country', true],
  ['country ipvAll', true],
  ['of our own', true],
  ['GeoLite2-ASN', false],
  ['GeoIP2-ISP', false],
  ['GeoIP2-Anonymous-IP', false],
  ['GeoIP2-Connection-Type', false],
  ['GeoIP2-Domain', false],
  ['GeoIP2-Residential-Proxy', false],
  ['GeoIP2-User-Count', false],
  ['DBIP-ASN-Lite (compat=GeoLite2-ASN)', false],
  ['ipinfo standard_privacy.mmdb', false],
])('an edition "%s" tells a country: %s', async (databaseType, tellsCountry) => {
  await using dir = await scratch();
  const path = await dir.write('a.mmdb', writeMmdb(ENTRIES, { databaseType }));
  expect((await openDatabase(path, 'operator')).info.tellsCountry).toBe(tellsCountry);
});

const SOUND = writeMmdb(ENTRIES, { databaseType: 'Test-Country' });
const TREE_BYTES = new Reader<Response>(SOUND).metadata.searchTreeSize;

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(SOUND);
  change(bytes);
  return bytes;
}

test.each([
  ['an empty file', Buffer.alloc(0), 'the metadata at its end are missing'],
  ['a page in place of a download', Buffer.from('<html>Sign in</html>'), 'the metadata at its end are missing'],
  ['the first half of a file', SOUND.subarray(0, SOUND.length / 2), 'the metadata at its end are missing'],
  ['metadata cut short', SOUND.subarray(0, -20), 'its metadata cannot be read'],
  ['the second half of a file', SOUND.subarray(SOUND.length / 2), 'its search tree does not fit into the file'],
  [
    'an overwritten separator',
    changed((bytes) => bytes.fill(0x41, TREE_BYTES, TREE_BYTES + 16)),
    'the separator after its search tree is overwritten',
  ],
  ['a search tree of ones', changed((bytes) => bytes.fill(0xff, 0, 6)), 'its search tree leads out of the file'],
  [
    'a data section of zeros',
    changed((bytes) => bytes.fill(0, TREE_BYTES + 16, bytes.lastIndexOf('MaxMind.com') - 3)),
    'its search tree leads to what is no record',
  ],
])('%s is refused with its path and what to do', async (_, bytes, because) => {
  await using dir = await scratch();
  const path = await dir.write('bad.mmdb', bytes);
  const problem = {
    code: 'geo.database-damaged',
    what: `This is no sound mmdb file: ${because}`,
    where: { file: path },
    todo: 'unpack it if it is compressed, download it again, or remove it',
  };
  await expect(openDatabase(path, 'operator')).rejects.toMatchObject({ name: 'OperatorError', problems: [problem] });
});

test('a file cut anywhere is refused', async () => {
  await using dir = await scratch();
  for (let length = 0; length < SOUND.length; length += 7) {
    const path = await dir.write('cut.mmdb', SOUND.subarray(0, length));
    await expect(openDatabase(path, 'operator')).rejects.toMatchObject({
      problems: [{ code: 'geo.database-damaged' }],
    });
  }
});

test('a record that cannot be read is an answer, not an error', async () => {
  await using dir = await scratch();
  const good = writeMmdb({ '127.0.1.0/24': { country_code: 'IN' } }, { databaseType: 'Test-Country' });
  // The control byte of the map's key becomes a type that does not exist; the map itself stays.
  good.writeUInt8(0, good.indexOf('country_code') - 1);
  const { ask } = await openDatabase(await dir.write('a.mmdb', good), 'operator');
  expect(ask(addressIn('127.0.1.9')).evidence.said).toBe('an entry that cannot be read: the file is damaged');
});

test.each([
  ['GeoLite2-Country.mmdb', 'GeoLite2-Country', {}, 1],
  ['geo-whois-asn-country.mmdb', 'country ipvAll', {}, 0.5],
  ['iptoasn-country.mmdb', 'country ipvAll', {}, 0.5],
  ['geo-whois-asn-country.mmdb', 'country ipvAll', { 'geo-whois-asn-country.mmdb': 0.9 }, 0.9],
  ['a.mmdb', 'GeoLite2-Country', { 'GeoLite2-Country': 0 }, 0],
])(
  '%s of type "%s" counts with the weight of its kind unless told otherwise',
  async (name, databaseType, weights, weight) => {
    await using dir = await scratch();
    const path = await dir.write(name, writeMmdb(ENTRIES, { databaseType }));
    expect((await openDatabase(path, 'operator', weights)).info.weight).toBe(weight);
  },
);

test('a file that is not there is named', async () => {
  await expect(openDatabase('/nowhere/a.mmdb', 'operator')).rejects.toMatchObject({
    problems: [{ code: 'geo.database-missing', where: { file: '/nowhere/a.mmdb' } }],
  });
});
