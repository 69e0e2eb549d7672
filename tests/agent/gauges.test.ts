import { expect, test } from 'vitest';
import { gaugesOf, type Standing } from '../../src/agent/gauges.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 3, 0, 0);

const CALM: Standing = {
  nowMs: NOW_MS,
  version: '1.2.3',
  readiness: { kind: 'ready' },
  sources: [],
  sinks: ['siem'],
  alerts: [],
  conditions: [],
  outbox: [],
  geoFiles: [],
};

test('who is calm shows zero where zero is known, and nothing else', () => {
  expect(gaugesOf(CALM)).toEqual({
    ready: [{ labels: {}, value: 1 }],
    buildInfo: [{ labels: { version: '1.2.3' }, value: 1 }],
    lastLineAge: [],
    openAlerts: [],
    openConditions: [],
    waiting: [{ labels: { sink: 'siem' }, value: 0 }],
    oldestAge: [{ labels: { sink: 'siem' }, value: 0 }],
    databaseBuilt: [],
  });
});

test('a source that has not spoken since the start has no age', () => {
  const sources = [
    { name: 'squid', quietMs: 1_500, hasSpoken: true },
    { name: 'sftp', quietMs: 9_000, hasSpoken: false },
  ];
  expect(gaugesOf({ ...CALM, sources }).lastLineAge).toEqual([{ labels: { source: 'squid' }, value: 1.5 }]);
});

test('what waits is counted by sink, with the age of the oldest in seconds', () => {
  const outbox = [{ sink: 'siem', waiting: 3, oldestMs: NOW_MS - 90_000 }];
  const { waiting, oldestAge } = gaugesOf({ ...CALM, sinks: ['siem', 'file'], outbox });
  expect(waiting).toEqual([
    { labels: { sink: 'siem' }, value: 3 },
    { labels: { sink: 'file' }, value: 0 },
  ]);
  expect(oldestAge).toEqual([
    { labels: { sink: 'siem' }, value: 90 },
    { labels: { sink: 'file' }, value: 0 },
  ]);
});

test('a clock that was set back makes no age negative', () => {
  const outbox = [{ sink: 'siem', waiting: 1, oldestMs: NOW_MS + 5_000 }];
  expect(gaugesOf({ ...CALM, outbox }).oldestAge).toEqual([{ labels: { sink: 'siem' }, value: 0 }]);
});

test('a store that cannot tell what waits is not said to have nothing waiting', () => {
  const { waiting, oldestAge } = gaugesOf({ ...CALM, outbox: undefined });
  expect([waiting, oldestAge]).toEqual([[], []]);
});

test('open alerts of one rule and severity are one sample, and conditions tell their source', () => {
  const high = { rule: 'phi-outside-territory', severity: 'high' } as const;
  const { openAlerts, openConditions } = gaugesOf({
    ...CALM,
    alerts: [high, { ...high, severity: 'critical' }, high],
    conditions: [
      { rule: 'source-silent', severity: 'high', source: 'squid' },
      { rule: 'geo-database-stale', severity: 'medium' },
      { rule: 'geo-database-stale', severity: 'medium' },
    ],
  });
  expect(openAlerts).toEqual([
    { labels: { rule: 'phi-outside-territory', severity: 'high' }, value: 2 },
    { labels: { rule: 'phi-outside-territory', severity: 'critical' }, value: 1 },
  ]);
  expect(openConditions).toEqual([
    { labels: { rule: 'source-silent', severity: 'high', source: 'squid' }, value: 1 },
    { labels: { rule: 'geo-database-stale', severity: 'medium' }, value: 2 },
  ]);
});

test('a database tells when it was built, in seconds since 1970; one that does not know is left out', () => {
  // date -u -d 2026-06-01T00:00:00Z +%s
  const geoFiles = [{ name: 'country.mmdb', builtMs: Date.UTC(2026, 5, 1) }, { name: 'ip-ranges.json' }];
  expect(gaugesOf({ ...CALM, geoFiles }).databaseBuilt).toEqual([
    { labels: { database: 'country.mmdb' }, value: 1_780_272_000 },
  ]);
});

test('who is not ready shows 0', () => {
  const readiness = { kind: 'not-ready', because: 'the agent is stopping' } as const;
  expect(gaugesOf({ ...CALM, readiness }).ready).toEqual([{ labels: {}, value: 0 }]);
});
