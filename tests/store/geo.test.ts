import { expect, test } from 'vitest';
import type { EndpointSighting } from '../../src/geo/watch/sighting.ts';
import { openStore } from '../../src/store/store.ts';
import { scratch } from './scratch.ts';

const CITY = {
  sha256: 'a'.repeat(64),
  name: 'GeoLite2-City.mmdb',
  edition: 'GeoLite2-City',
  built: '2026-11-24T00:00:00.000Z',
};
const AZURE = { sha256: 'b'.repeat(64), name: 'ServiceTags_Public.json', edition: 'Public 400' };

function sighting(address: string, changes: Partial<EndpointSighting> = {}): EndpointSighting {
  return { vendor: 'acme', domain: 'acme.example', address, place: 'US', verdict: 'home', ...changes };
}

test('an edition is remembered once, whatever became of its file', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 100);
  store.commit({ geoEditions: [CITY, AZURE] });
  store.commit({ geoEditions: [CITY] });
  expect(store.queries.geoEditions()).toEqual([CITY, AZURE]);
  store.close();
});

test('a sighting keeps when it was first and last seen, and what was last made of it', () => {
  using directory = scratch();
  let nowMs = 100;
  const store = openStore(directory.path, () => nowMs);
  store.commit({ sightings: [sighting('192.0.2.1'), sighting('192.0.2.2')] });
  nowMs = 200;
  store.commit({ sightings: [sighting('192.0.2.1', { place: 'IN', verdict: 'outside' })] });
  expect(store.queries.sightings()).toEqual([
    { ...sighting('192.0.2.1', { place: 'IN', verdict: 'outside' }), firstSeenMs: 100, lastSeenMs: 200 },
    { ...sighting('192.0.2.2'), firstSeenMs: 100, lastSeenMs: 100 },
  ]);
  store.close();
});

test('of a domain with endless addresses the latest 256 are remembered, and no other domain suffers', () => {
  using directory = scratch();
  let nowMs = 0;
  const store = openStore(directory.path, () => nowMs);
  store.commit({ sightings: [sighting('198.51.100.1', { domain: 'other.example' })] });
  for (nowMs = 1; nowMs <= 300; nowMs++) store.commit({ sightings: [sighting(`10.0.${nowMs >> 8}.${nowMs & 255}`)] });
  const kept = store.queries.sightings();
  expect(kept.filter(({ domain }) => domain === 'other.example')).toHaveLength(1);
  const own = kept.filter(({ domain }) => domain === 'acme.example').map(({ firstSeenMs }) => firstSeenMs);
  expect([own.length, Math.min(...own), Math.max(...own)]).toEqual([256, 45, 300]);
  store.close();
});
