import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Location } from '../../src/geo/location.ts';
import { openLocator } from '../../src/geo/locator.ts';
import { EMBEDDED_ONLY, type GeoSettings, type Override } from '../../src/geo/settings.ts';
import { addressOf } from '../../src/net/address.ts';
import type { Country } from '../../src/net/country.ts';
import { SPECIAL_PURPOSE, specialPurposeOf } from '../../src/net/special-purpose.ts';
import { unwrap } from '../../src/net/unwrap.ts';
import { type MmdbValue, writeMmdb } from './mmdb-writer.ts';
import { scratch } from './scratch.ts';

const NOW = Date.UTC(2026, 10, 24);

/** Files in `geo.directory`: databases by name and records, anything else as it is. */
async function locatorOver(
  files: Readonly<Record<string, Readonly<Record<string, MmdbValue>> | string>>,
  settings: Partial<Omit<GeoSettings, 'directory'>> = {},
) {
  await using dir = await scratch();
  for (const [name, content] of Object.entries(files)) {
    const bytes =
      typeof content === 'string' ? content : writeMmdb(content, { databaseType: name.replace('.mmdb', '') });
    await dir.write(name, bytes);
  }
  return await openLocator({ ...EMBEDDED_ONLY, embedded: false, directory: dir.path, ...settings });
}

/** `ip-ranges.json` with one row for each network: region, or region/border group, and service. */
function aws(
  rows: Readonly<Record<string, readonly [where: string, service?: string]>>,
  syncToken = '1764028997',
): string {
  const prefixes = Object.entries(rows).map(([ip_prefix, [where, service = 'EC2']]) => {
    const [region, group = region] = where.split('/');
    return { ip_prefix, region, network_border_group: group, service };
  });
  return JSON.stringify({ syncToken, createDate: '2025-11-25-00-03-17', prefixes, ipv6_prefixes: [] });
}

function trail({ evidence }: Location): readonly string[] {
  return evidence.map(
    ({ step, source, said, network }) => `${step} ${source}: ${said}${network === undefined ? '' : ` (${network})`}`,
  );
}

const says = (country_code: string, network = '13.232.0.0/14') => ({ [network]: { country_code } });
const pin = (network: string, country: string, more: Partial<Override> = {}): Override => ({
  networks: [network],
  country: country as Country,
  reason: 'lease seen',
  ...more,
});

test("a cloud provider's range is certain, and what the databases say stands behind it", async () => {
  const { locate, ranges } = await locatorOver({
    'a.mmdb': says('US'),
    'b.mmdb': says('US'),
    'ranges.json': aws({ '13.232.0.0/14': ['ap-south-1'] }),
  });
  const location = locate('13.232.1.9', NOW);
  expect(location).toMatchObject({ standing: 'certain', country: 'IN', decidedBy: 'cloud-range' });
  expect(trail(location)).toEqual([
    'cloud-range ranges.json: IN: ap-south-1 (13.232.0.0/14)',
    'database a.mmdb: US (13.232.0.0/14)',
    'database b.mmdb: US (13.232.0.0/14)',
  ]);
  expect(location.evidence[0]).toMatchObject({
    edition: 'aws 1764028997',
    built: '2025-11-25T00:03:17.000Z',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(ranges).toMatchObject([
    { name: 'ranges.json', provider: 'aws', edition: '1764028997', networks: 1, unplaced: [] },
  ]);
});

test('a zone that belongs to a US region is where it is, not where its region is', async () => {
  const { locate } = await locatorOver({
    'a.mmdb': says('US', '15.220.0.0/16'),
    'ip-ranges.json': aws({ '15.220.0.0/16': ['us-east-1'], '15.220.80.0/20': ['us-east-1/us-east-1-bue-1'] }),
  });
  expect(locate('15.220.81.1', NOW)).toMatchObject({ standing: 'certain', country: 'AR' });
  expect(locate('15.220.1.1', NOW)).toMatchObject({ standing: 'certain', country: 'US' });
});

test('a region that nobody knows is nowhere, whatever the databases guess, and is told', async () => {
  const { locate, ranges } = await locatorOver({
    'a.mmdb': says('US'),
    'b.mmdb': says('US'),
    'ip-ranges.json': aws({ '13.232.0.0/14': ['xx-new-1'] }),
  });
  expect(locate('13.232.1.9', NOW)).toMatchObject({ standing: 'unknown', decidedBy: 'cloud-range' });
  expect(ranges).toMatchObject([{ unplaced: ['xx-new-1, which is not known'] }]);
});

test('a service that is everywhere is an edge, and says so in the words of its provider', async () => {
  const { locate } = await locatorOver({
    'a.mmdb': says('US', '52.94.0.0/16'),
    'ip-ranges.json': aws({ '52.94.0.0/16': ['GLOBAL', 'AMAZON'] }),
  });
  const location = locate('52.94.1.1', NOW);
  expect(location).toMatchObject({ standing: 'edge', decidedBy: 'cloud-range' });
  expect(trail(location)[0]).toBe('cloud-range ip-ranges.json: GLOBAL, AMAZON (52.94.0.0/16)');
});

test('of two editions the later holds; JSON that is no range file is passed over', async () => {
  const { locate, ranges } = await locatorOver({
    'a.mmdb': says('US'),
    'new.json': aws({ '13.232.0.0/14': ['ap-south-1'] }, '1764028997'),
    'old.json': aws({ '13.232.0.0/14': ['us-east-1'] }, '1664028997'),
    'other.json': '{"editions":{}}',
  });
  expect(locate('13.232.1.9', NOW)).toMatchObject({ standing: 'certain', country: 'IN' });
  expect(ranges.map(({ name }) => name)).toEqual(['new.json']);
});

test('a damaged range file is an error that names it', async () => {
  await expect(locatorOver({ 'a.mmdb': says('US'), 'ip-ranges.json': '{"syncToken":' })).rejects.toMatchObject({
    problems: [{ code: 'geo.ranges-damaged', where: { file: expect.stringContaining('ip-ranges.json') } }],
  });
});

test('all that Google has stands behind what is told of its parts, however small its network', async () => {
  const prefixes = (list: readonly object[]) =>
    JSON.stringify({ syncToken: '1764018009843', creationTime: '2025-11-24T13:00:09', prefixes: list });
  const { locate } = await locatorOver({
    'a.mmdb': says('US', '34.0.0.0/8'),
    'cloud.json': prefixes([{ ipv4Prefix: '34.93.0.0/16', service: 'Google Cloud', scope: 'asia-south1' }]),
    'goog.json': prefixes([{ ipv4Prefix: '34.93.0.0/24' }, { ipv4Prefix: '34.1.0.0/24' }]),
  });
  expect(locate('34.93.0.1', NOW)).toMatchObject({ standing: 'certain', country: 'IN' });
  expect(locate('34.1.0.1', NOW)).toMatchObject({ standing: 'edge', decidedBy: 'cloud-range' });
});

test.each([
  ['104.16.132.229', 'content network of Cloudflare', '104.16.0.0/13'],
  ['151.101.1.69', 'content network of Fastly', '151.101.0.0/16'],
  ['13.224.1.1', 'content network of Amazon CloudFront', '13.224.0.0/14'],
  ['142.250.80.46', 'content network of Google', '142.250.0.0/15'],
  ['45.60.1.1', 'content network of Imperva', '45.60.0.0/16'],
  ['165.225.1.1', 'relay of Zscaler', '165.225.0.0/17'],
  ['8.8.8.8', 'anycast address of Google Public DNS', '8.8.8.8/32'],
  ['9.9.9.9', 'anycast address of Quad9', '9.9.9.9/32'],
  ['1.1.1.1', 'anycast address of Cloudflare resolver', '1.1.1.1/32'],
  ['2606:4700::6810:84e5', 'content network of Cloudflare', '2606:4700::/32'],
  ['64:ff9b::6810:84e5', 'content network of Cloudflare', '104.16.0.0/13'],
])('%s is an edge: a %s', async (ip, said, network) => {
  const { locate } = await openLocator(EMBEDDED_ONLY);
  const location = locate(ip, NOW);
  expect(location).toMatchObject({ standing: 'edge', decidedBy: 'edge' });
  expect(location).not.toHaveProperty('country');
  expect(location.evidence.find(({ step }) => step === 'edge')).toMatchObject({ said, network });
});

test("a provider's current file outranks the edges that came with the program", async () => {
  const files = { 'a.mmdb': says('US', '13.0.0.0/8') };
  const before = await locatorOver(files);
  expect(before.locate('13.224.1.1', NOW).standing).toBe('edge');
  const after = await locatorOver({ ...files, 'ip-ranges.json': aws({ '13.224.0.0/14': ['eu-west-1'] }) });
  expect(after.locate('13.224.1.1', NOW)).toMatchObject({ standing: 'certain', country: 'IE' });
});

test("the operator's word on a part of an edge holds, and one on far more than the edge does not", async () => {
  const { locate } = await locatorOver(
    { 'a.mmdb': says('US', '104.0.0.0/8') },
    { overrides: [pin('104.0.0.0/8', 'US'), pin('104.16.5.5/32', 'DE')] },
  );
  expect(locate('104.16.5.5', NOW)).toMatchObject({ standing: 'certain', country: 'DE', decidedBy: 'override' });
  const location = locate('104.16.5.6', NOW);
  expect(location).toMatchObject({ standing: 'edge', decidedBy: 'edge' });
  expect(trail(location)[0]).toBe(
    'override geo.overrides: US, wider than the edge that the address belongs to, and not held for it (lease seen) (104.0.0.0/8)',
  );
});

test("a vendor's confirmed network is the operator's word, and is told as the vendor's", async () => {
  const { locate } = await locatorOver(
    { 'a.mmdb': says('IN') },
    { overrides: [pin('13.232.1.0/24', 'US', { vendor: 'acme' })] },
  );
  const location = locate('13.232.1.9', NOW);
  expect(location).toMatchObject({ standing: 'certain', country: 'US' });
  expect(trail(location)[0]).toBe('override vendors.acme.confirmed: US (lease seen) (13.232.1.0/24)');
});

test('the region in a name is one voice among the databases', async () => {
  const files = { 'a.mmdb': says('US', '52.0.0.0/8'), 'b.mmdb': says('US', '52.0.0.0/8') };
  const { locate } = await locatorOver(files);
  const at = (host: string) => locate('52.1.1.1', NOW, { host });
  expect(at('b.s3.us-east-1.amazonaws.com')).toMatchObject({ standing: 'likely', country: 'US' });
  expect(at('b.s3.ap-south-1.amazonaws.com')).toMatchObject({ standing: 'disputed', countries: ['IN', 'US'] });
  expect(trail(at('b.s3.ap-south-1.amazonaws.com'))[0]).toBe('host-name aws: IN: ap-south-1');
  expect(at('files.vendor.example')).toEqual(locate('52.1.1.1', NOW));
  expect(at('d111.cloudfront.net')).toMatchObject({ standing: 'edge', decidedBy: 'host-name' });
});

test('a name cannot talk an address out of where its provider says that it is', async () => {
  const { locate } = await locatorOver({
    'a.mmdb': says('IN'),
    'ip-ranges.json': aws({ '13.232.0.0/14': ['ap-south-1'] }),
  });
  for (const host of ['b.s3.us-east-1.amazonaws.com', 'd111.cloudfront.net'])
    expect(locate('13.232.1.9', NOW, { host })).toMatchObject({ standing: 'certain', country: 'IN' });
});

test('the United States by one voice of several is no pass', async () => {
  const { locate } = await locatorOver({ 'a.mmdb': says('US'), 'b.mmdb': says('US', '1.2.0.0/16') });
  const location = locate('13.232.1.9', NOW);
  expect(location).toMatchObject({ standing: 'unknown' });
  expect(trail(location)).toEqual([
    'database a.mmdb: US (13.232.0.0/14)',
    'database b.mmdb: no entry',
    'comparison geo.weights: US by one source alone, which is not enough',
  ]);
});

test('a name alone is no pass either, even where there is only one database', async () => {
  const { locate } = await locatorOver({ 'a.mmdb': says('IN', '1.2.0.0/16') });
  const named = (host: string) => locate('52.1.1.1', NOW, { host });
  expect(named('b.s3.us-east-1.amazonaws.com')).toMatchObject({ standing: 'unknown' });
  expect(named('b.s3.ap-south-1.amazonaws.com')).toMatchObject({ standing: 'likely', country: 'IN' });
});

test('one voice alone accuses nobody on a hosting network', async () => {
  const files = { 'a.mmdb': says('IN'), 'b.mmdb': says('US', '1.2.0.0/16') };
  const asn = { 'Test-ASN.mmdb': { '13.232.0.0/14': { autonomous_system_number: 16509 } } };
  expect((await locatorOver(files)).locate('13.232.1.9', NOW)).toMatchObject({ standing: 'likely', country: 'IN' });
  expect((await locatorOver({ ...files, ...asn })).locate('13.232.1.9', NOW)).toMatchObject({ standing: 'unknown' });
});

test('two databases of full weight outvote registry data that say US, and nothing else is outvoted', async () => {
  const registry = (code: string) => ({ 'geo-whois-asn-country.mmdb': says(code) });
  const two = (code: string) => ({ 'a.mmdb': says(code), 'b.mmdb': says(code) });
  const against = async (code: string, other: string) =>
    (await locatorOver({ ...two(code), ...registry(other) })).locate('13.232.1.9', NOW);
  const outvoted = await against('IN', 'US');
  expect(outvoted).toMatchObject({ standing: 'likely', country: 'IN' });
  expect(trail(outvoted).at(-1)).toBe('comparison geo.weights: IN with weight 2 of 2.5 outvotes US');
  const alone = await locatorOver({ 'a.mmdb': says('IN'), ...registry('US') });
  expect(alone.locate('13.232.1.9', NOW)).toMatchObject({ standing: 'disputed', countries: ['IN', 'US'] });
  expect(await against('US', 'IN')).toMatchObject({ standing: 'disputed', countries: ['US', 'IN'] });
  expect(await against('CA', 'IN')).toMatchObject({ standing: 'disputed', countries: ['CA', 'IN'] });
});

test('the weights are the operator’s to set', async () => {
  const files = { 'a.mmdb': says('IN'), 'b.mmdb': says('US') };
  const weighed = async (weights: Readonly<Record<string, number>>) =>
    (await locatorOver(files, { weights })).locate('13.232.1.9', NOW);
  expect(await weighed({})).toMatchObject({ standing: 'disputed' });
  expect(await weighed({ 'b.mmdb': 0.25 })).toMatchObject({ standing: 'likely', country: 'IN' });
  expect(await weighed({ 'a.mmdb': 0.25 })).toMatchObject({ standing: 'disputed' });
  expect(await weighed({ 'b.mmdb': 0 })).toMatchObject({ standing: 'likely', country: 'IN' });
  expect(await weighed({ 'a.mmdb': 0 })).toMatchObject({ standing: 'unknown' });
});

test('an address that people hide behind is an edge', async () => {
  const { locate } = await locatorOver({
    'a.mmdb': says('US'),
    'b.mmdb': says('US'),
    'GeoIP2-Anonymous-IP.mmdb': { '13.232.1.0/24': { is_anonymous: true, is_anonymous_vpn: true } },
  });
  expect(locate('13.232.1.9', NOW)).toMatchObject({ standing: 'edge' });
  expect(trail(locate('13.232.1.9', NOW))[0]).toBe('edge GeoIP2-Anonymous-IP.mmdb: VPN, behind which anybody can be');
  expect(locate('13.232.2.9', NOW)).toMatchObject({ standing: 'likely', country: 'US' });
});

test.each([
  ['PR', '66.50.61.20'],
  ['GU', '168.123.4.1'],
  ['FM', '119.252.112.1'],
])('%s is a country of its own and never the United States', async (code, ip) => {
  const { locate } = await locatorOver({ 'a.mmdb': says(code, '0.0.0.0/0'), 'b.mmdb': says('US', '0.0.0.0/0') });
  expect(locate(ip, NOW)).toMatchObject({ standing: 'disputed', countries: [code, 'US'] });
});

// RFC 6052 section 2.4 gives 192.0.2.33 for each of the lengths; 13.232.1.9 is 0de8:0109.
test.each([
  ['2001:db8::/32', '2001:db8:de8:109::'],
  ['2001:db8:100::/40', '2001:db8:10d:e801:9::'],
  ['2001:db8:122::/48', '2001:db8:122:de8:1:900::'],
  ['2001:db8:122:300::/56', '2001:db8:122:30d:e8:109::'],
  ['2001:db8:122:344::/64', '2001:db8:122:344:d:e801:900:0'],
  ['2001:db8:122:344::/96', '2001:db8:122:344::de8:109'],
  ['64:ff9b:1:fffe::/96', '64:ff9b:1:fffe::de8:109'],
])('the NAT64 prefix %s of our own network is unwrapped', async (prefix, ip) => {
  const { locate } = await locatorOver({ 'a.mmdb': says('IN') }, { nat64: [prefix] });
  expect(locate(ip, NOW)).toMatchObject({ standing: 'likely', country: 'IN', address: '13.232.1.9' });
  expect(trail(locate(ip, NOW))[0]).toBe(`unwrap NAT64 (RFC 6052, geo.nat64): ${ip} holds 13.232.1.9 (${prefix})`);
});

test.each(['192.0.2.0/24', '2001:db8::/33', '2001:db8::'])('%s is no NAT64 prefix', async (prefix) => {
  await expect(locatorOver({ 'a.mmdb': says('IN') }, { nat64: [prefix] })).rejects.toMatchObject({
    problems: [{ code: 'config.bad-value' }],
  });
});

const COLUMBUS = { latitude: 39.96, longitude: -83 };

test('a connection that was there too fast takes an accusation back, and clears nobody', async () => {
  const settings = { gateway: COLUMBUS };
  const likely = await locatorOver({ 'a.mmdb': says('IN') }, settings);
  expect(likely.locate('13.232.1.9', NOW, { connectMs: 12 })).toMatchObject({
    standing: 'unknown',
    decidedBy: 'round-trip',
  });
  expect(trail(likely.locate('13.232.1.9', NOW, { connectMs: 12 })).at(-1)).toMatch(
    /^round-trip connect time: not IN: connected in 12 ms, which light in fibre allows for 1,200 km, and it is 10,\d{3} km away at least$/,
  );
  expect(likely.locate('13.232.1.9', NOW, { connectMs: 240 })).toMatchObject({ standing: 'likely', country: 'IN' });
  const disputed = await locatorOver({ 'a.mmdb': says('IN'), 'b.mmdb': says('US') }, settings);
  expect(disputed.locate('13.232.1.9', NOW, { connectMs: 12 })).toMatchObject({
    standing: 'disputed',
    countries: ['IN', 'US'],
  });
  const certain = await locatorOver({ 'a.mmdb': says('US') }, { ...settings, overrides: [pin('13.232.0.0/14', 'IN')] });
  expect(certain.locate('13.232.1.9', NOW, { connectMs: 12 })).toMatchObject({ standing: 'certain', country: 'IN' });
});

test('without knowing where the gateway stands no connection refutes anything', async () => {
  const { locate } = await locatorOver({ 'a.mmdb': says('IN') });
  expect(locate('13.232.1.9', NOW, { connectMs: 1 })).toMatchObject({ standing: 'likely', country: 'IN' });
});

const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6());
const anyHost = fc.option(
  fc.oneof(
    fc.domain(),
    fc.constantFrom('b.s3.us-east-1.amazonaws.com', 'b.s3.ap-south-1.amazonaws.com', 'd1.cloudfront.net'),
  ),
  { nil: undefined },
);

test('the ladder is total and deterministic: any address, name and connect time has one answer with its proof', async () => {
  const files = {
    'a.mmdb': { '0.0.0.0/1': { country_code: 'US' }, '::/1': { country_code: 'IN' } },
    'b.mmdb': { '0.0.0.0/0': { country: { iso_code: 'US' }, registered_country: { iso_code: 'US' } } },
    'ip-ranges.json': aws({ '52.0.0.0/8': ['ap-south-1'], '54.0.0.0/8': ['GLOBAL'] }),
  };
  const settings = { overrides: [pin('100.0.0.0/8', 'PH'), pin('2000::/8', 'DE')], gateway: COLUMBUS };
  const [one, other] = [await locatorOver(files, settings), await locatorOver(files, settings)];
  fc.assert(
    fc.property(anyAddress, anyHost, fc.option(fc.double(), { nil: undefined }), (ip, host, connectMs) => {
      const sighting = { ...(host !== undefined && { host }), ...(connectMs !== undefined && { connectMs }) };
      const location = one.locate(ip, NOW, sighting);
      expect(one.locate(ip, NOW, sighting)).toEqual(location);
      expect(other.locate(ip, NOW, sighting)).toEqual(location);
      expect(location.evidence.length).toBeGreaterThan(0);
      expect('country' in location).toBe(location.standing === 'certain' || location.standing === 'likely');
      expect('countries' in location).toBe(location.standing === 'disputed');
    }),
    { numRuns: 500 },
  );
});

test('an address in a special-purpose block is never located by anybody but the operator', async () => {
  const everything = { '0.0.0.0/0': { country_code: 'US' }, '::/0': { country_code: 'US' } };
  const { locate } = await locatorOver({ 'a.mmdb': everything, 'b.mmdb': everything });
  const block = fc.constantFrom(...SPECIAL_PURPOSE.map(({ network }) => network));
  fc.assert(
    fc.property(block, fc.uint8Array({ minLength: 16, maxLength: 16 }), anyHost, (network, random, host) => {
      const bytes = network.first.bytes.map((byte, at) => {
        const hostBits = 0xff >> Math.min(8, Math.max(0, network.length - at * 8));
        return byte | ((random[at] ?? 0) & hostBits);
      });
      const address = addressOf(bytes);
      // A block within may be that of a transition mechanism, whose addresses are somebody else's.
      fc.pre(unwrap(address) === undefined);
      const standing = { internal: 'internal', anycast: 'edge', untold: 'unknown' } as const;
      const use = specialPurposeOf(address)?.use ?? 'internal';
      expect(locate(address.text, NOW, host === undefined ? {} : { host }).standing).toBe(standing[use]);
    }),
    { numRuns: 1_000 },
  );
});

test('where a block is registered never becomes where it is, through any step', async () => {
  const registered = { '0.0.0.0/0': { registered_country: { iso_code: 'US' } } };
  const { locate } = await locatorOver({ 'a.mmdb': registered, 'b.mmdb': registered });
  fc.assert(
    fc.property(fc.ipV4(), (ip) => {
      expect(['unknown', 'internal', 'edge']).toContain(locate(ip, NOW).standing);
    }),
  );
});
