import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLocation, type Location } from '../../src/geo/location.ts';
import { type Locator, openLocator } from '../../src/geo/locator.ts';
import { judgeResidency, type Residency, type ResidencySettings } from '../../src/geo/residency.ts';
import type { Override } from '../../src/geo/settings.ts';
import { agedSpans, staleFiles } from '../../src/geo/staleness.ts';
import { TERRITORIES } from '../../src/geo/territories.ts';
import { type Country, country } from '../../src/net/country.ts';
import type { Terms, Vendor } from '../../src/vendors/vendor.ts';
import { type MmdbValue, writeMmdb } from './mmdb-writer.ts';
import { scratch } from './scratch.ts';

const DAY_MS = 86_400_000;
const AWS = JSON.stringify({
  syncToken: String(Date.UTC(2026, 0, 1) / 1000),
  createDate: '2026-01-01-00-00-00',
  prefixes: [{ ip_prefix: '3.5.0.0/19', region: 'us-east-1', service: 'AMAZON', network_border_group: 'us-east-1' }],
  ipv6_prefixes: [],
});

interface Built {
  /** ISO day. */
  readonly built: string;
  readonly places: Readonly<Record<string, MmdbValue>>;
}

/** A locator over databases of our own that are stale after 45 days. */
async function locatorOver(databases: readonly Built[], overrides: readonly Override[] = []): Promise<Locator> {
  await using dir = await scratch();
  for (const [at, { built, places }] of databases.entries())
    await dir.write(
      `${at + 1}.mmdb`,
      writeMmdb(places, { databaseType: `Test-Country ${at + 1}`, built: `${built}T00:00:00Z` }),
    );
  await dir.write('ip-ranges.json', AWS);
  const staleAfterMs = 45 * DAY_MS;
  return await openLocator({ embedded: false, overrides, usMilitaryAbroad: true, directory: dir.path, staleAfterMs });
}

function codeOf(code: string): Country {
  const known = country(code);
  if (known === undefined) throw new Error(`${code} is no country`);
  return known;
}

/** `likely US`, `unknown (US)`. */
function inShort(location: Location): string {
  if (location.standing === 'unknown' && location.lastKnown) return `unknown (${location.lastKnown.join()})`;
  return location.standing === 'unknown' ? 'unknown' : `${location.standing} ${describeLocation(location)}`;
}

const US = { '128.2.0.0/24': { country_code: 'US' } };
const INDIA = { '128.2.0.0/24': { country_code: 'IN' } };
/** 45 days after 2026-01-01. */
const STALE = Date.UTC(2026, 1, 15);

test.each([
  ['both databases agree, and are of an age', US, '2026-01-01', US, '2026-01-01', 'likely US', 'unknown (US)'],
  ['one of two that agree is current', US, '2026-01-01', US, '2026-02-01', 'likely US', 'likely US'],
  ['they place it abroad', INDIA, '2026-01-01', INDIA, '2026-01-01', 'likely IN', 'unknown (IN)'],
  [
    'they disagree, and one is current',
    US,
    '2026-01-01',
    INDIA,
    '2026-02-01',
    'disputed US or IN',
    'disputed US or IN',
  ],
  ['they disagree, and both are old', US, '2026-01-01', INDIA, '2026-01-01', 'disputed US or IN', 'unknown (US,IN)'],
])('%s', async (_, first, firstBuilt, second, secondBuilt, before, after) => {
  const locator = await locatorOver([
    { built: firstBuilt, places: first },
    { built: secondBuilt, places: second },
  ]);
  expect(inShort(locator.locate('128.2.0.9', STALE - 1))).toBe(before);
  const aged = locator.locate('128.2.0.9', STALE);
  expect(inShort(aged)).toBe(after);
  if (before !== after)
    expect(aged.evidence.at(-1)).toEqual({
      step: 'staleness',
      source: 'geo.stale-after',
      said: 'the latest of it was built 2026-01-01, and is too old since 2026-02-15',
    });
});

test("a provider's ranges fall from certain to likely, and no further", async () => {
  const locator = await locatorOver([{ built: '2026-01-01', places: US }]);
  expect(inShort(locator.locate('3.5.0.1', STALE - 1))).toBe('certain US');
  expect(inShort(locator.locate('3.5.0.1', STALE + 900 * DAY_MS))).toBe('likely US');
});

test("the operator's own word does not age but by its own date, and what is below it does", async () => {
  const until = STALE + DAY_MS;
  const own: Override = { networks: ['128.2.0.0/24'], country: codeOf('US'), reason: 'seen', expiresMs: until };
  const locator = await locatorOver([{ built: '2026-01-01', places: US }], [own]);
  expect(inShort(locator.locate('128.2.0.9', until - 1))).toBe('certain US');
  expect(inShort(locator.locate('128.2.0.9', until))).toBe('unknown (US)');
});

test('a line of last year is judged by a database of this year as it would have been then', async () => {
  const locator = await locatorOver([{ built: '2026-01-01', places: US }]);
  expect(inShort(locator.locate('128.2.0.9', Date.UTC(2025, 5, 1)))).toBe('likely US');
});

const SETTINGS: ResidencySettings = {
  default: { name: 'us-and-territories', countries: TERRITORIES[1]?.countries ?? new Set() },
  concern: new Set([codeOf('CN')]),
};
const PASSES: readonly Residency['verdict'][] = ['home', 'permitted', 'not-public'];

test('no finding becomes a pass because data grew old, and nobody who was outside stops being so', () => {
  const anyCountry = fc.constantFrom('US', 'PR', 'IN', 'CN', 'CA').map(codeOf);
  const location = fc.oneof(
    fc.record({ standing: fc.constantFrom('certain' as const, 'likely' as const), country: anyCountry }),
    fc
      .uniqueArray(anyCountry, { minLength: 2, maxLength: 3 })
      .map(([one, other, ...more]) => ({ standing: 'disputed' as const, countries: [one, other, ...more] as const })),
    fc.record({ standing: fc.constantFrom('edge' as const, 'unknown' as const, 'internal' as const) }),
  );
  const territory = fc.uniqueArray(anyCountry).map((codes) => ({ name: 'agreed', countries: new Set(codes) }));
  const exceptions = fc.uniqueArray(anyCountry).map((codes) =>
    codes.map((code) => ({
      vendor: 'v',
      country: code,
      untilMs: Number.POSITIVE_INFINITY,
      reason: 'r',
      approvedBy: 'a',
    })),
  );
  fc.assert(
    fc.property(location, territory, exceptions, fc.boolean(), (verdict, agreed, excepted, isRegistered) => {
      const countries = 'countries' in verdict ? verdict.countries : 'country' in verdict ? [verdict.country] : [];
      const evidence = countries.map((code) => ({
        step: 'database' as const,
        source: 'a.mmdb',
        sha256: 'a',
        built: '2026-01-01T00:00:00.000Z',
        said: String(code),
      }));
      const base = { ...verdict, evidence } as Location;
      const aging = { staleAfterMs: DAY_MS, counted: new Set(['a']) };
      const spans = agedSpans([{ untilMs: Number.POSITIVE_INFINITY, location: base }], aging);
      const aged = spans.at(-1)?.location ?? base;
      const terms: Terms = { territory: agreed, covers: new Set(['storage']) };
      const vendor: Vendor = {
        id: 'v',
        name: 'V',
        terms: [terms],
        declared: { networks: [], asns: [] },
        endpoints: { domains: [], networks: [], accounts: [], keys: [] },
        carries: 'phi',
      };
      const judge = (it: Location) =>
        judgeResidency(it, { kind: 'transfer', timeMs: 0 }, isRegistered ? vendor : undefined, excepted, SETTINGS)
          .verdict;
      const before = judge(base);
      const after = judge(aged);
      if (!PASSES.includes(before)) expect(PASSES).not.toContain(after);
      if (before === 'outside' || before === 'concern') expect(after).toBe(before);
      if (aged !== base && verdict.standing === 'likely') expect(after === 'home' || after === 'permitted').toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('files that are too old are told, the oldest first, and one without a date is not', () => {
  const files = [
    { name: 'new.mmdb', edition: 'A', builtMs: STALE - DAY_MS },
    { name: 'old.mmdb', edition: 'B', builtMs: Date.UTC(2026, 0, 1) },
    { name: 'older.json', edition: 'C', builtMs: Date.UTC(2025, 0, 1) },
    { name: 'ServiceTags_Public.json', edition: 'Public 400' },
  ];
  expect(staleFiles(files, 45 * DAY_MS, STALE)).toEqual([
    { name: 'older.json', edition: 'C', builtMs: Date.UTC(2025, 0, 1), sinceMs: Date.UTC(2025, 1, 15) },
    { name: 'old.mmdb', edition: 'B', builtMs: Date.UTC(2026, 0, 1), sinceMs: STALE },
  ]);
  expect(staleFiles(files, 45 * DAY_MS, STALE - 1).map(({ name }) => name)).toEqual(['older.json']);
});
