import { expect, test } from 'vitest';
import type { Location } from '../../../src/geo/location.ts';
import type { Resolution } from '../../../src/geo/names/resolution.ts';
import { openResolver } from '../../../src/geo/names/resolver.ts';
import { judgeEndpoint, type Terms, watchedDomains } from '../../../src/geo/watch/look.ts';
import { lookRound } from '../../../src/geo/watch/round.ts';
import type { RememberedSighting } from '../../../src/geo/watch/sighting.ts';
import { type Country, country } from '../../../src/net/country.ts';
import type { Vendor } from '../../../src/vendors/vendor.ts';
import { dnsServer } from '../names/dns-server.ts';

const AT = Date.UTC(2026, 10, 25);

function codeOf(code: string): Country {
  const known = country(code);
  if (known === undefined) throw new Error(`${code} is no country`);
  return known;
}

function likely(code: string): Location {
  return { standing: 'likely', country: codeOf(code), evidence: [] };
}

const OHIO = '198.51.100.7';
const INDIA = '192.0.2.9';
const INDIA_TOO = '192.0.2.10';
const CHINA = '192.0.2.20';
const EDGE = '192.0.2.30';
const PLACES: Readonly<Record<string, Location>> = {
  [OHIO]: likely('US'),
  [INDIA]: likely('IN'),
  [INDIA_TOO]: likely('IN'),
  [CHINA]: likely('CN'),
  [EDGE]: { standing: 'edge', evidence: [] },
};

const TERMS: Terms = {
  locator: { locate: (ip) => PLACES[ip] ?? { standing: 'unknown', evidence: [] } },
  exceptions: [],
  residency: { default: { name: 'us', countries: new Set([codeOf('US')]) }, concern: new Set([codeOf('CN')]) },
};

function vendor(id: string, ...domains: readonly string[]): Vendor {
  return {
    id,
    name: id,
    terms: [],
    declared: { networks: [], asns: [] },
    endpoints: { domains, networks: [], accounts: [], keys: [] },
    carries: 'phi',
  };
}

const ACME = vendor('acme', 'acme.example');
const [WATCHED] = watchedDomains([ACME]);

function seen(address: string, verdict: RememberedSighting['verdict']): RememberedSighting {
  return { vendor: 'acme', domain: 'acme.example', address, place: 'x', verdict, firstSeenMs: 1, lastSeenMs: 2 };
}

function judge(addresses: readonly string[], remembered: readonly RememberedSighting[], terms = TERMS) {
  if (WATCHED === undefined) throw new Error('nothing is watched');
  const [first = '', ...others] = addresses;
  const resolution: Resolution = { kind: 'answered', addresses: [first, ...others], atMs: AT, by: '10.0.0.53' };
  return judgeEndpoint(WATCHED, resolution, remembered, terms);
}

test.each<[string, readonly string[], readonly RememberedSighting[], readonly string[]]>([
  ['at home', [OHIO], [], []],
  ['abroad at the first look', [OHIO, INDIA], [], [`${INDIA} first-look`]],
  ['abroad for the first time', [INDIA], [seen(OHIO, 'home')], [`${INDIA} new-address`]],
  ['abroad as before', [INDIA], [seen(INDIA, 'outside')], []],
  ['abroad at one more address', [INDIA, INDIA_TOO], [seen(INDIA, 'outside')], [`${INDIA_TOO} new-address`]],
  ['at an address that was held to be at home', [INDIA], [seen(INDIA, 'home')], [`${INDIA} new-verdict`]],
  ['in a country that became one of concern', [CHINA], [seen(CHINA, 'outside')], [`${CHINA} new-verdict`]],
  ['at an edge, or somewhere unknown', [EDGE, '192.0.2.99'], [seen(OHIO, 'home')], []],
])('an endpoint %s', (_, addresses, remembered, told) => {
  const { sightings, moved } = judge(addresses, remembered);
  expect(moved.map(({ address, because }) => `${address} ${because}`)).toEqual(told);
  expect(sightings.map(({ address }) => address)).toEqual(addresses);
});

test('what is told names the place, the verdict, the terms and what was seen before', () => {
  const before = [seen(OHIO, 'home'), { ...seen(OHIO, 'home'), domain: 'other.example' }];
  expect(judge([INDIA], before)).toMatchObject({
    sightings: [{ vendor: 'acme', domain: 'acme.example', address: INDIA, place: 'IN', verdict: 'outside' }],
    moved: [
      {
        vendor: { id: 'acme' },
        domain: 'acme.example',
        address: INDIA,
        location: { standing: 'likely', country: 'IN' },
        residency: { verdict: 'outside', permission: { kind: 'default', territory: { name: 'us' } } },
        before: [seen(OHIO, 'home')],
        resolution: { by: '10.0.0.53', atMs: AT },
      },
    ],
  });
});

test('what the terms permit is no news', () => {
  const exceptions = [
    { vendor: 'acme', country: codeOf('IN'), untilMs: AT + 1, reason: 'amendment', approvedBy: 'privacy office' },
  ];
  expect(judge([INDIA], [], { ...TERMS, exceptions }).moved).toEqual([]);
});

test('of a wildcard its own domain is looked up', () => {
  expect(
    watchedDomains([vendor('a', '*.files.a.example', 'a.example')]).map(({ domain, name }) => [domain, name]),
  ).toEqual([
    ['*.files.a.example', 'files.a.example'],
    ['a.example', 'a.example'],
  ]);
});

test('a round asks for each name once, over real DNS, and tells what could not be found out', async () => {
  await using dns = await dnsServer();
  dns.answer('acme.example', [OHIO]);
  dns.answer('shared.example', [INDIA]);
  dns.answer('down.example', 'servfail');
  const { resolve } = openResolver({ servers: [dns.address], timeout: 500 }, () => AT);
  const domains = watchedDomains([
    vendor('acme', 'acme.example', 'shared.example', '*.hosts.acme.example', 'gone.example'),
    vendor('beta', '*.shared.example', 'down.example'),
  ]);
  const heard: string[] = [];
  const round = await lookRound(domains, [], TERMS, resolve, new AbortController().signal, (name) => heard.push(name));
  expect(round.moved.map(({ vendor, domain, address }) => [vendor.id, domain, address])).toEqual([
    ['acme', 'shared.example', INDIA],
    ['beta', '*.shared.example', INDIA],
  ]);
  expect(round.sightings.map(({ vendor, domain, place }) => `${vendor} ${domain} ${place}`)).toEqual([
    'acme acme.example US',
    'acme shared.example IN',
    'beta *.shared.example IN',
  ]);
  expect(round.silent).toEqual([
    { vendor: 'acme', domain: 'gone.example', because: 'the name has no address' },
    { vendor: 'beta', domain: 'down.example', because: 'the DNS servers failed to find out' },
  ]);
  expect(dns.asked.filter((it) => it === 'shared.example A')).toHaveLength(1);
  expect([...heard].sort()).toEqual([
    'acme.example',
    'down.example',
    'gone.example',
    'hosts.acme.example',
    'shared.example',
  ]);
});

test('a round that is given up tells nothing', async () => {
  await using dns = await dnsServer();
  dns.answer('acme.example', 'silent');
  const stopping = new AbortController();
  const { resolve, close } = openResolver({ servers: [dns.address], timeout: 5_000 }, () => AT);
  const round = lookRound(watchedDomains([ACME]), [], TERMS, resolve, stopping.signal);
  stopping.abort();
  close();
  await expect(round).rejects.toThrow(/abort/i);
});
