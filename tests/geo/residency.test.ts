import { expect, test } from 'vitest';
import type { Location } from '../../src/geo/location.ts';
import { judgeResidency, type ResidencySettings } from '../../src/geo/residency.ts';
import { TERRITORIES } from '../../src/geo/territories.ts';
import { type Country, country } from '../../src/net/country.ts';
import type { Access, Activity, Transfer } from '../../src/transfers/transfer.ts';
import type { Cover, Exception, Terms, Territory, Vendor } from '../../src/vendors/vendor.ts';

const NOW = Date.UTC(2026, 10, 24);

const SETTINGS: ResidencySettings = {
  default: territory('us-and-territories'),
  concern: new Set(['CN', 'RU', 'HK'].map(codeOf)),
};

const observed = {
  source: 'squid',
  place: { file: '0123456789abcdef', offset: 0, bytes: 100 },
  timeMs: NOW,
  sender: { ip: '10.1.2.3' },
  receiver: { ip: '13.232.1.9' },
} as const;

const TRANSFER: Transfer = {
  ...observed,
  kind: 'transfer',
  part: 'to-server',
  protocol: 'https',
  vehicle: 'body',
  reach: 'delivered',
};

const ACCESS: Access = { ...observed, kind: 'access', part: 'access', protocol: 'sftp' };

function codeOf(code: string): Country {
  const known = country(code);
  if (known === undefined) throw new Error(`${code} is no country`);
  return known;
}

function territory(name: string): Territory {
  const found = TERRITORIES.find((it) => it.name === name);
  if (found === undefined) throw new Error(`${name} is not built in`);
  return found;
}

function likely(code: string): Location {
  return { standing: 'likely', country: codeOf(code), evidence: [] };
}

function disputed(one: string, other: string, ...others: string[]): Location {
  return { standing: 'disputed', countries: [codeOf(one), codeOf(other), ...others.map(codeOf)], evidence: [] };
}

function terms(name: string, options: Partial<Omit<Terms, 'territory'>> = {}): Terms {
  return { territory: territory(name), covers: new Set<Cover>(['storage', 'access']), ...options };
}

function vendor(...agreed: readonly Terms[]): Vendor {
  return {
    id: 'acme',
    name: 'Acme Medical Coding LLC',
    terms: agreed,
    declared: { networks: [], asns: [] },
    endpoints: { domains: ['acme.example'], networks: [], accounts: [], keys: [] },
    carries: 'phi',
  };
}

function exception(code: string, untilMs = NOW + 1, id = 'acme'): Exception {
  return { vendor: id, country: codeOf(code), untilMs, reason: 'amendment 3', approvedBy: 'privacy office' };
}

function verdictOf(
  location: Location,
  whose: Vendor | undefined,
  exceptions: readonly Exception[] = [],
  activity: Activity = TRANSFER,
) {
  return judgeResidency(location, activity, whose, exceptions, SETTINGS).verdict;
}

test.each([
  ['US', 'home'],
  ['PR', 'permitted'],
  ['CA', 'outside'],
  ['IN', 'outside'],
  ['CN', 'concern'],
])('by the default territory, %s is %s', (code, verdict) => {
  expect(verdictOf(likely(code), undefined)).toBe(verdict);
  expect(verdictOf(likely(code), vendor())).toBe(verdict);
});

test('a certain country is judged as a likely one', () => {
  expect(verdictOf({ standing: 'certain', country: codeOf('IN'), evidence: [] }, undefined)).toBe('outside');
});

test.each([
  ['unknown', 'undetermined', 'undetermined'],
  ['edge', 'undetermined', 'undetermined'],
  // Behind a VPN or a load balancer of ours, a vendor can be anywhere.
  ['internal', 'undetermined', 'not-public'],
] as const)("an address that is %s is %s when it is a vendor's, else %s", (standing, vendors, others) => {
  expect(verdictOf({ standing, evidence: [] }, vendor(terms('us')))).toBe(vendors);
  expect(verdictOf({ standing, evidence: [] }, undefined)).toBe(others);
});

test.each([
  [disputed('US', 'IN'), 'undetermined'],
  [disputed('US', 'PR'), 'permitted'],
  [disputed('IN', 'PH'), 'outside'],
  [disputed('US', 'CN'), 'undetermined'],
  [disputed('IN', 'CN'), 'outside'],
  [disputed('CN', 'HK'), 'concern'],
  [disputed('PR', 'US', 'IN'), 'undetermined'],
] as const)('where the databases disagree, all countries must be permitted (%#)', (location, verdict) => {
  expect(verdictOf(location, undefined)).toBe(verdict);
});

test('terms take the place of the default territory', () => {
  expect(verdictOf(likely('CA'), vendor(terms('us-territories-canada')))).toBe('permitted');
  expect(verdictOf(likely('PR'), vendor(terms('us')))).toBe('outside');
  expect(verdictOf(likely('US'), vendor(terms('us')))).toBe('home');
});

test('terms hold from their first millisecond to before their last', () => {
  const fromMs = Date.UTC(2026, 0, 1);
  const untilMs = Date.UTC(2027, 0, 1);
  const whose = vendor(terms('us-territories-canada', { fromMs, untilMs }));
  const at = (timeMs: number) => judgeResidency(likely('CA'), { ...TRANSFER, timeMs }, whose, [], SETTINGS);
  expect(at(fromMs).verdict).toBe('permitted');
  expect(at(untilMs - 1).verdict).toBe('permitted');
  for (const timeMs of [fromMs - 1, untilMs]) {
    expect(at(timeMs)).toEqual({
      verdict: 'outside',
      permission: { kind: 'default', territory: SETTINGS.default, because: 'not-in-force' },
    });
  }
});

test('terms for storage do not cover a login', () => {
  const storage = terms('us-territories-canada', { covers: new Set<Cover>(['storage']) });
  expect(verdictOf(likely('CA'), vendor(storage), [], TRANSFER)).toBe('permitted');
  expect(judgeResidency(likely('CA'), ACCESS, vendor(storage), [], SETTINGS)).toEqual({
    verdict: 'outside',
    permission: { kind: 'default', territory: SETTINGS.default, because: 'not-covered' },
  });
});

test('each use has its own terms', () => {
  const storage = terms('us', { covers: new Set<Cover>(['storage']) });
  const access = terms('us-territories-canada', { covers: new Set<Cover>(['access']) });
  expect(verdictOf(likely('CA'), vendor(storage, access), [], TRANSFER)).toBe('outside');
  expect(verdictOf(likely('CA'), vendor(storage, access), [], ACCESS)).toBe('permitted');
});

test('of several terms in force every one binds, and the one that forbids is shown', () => {
  const medicare = terms('us', { programme: 'medicare-advantage' });
  const commercial = terms('us-territories-canada', { programme: 'commercial' });
  for (const whose of [vendor(medicare, commercial), vendor(commercial, medicare)]) {
    expect(judgeResidency(likely('CA'), TRANSFER, whose, [], SETTINGS)).toEqual({
      verdict: 'outside',
      permission: { kind: 'terms', terms: medicare },
    });
  }
});

test('of several terms in force only what all of them permit is permitted', () => {
  const canada = terms('us-territories-canada');
  const withIndia = { ...terms('us'), territory: { name: 'with-india', countries: new Set(['US', 'IN'].map(codeOf)) } };
  for (const whose of [vendor(canada, withIndia), vendor(withIndia, canada)]) {
    expect(verdictOf(disputed('CA', 'IN'), whose)).toBe('outside');
    expect(verdictOf(disputed('CA', 'IN'), whose, [exception('CA')])).toBe('undetermined');
    expect(verdictOf(disputed('CA', 'IN'), whose, [exception('CA'), exception('IN')])).toBe('permitted');
    expect(verdictOf(disputed('US', 'IN'), whose)).toBe('undetermined');
  }
});

test('an exception adds its country to what is agreed', () => {
  const whose = vendor(terms('us'));
  expect(judgeResidency(likely('CA'), TRANSFER, whose, [exception('CA')], SETTINGS)).toEqual({
    verdict: 'permitted',
    permission: { kind: 'exception', exception: exception('CA') },
  });
  expect(verdictOf(disputed('US', 'CA'), whose, [exception('CA')])).toBe('permitted');
  expect(verdictOf(disputed('CA', 'PH'), whose, [exception('CA'), exception('PH')])).toBe('permitted');
  expect(verdictOf(disputed('CA', 'IN'), whose, [exception('CA')])).toBe('undetermined');
  expect(verdictOf(likely('IN'), whose, [exception('CA')])).toBe('outside');
});

test('an exception ends, and is for one vendor', () => {
  const whose = vendor(terms('us'));
  expect(verdictOf(likely('CA'), whose, [exception('CA', NOW)])).toBe('outside');
  expect(verdictOf(likely('CA'), whose, [exception('CA', NOW + 1, 'other')])).toBe('outside');
  expect(verdictOf(likely('CA'), undefined, [exception('CA')])).toBe('outside');
});

test('an exception that changes nothing is not shown', () => {
  const agreed = terms('us-territories-canada');
  const { permission } = judgeResidency(likely('CA'), TRANSFER, vendor(agreed), [exception('CA')], SETTINGS);
  expect(permission).toEqual({ kind: 'terms', terms: agreed });
});

test('no exception and no terms permit a country of concern', () => {
  const china: Territory = { name: 'with-china', countries: new Set(['US', 'CN'].map(codeOf)) };
  const whose = vendor({ ...terms('us'), territory: china });
  expect(verdictOf(likely('CN'), whose, [exception('CN')])).toBe('concern');
  expect(verdictOf(disputed('US', 'CN'), whose, [exception('CN')])).toBe('undetermined');
});

test('whoever is not registered is held against the default', () => {
  expect(judgeResidency(likely('US'), TRANSFER, undefined, [], SETTINGS).permission).toEqual({
    kind: 'unregistered',
    territory: SETTINGS.default,
  });
  expect(judgeResidency(likely('US'), TRANSFER, vendor(), [], SETTINGS).permission).toEqual({
    kind: 'default',
    territory: SETTINGS.default,
    because: 'no-terms',
  });
});
