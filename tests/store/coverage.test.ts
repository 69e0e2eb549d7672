import { expect, test } from 'vitest';
import type { Gap } from '../../src/coverage/gap.ts';
import { reportOn } from '../../src/coverage/report.ts';
import { openStore } from '../../src/store/store.ts';
import { scratch } from './scratch.ts';

/** The beginning of an hour. */
const T0 = Date.UTC(2026, 10, 25, 14, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function gap(minute: number, differences: Partial<Gap> = {}): Gap {
  const fromMs = T0 + minute * MINUTE;
  const kind = differences.kind ?? 'truncated';
  return {
    id: `${kind} ${fromMs}`,
    source: 'squid',
    kind,
    fromMs,
    untilMs: fromMs + 1_000,
    lasts: false,
    unwatched: true,
    count: 1,
    ...differences,
  };
}

test('spans and gaps are stored, replaced and found by source and time', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const spans = [
    { source: 'sftp', fromMs: T0, untilMs: T0 + HOUR },
    { source: 'squid', fromMs: T0, untilMs: T0 + MINUTE },
    { source: 'squid', fromMs: T0 + 5 * MINUTE, untilMs: T0 + 6 * MINUTE },
  ];
  const gaps = [gap(1, { path: '/var/log/a.log', offset: 9, because: 'EIO' }), gap(30, { lasts: true })];
  store.commit({ spans, gaps });
  store.commit({ spans: [{ source: 'squid', fromMs: T0 + 5 * MINUTE, untilMs: T0 + 7 * MINUTE }] });
  store.commit({ gaps: [gap(1, { path: '/var/log/a.log', offset: 9, because: 'EIO', count: 3 })] });
  const { queries } = store;
  expect(queries.coverage({}).spans.map(({ untilMs }) => (untilMs - T0) / MINUTE)).toEqual([60, 1, 7]);
  expect(queries.coverage({}).gaps).toEqual([{ ...gaps[0], count: 3 }, gaps[1]]);
  expect(queries.coverage({ source: 'sftp' })).toEqual({ spans: [spans[0]], gaps: [] });
  expect(queries.coverage({ fromMs: T0 + 10 * MINUTE }).spans).toEqual([spans[0]]);
  // A gap that lasts reaches into whatever comes after it.
  expect(queries.coverage({ fromMs: T0 + 10 * HOUR }).gaps).toEqual([gaps[1]]);
  expect(queries.coverage({ untilMs: T0 + MINUTE }).gaps).toEqual([]);
  expect(store.coverageOf('squid', T0 + 20 * MINUTE)).toEqual({
    span: { source: 'squid', fromMs: T0 + 5 * MINUTE, untilMs: T0 + 7 * MINUTE },
    gaps: [gaps[1]],
  });
  expect(store.coverageOf('nobody', 0)).toEqual({ gaps: [] });
  store.close();
});

test('an hour with many gaps is one gap once it is long past, and no time seems better watched for it', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const crowd = Array.from({ length: 30 }, (_, index) => gap(2 * index, { count: 2 }));
  const few = Array.from({ length: 10 }, (_, index) => gap(60 + 2 * index));
  const recent = Array.from({ length: 30 }, (_, index) => gap(600 + index));
  const lasting = gap(3, { kind: 'unreadable', lasts: true });
  const spans = Array.from({ length: 60 }, (_, index) => ({
    source: 'appliance',
    fromMs: T0 + index * MINUTE,
    untilMs: T0 + index * MINUTE + (index + 1) * 500,
  }));
  store.commit({ spans, gaps: [...crowd, ...few, ...recent, lasting] });
  store.coarsenCoverage(T0 + 5 * HOUR);
  store.coarsenCoverage(T0 + 5 * HOUR);

  const { gaps, spans: left } = store.queries.coverage({});
  const truncated = gaps.filter(({ kind }) => kind === 'truncated');
  expect(truncated).toHaveLength(1 + 10 + 30);
  expect(truncated[0]).toEqual({ ...crowd[0], untilMs: crowd.at(-1)?.untilMs, count: 60 });
  expect(gaps.filter(({ kind }) => kind === 'unreadable')).toEqual([lasting]);
  expect(left).toEqual(spans.slice(50));
  const [report] = reportOn({ spans: left, gaps: [] }, { fromMs: T0, untilMs: T0 + HOUR });
  expect(report?.watchedMs).toBeLessThan(
    reportOn({ spans, gaps: [] }, { fromMs: T0, untilMs: T0 + HOUR })[0]?.watchedMs ?? 0,
  );
  store.close();
});
