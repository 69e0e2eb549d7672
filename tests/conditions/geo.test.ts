import { expect, test } from 'vitest';
import { endpointsAfter } from '../../src/conditions/endpoint-facts.ts';
import { evaluate } from '../../src/conditions/evaluate.ts';
import type { EndpointFacts, Facts } from '../../src/conditions/facts.ts';
import type { EndpointSighting } from '../../src/geo/watch/sighting.ts';
import { DAY, facts, NOW, SETTINGS } from './facts.ts';

const ACME: EndpointFacts = { vendor: { id: 'acme', name: 'Acme Coding' }, domain: 'files.acme.example' };
const KEY = 'vendor-endpoint-moved|acme|files.acme.example';

function sighting(differences: Partial<EndpointSighting> = {}): EndpointSighting {
  return {
    vendor: 'acme',
    domain: 'files.acme.example',
    address: '203.0.113.9',
    place: 'IN',
    verdict: 'outside',
    ...differences,
  };
}

function judged(differences: Partial<Facts>) {
  return evaluate({ ...facts(), ...differences }, SETTINGS);
}

test('one alert speaks for all files that are too old, and ends when there are none', () => {
  const old = {
    name: 'GeoLite2-City.mmdb',
    edition: 'GeoLite2-City',
    builtMs: NOW - 60 * DAY,
    sinceMs: NOW - 15 * DAY,
  };
  const { holding } = judged({ staleFiles: [old, { ...old, name: 'cloud.json' }] });
  expect(holding).toMatchObject([
    { id: 'geo-database-stale', subject: 'geo', severity: 'medium', sinceMs: NOW - 15 * DAY, count: 2 },
  ]);
  expect(holding[0]?.words().explanation).toContain(
    'GeoLite2-City.mmdb, built 2026-09-26; cloud.json, built 2026-09-26',
  );
  expect(judged({ staleFiles: [] }).holding).toEqual([]);
});

test('a domain that was not looked up yet leaves an open alert as it is', () => {
  const { holding, undetermined } = judged({ endpoints: [ACME] });
  expect(holding).toEqual([]);
  expect([...undetermined]).toEqual([KEY]);
});

test('a domain that answers from outside is an alert about its vendor, until it answers from inside', () => {
  const away = endpointsAfter(
    [ACME],
    [sighting(), sighting({ address: '198.51.100.7', place: 'US', verdict: 'home' })],
    NOW,
  );
  const { holding } = judged({ endpoints: away });
  expect(holding).toMatchObject([
    {
      id: 'vendor-endpoint-moved',
      vendor: { id: 'acme', name: 'Acme Coding' },
      severity: 'high',
      sinceMs: NOW,
      count: 1,
    },
  ]);
  expect(holding[0]?.words().explanation).toContain('answered 203.0.113.9 (IN), outside');
  const home = endpointsAfter(away, [sighting({ place: 'US', verdict: 'home' })], NOW);
  expect(judged({ endpoints: home })).toEqual({ holding: [], undetermined: new Set() });
});

test('a country of concern makes it critical', () => {
  const endpoints = endpointsAfter([ACME], [sighting({ place: 'RU', verdict: 'concern' })], NOW);
  expect(judged({ endpoints }).holding).toMatchObject([{ severity: 'critical' }]);
});

test('a domain that told no address this time is what it was before', () => {
  const before = endpointsAfter([ACME], [sighting()], NOW);
  expect(endpointsAfter(before, [sighting({ domain: 'other.acme.example' })], NOW + DAY)).toEqual(before);
});

test('what cannot be located is no alert here: a transfer there will be one', () => {
  const endpoints = endpointsAfter([ACME], [sighting({ place: 'unknown', verdict: 'undetermined' })], NOW);
  expect(judged({ endpoints }).holding).toEqual([]);
});
