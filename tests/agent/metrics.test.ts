import { expect, test } from 'vitest';
import type { Standing } from '../../src/agent/gauges.ts';
import { Metrics } from '../../src/agent/metrics.ts';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../../src/agent/metrics-table.ts';
import { ownSeries, readExposition } from './exposition.ts';

const STANDING: Standing = {
  nowMs: Date.UTC(2026, 10, 26, 3, 0, 0),
  version: '1.2.3',
  readiness: { kind: 'ready' },
  sources: [],
  sinks: ['siem'],
  alerts: [],
  conditions: [],
  outbox: [],
  geoFiles: [],
};

const NOTHING_YET = {
  'phi_egress_source_lines_total{source="squid"}': 0,
  'phi_egress_source_bytes_total{source="squid"}': 0,
  'phi_egress_source_lines_parsed_total{source="squid"}': 0,
  'phi_egress_source_lines_skipped_total{source="squid"}': 0,
  'phi_egress_source_lines_unreadable_total{source="squid"}': 0,
  'phi_egress_source_lines_cut_total{source="squid"}': 0,
  'phi_egress_sink_delivered_total{sink="siem"}': 0,
  'phi_egress_sink_refused_total{sink="siem"}': 0,
  'phi_egress_sink_dropped_total{sink="siem"}': 0,
  'phi_egress_sink_failing{sink="siem"}': 0,
  phi_egress_store_failures_total: 0,
  phi_egress_ready: 1,
  'phi_egress_build_info{version="1.2.3"}': 1,
  'phi_egress_outbox_waiting{sink="siem"}': 0,
  'phi_egress_outbox_oldest_age_seconds{sink="siem"}': 0,
};

async function shown(metrics: Metrics, standing: Standing = STANDING) {
  return ownSeries((await metrics.exposition(standing)).text);
}

test('what can be counted is there from the start, so that its first step is an increase', async () => {
  expect(await shown(new Metrics(['squid'], ['siem']))).toEqual(NOTHING_YET);
});

test('a stored batch adds its lines and its time', async () => {
  const metrics = new Metrics(['squid'], ['siem']);
  const counts = { source: 'squid', lines: 10, parsed: 6, skipped: 3, unreadable: 1, cut: 2 };
  metrics.batchStored({ counts, bytes: 1_234, durationMs: 30, stored: {} });
  metrics.batchStored({ counts, bytes: 1_000, durationMs: 2_000, stored: {} });
  const { text } = await metrics.exposition(STANDING);
  expect(ownSeries(text)).toEqual({
    ...NOTHING_YET,
    'phi_egress_source_lines_total{source="squid"}': 20,
    'phi_egress_source_bytes_total{source="squid"}': 2_234,
    'phi_egress_source_lines_parsed_total{source="squid"}': 12,
    'phi_egress_source_lines_skipped_total{source="squid"}': 6,
    'phi_egress_source_lines_unreadable_total{source="squid"}': 2,
    'phi_egress_source_lines_cut_total{source="squid"}': 4,
  });
  const series = readExposition(text);
  const within = (le: string) => series.get(`phi_egress_batch_duration_seconds_bucket{le="${le}",source="squid"}`);
  expect(['0.025', '0.05', '1', '2.5', '+Inf'].map(within)).toEqual([0, 1, 1, 2, 2]);
  expect(series.get('phi_egress_batch_duration_seconds_sum{source="squid"}')).toBeCloseTo(2.03);
});

test('gaps, failures and deliveries are counted, and a sink fails until it recovers', async () => {
  const metrics = new Metrics(['squid'], ['siem']);
  metrics.gapsNoted([
    { source: 'squid', kind: 'truncated' },
    { source: 'squid', kind: 'truncated' },
    { source: 'squid', kind: 'line-cut' },
  ]);
  metrics.storeFailed();
  metrics.sinkEvent({ name: 'AlertsDelivered', sink: 'siem', alerts: 7 });
  metrics.sinkEvent({ name: 'AlertsRefused', sink: 'siem', alerts: 1, because: 'too long' });
  metrics.sinkEvent({ name: 'AlertsDropped', sink: 'siem', alerts: 4, because: 'agent.outbox is full' });
  metrics.sinkEvent({ name: 'SinkFailed', sink: 'siem', because: 'ECONNREFUSED' });
  const failing = await shown(metrics);
  expect(failing).toEqual({
    ...NOTHING_YET,
    'phi_egress_source_gaps_total{kind="truncated",source="squid"}': 2,
    'phi_egress_source_gaps_total{kind="line-cut",source="squid"}': 1,
    phi_egress_store_failures_total: 1,
    'phi_egress_sink_delivered_total{sink="siem"}': 7,
    'phi_egress_sink_refused_total{sink="siem"}': 1,
    'phi_egress_sink_dropped_total{sink="siem"}': 4,
    'phi_egress_sink_failing{sink="siem"}': 1,
  });
  metrics.sinkEvent({ name: 'SinkRecovered', sink: 'siem' });
  expect((await shown(metrics))['phi_egress_sink_failing{sink="siem"}']).toBe(0);
});

test('a gauge forgets what is no more', async () => {
  const metrics = new Metrics([], []);
  const alerts = [{ rule: 'phi-outside-territory', severity: 'high' }] as const;
  const series = 'phi_egress_alerts_open{rule="phi-outside-territory",severity="high"}';
  expect((await shown(metrics, { ...STANDING, alerts }))[series]).toBe(1);
  expect(await shown(metrics, { ...STANDING, alerts: [] })).not.toHaveProperty([series]);
});

test('the process tells of itself under the names that every exporter has', async () => {
  const { text, contentType } = await new Metrics([], []).exposition(STANDING);
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  const series = readExposition(text);
  for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_start_time_seconds'])
    expect(series.get(name)).toBeGreaterThan(0);
});

test('a label value cannot break out of its line', async () => {
  const hostile = 'a"b\\c\nd';
  const metrics = new Metrics([], []);
  const { text } = await metrics.exposition({ ...STANDING, geoFiles: [{ name: hostile, builtMs: 1_000 }] });
  expect(text).toContain('phi_egress_geo_database_build_timestamp_seconds{database="a\\"b\\\\c\\nd"} 1\n');
  readExposition(text);
});

test('the table names each metric once, by the rules for names', () => {
  const counters = Object.values(COUNTERS).map(({ name }): string => name);
  const gauges = Object.values(GAUGES).map(({ name }): string => name);
  const all = [...counters, ...gauges, ...Object.values(HISTOGRAMS).map(({ name }): string => name)];
  expect(new Set(all).size).toBe(all.length);
  for (const name of all) expect(name).toMatch(/^phi_egress_[a-z]+(_[a-z]+)*$/);
  for (const name of counters) expect(name).toMatch(/_total$/);
  for (const name of gauges) expect(name).not.toMatch(/_(total|count|sum|bucket)$/);
});
