import { expect, test } from 'vitest';
import type { Finding } from '../../src/rules/finding.ts';
import { openDeadLetters } from '../../src/store/dead-letters.ts';
import { openStore } from '../../src/store/store.ts';
import { finding, T0 } from '../alerts/findings.ts';
import { recorder } from './recording.ts';
import { scratch } from './scratch.ts';

const HOUR = 3_600_000;

/** `acme` at T0 (twice), `late` of another vendor five hours later and critical, `none` without a vendor, two hours later. */
function filled(directory: string) {
  const store = openStore(directory, () => 100);
  const { vendor: _, ...unregistered } = finding({
    id: 'f-none',
    dedupeKey: 'none',
    timeMs: T0 + 2 * HOUR,
    severity: 'medium',
  });
  const late = { id: 'b', name: 'Beta', matched: 'domain b.example' };
  const findings: readonly Finding[] = [
    finding({ id: 'f-1', dedupeKey: 'acme' }),
    finding({ id: 'f-2', dedupeKey: 'acme', timeMs: T0 + 1_000 }),
    finding({ id: 'f-late', dedupeKey: 'late', timeMs: T0 + 5 * HOUR, severity: 'critical', vendor: late }),
    unregistered,
  ];
  recorder(store, 100).record(findings);
  return store;
}

test('alerts are listed latest first and by each filter', () => {
  using directory = scratch();
  const store = filled(directory.path);
  const keys = (filter: Parameters<typeof store.queries.listAlerts>[0]) =>
    store.queries.listAlerts(filter).map(({ dedupeKey }) => dedupeKey);
  expect(keys({})).toEqual(['late', 'none', 'acme']);
  expect(keys({ states: ['updated'] })).toEqual(['acme']);
  expect(keys({ states: ['open', 'updated'] })).toEqual(['late', 'none', 'acme']);
  expect(keys({ states: [] })).toEqual([]);
  expect(keys({ severities: ['high', 'critical'] })).toEqual(['late', 'acme']);
  expect(keys({ vendor: 'b' })).toEqual(['late']);
  expect(keys({ sinceMs: T0 + 2 * HOUR })).toEqual(['late', 'none']);
  expect(keys({ sinceMs: T0 + 2 * HOUR, severities: ['medium'] })).toEqual(['none']);
  store.close();
});

test('an alert is found by its id and by any beginning that is its alone', () => {
  using directory = scratch();
  const store = filled(directory.path);
  const ids = store.queries.listAlerts({}).map(({ id }) => id);
  for (const id of ids) {
    expect(store.queries.findAlert(id)).toMatchObject({ kind: 'found', alert: { id } });
    expect(store.queries.findAlert(id.slice(0, 12))).toMatchObject({ kind: 'found', alert: { id } });
  }
  expect(store.queries.findAlert('a-')).toEqual({ kind: 'several', ids: [...ids].sort() });
  expect(store.queries.findAlert('a-zz')).toEqual({ kind: 'none' });
  expect(store.queries.findAlert('%')).toEqual({ kind: 'none' });
  store.close();
});

test('the findings of an alert come in the order in which they joined', () => {
  using directory = scratch();
  const store = filled(directory.path);
  const [acme] = store.queries.listAlerts({ states: ['updated'] });
  expect(store.queries.findingsOf(acme?.id ?? '')).toEqual([
    finding({ id: 'f-1', dedupeKey: 'acme' }),
    finding({ id: 'f-2', dedupeKey: 'acme', timeMs: T0 + 1_000 }),
  ]);
  store.close();
});

test('deliveries tell what waits, what arrived and what was refused', () => {
  using directory = scratch();
  const store = filled(directory.path);
  const { outbox, queries } = store;
  outbox.delivered(outbox.next('file', 1), 150);
  outbox.refused(outbox.next('pager', 1), 'too long', 160);
  const acme = queries.listAlerts({ states: ['updated'] })[0]?.id ?? '';
  expect(queries.deliveriesOf(acme)).toEqual([
    { eventId: `${acme}.open.1`, sink: 'file', outcome: 'delivered', createdMs: 100, settledMs: 150 },
    { eventId: `${acme}.updated.2`, sink: 'file', outcome: 'waiting', createdMs: 100 },
    {
      eventId: `${acme}.open.1`,
      sink: 'pager',
      outcome: 'refused',
      because: 'too long',
      createdMs: 100,
      settledMs: 160,
    },
    { eventId: `${acme}.updated.2`, sink: 'pager', outcome: 'waiting', createdMs: 100 },
  ]);
  expect(queries.statusCounts()).toEqual({
    alerts: { open: 2, updated: 1, closed: 0 },
    findings: 4,
    sources: [],
    samples: [],
    sinks: [
      { sink: 'file', waiting: 3, delivered: 1, refused: 0, dropped: 0 },
      { sink: 'pager', waiting: 2, delivered: 0, refused: 1, dropped: 0 },
    ],
  });
  store.close();
});

test('a dead letter is sent again or dropped beside the daemon, which notices', () => {
  using directory = scratch();
  const store = filled(directory.path);
  const { outbox, queries } = store;
  expect(store.wasChangedByOthers()).toBe(false);
  outbox.refused(outbox.next('pager', 1), 'status 400', 150);
  outbox.refused(outbox.next('pager', 1), 'too long', 160);
  expect(store.wasChangedByOthers()).toBe(false);
  expect(store.refusedBySink()).toEqual([{ sink: 'pager', count: 2, sinceMs: 150, lastMs: 160, because: 'too long' }]);

  const deadLetters = openDeadLetters(directory.path);
  const [one, other] = deadLetters.all();
  expect([one, other]).toMatchObject([
    {
      sink: 'pager',
      because: 'status 400',
      createdMs: 100,
      refusedMs: 150,
      alert: { dedupeKey: 'acme', state: 'open' },
    },
    {
      sink: 'pager',
      because: 'too long',
      createdMs: 100,
      refusedMs: 160,
      alert: { dedupeKey: 'acme', state: 'updated' },
    },
  ]);
  if (one === undefined || other === undefined) throw new Error('There are two');
  deadLetters.retry([one]);
  deadLetters.drop([other], 170);
  expect(deadLetters.all()).toEqual([]);
  deadLetters.close();

  expect(store.wasChangedByOthers()).toBe(true);
  expect(store.wasChangedByOthers()).toBe(false);
  const waiting = outbox.next('pager', 10);
  expect(waiting.map(({ alert, attempts }) => [alert.dedupeKey, attempts])).toEqual([
    ['late', 0],
    ['acme', 0],
  ]);
  expect(waiting[1]).toMatchObject({ eventId: one.eventId, alert: one.alert });
  expect(queries.statusCounts().sinks[1]).toEqual({ sink: 'pager', waiting: 2, delivered: 0, refused: 1, dropped: 0 });
  outbox.delivered(waiting, 180);
  expect(queries.statusCounts().sinks[1]).toEqual({ sink: 'pager', waiting: 0, delivered: 2, refused: 1, dropped: 0 });
  store.close();
});

test('a full outbox drops the oldest of the least severe, is told which, and never drops a critical', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 100);
  const severities = ['critical', 'info', 'low', 'high', 'info', 'critical'] as const;
  recorder(store, 100).record(
    severities.map((severity, at) => finding({ id: `f-${at}`, dedupeKey: `${at} ${severity}`, severity })),
  );
  const { outbox, queries } = store;
  const waiting = () => outbox.next('file', 10).map(({ alert }) => alert.dedupeKey);
  const bytes = (keys: readonly string[]) =>
    outbox
      .next('file', 10)
      .filter(({ alert }) => keys.includes(alert.dedupeKey))
      .reduce((sum, { alert }) => sum + Buffer.byteLength(JSON.stringify(alert)), 0);
  const pager = outbox.next('pager', 10);
  expect(pager.map(({ alert }) => alert.severity)).toEqual(['critical', 'high', 'critical']);
  outbox.delivered(pager, 150);

  const all = ['0 critical', '1 info', '2 low', '3 high', '4 info', '5 critical'];
  const whole = bytes(all);
  expect(store.shedOutbox(whole)).toEqual([]);
  expect(waiting()).toEqual(all);
  expect(store.shedOutbox(whole - 1)).toEqual([{ sink: 'file', alerts: 1 }]);
  expect(waiting()).toEqual(['0 critical', '2 low', '3 high', '4 info', '5 critical']);
  expect(store.shedOutbox(bytes(['0 critical', '3 high', '5 critical']))).toEqual([{ sink: 'file', alerts: 2 }]);
  expect(waiting()).toEqual(['0 critical', '3 high', '5 critical']);
  expect(store.shedOutbox(1)).toEqual([{ sink: 'file', alerts: 1 }]);
  expect(waiting()).toEqual(['0 critical', '5 critical']);
  expect(queries.statusCounts().sinks).toContainEqual({
    sink: 'file',
    waiting: 2,
    delivered: 0,
    refused: 0,
    dropped: 4,
  });
  store.close();
});

test('the sink that has fallen behind pays for a full outbox, not one that keeps up', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 100);
  const high = Array.from({ length: 5 }, (_, at) => finding({ id: `f-${at}`, dedupeKey: `${at}`, severity: 'high' }));
  recorder(store, 100).record(high);
  store.outbox.delivered(store.outbox.next('pager', 10), 150);
  recorder(store, 200).record([finding({ id: 'f-9', dedupeKey: '9', severity: 'high' })]);
  expect(store.outbox.next('pager', 10)).toHaveLength(1);
  const bytes = store.outbox
    .next('file', 10)
    .reduce((sum, { alert }) => sum + Buffer.byteLength(JSON.stringify(alert)), 0);
  expect(store.shedOutbox(bytes)).toEqual([{ sink: 'file', alerts: 1 }]);
  expect(store.outbox.next('file', 10).map(({ alert }) => alert.dedupeKey)).toEqual(['1', '2', '3', '4', '9']);
  expect(store.outbox.next('pager', 10)).toHaveLength(1);
  store.close();
});

test('the queue is read in order and keeps what failed', () => {
  using directory = scratch();
  const store = filled(directory.path);
  const before = store.outbox.next('file', 10);
  expect(before.map(({ alert }) => alert.dedupeKey)).toEqual(['acme', 'acme', 'late', 'none']);
  expect(before[0]).toMatchObject({ sink: 'file', attempts: 0, nextAttemptMs: 0 });
  store.outbox.failed(before.slice(0, 2), 5_000);
  const after = store.outbox.next('file', 10);
  expect(after.map(({ attempts, nextAttemptMs }) => [attempts, nextAttemptMs])).toEqual([
    [1, 5_000],
    [1, 5_000],
    [0, 0],
    [0, 0],
  ]);
  expect(after.map(({ eventId }) => eventId)).toEqual(before.map(({ eventId }) => eventId));
  store.close();
});

test('what waits is told by sink, with the time of the first of it, and a sink with nothing is left out', () => {
  using directory = scratch();
  let nowMs = 1_000;
  const store = openStore(directory.path, () => nowMs);
  expect(store.queries.outboxDepths()).toEqual([]);
  recorder(store, nowMs).record([finding({ id: 'f-1', severity: 'low' })]);
  nowMs = 2_000;
  recorder(store, nowMs).record([finding({ id: 'f-2', dedupeKey: 'other', severity: 'high' })]);
  expect(store.queries.outboxDepths()).toEqual([
    { sink: 'file', waiting: 2, oldestMs: 1_000 },
    { sink: 'pager', waiting: 1, oldestMs: 2_000 },
  ]);
  store.outbox.delivered(store.outbox.next('file', 1), 3_000);
  store.outbox.delivered(store.outbox.next('pager', 1), 3_000);
  expect(store.queries.outboxDepths()).toEqual([{ sink: 'file', waiting: 1, oldestMs: 2_000 }]);
  store.close();
});
