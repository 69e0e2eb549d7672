import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segmentsOf, totalMs } from '../../src/coverage/segments.ts';

const gap = (kind: 'downtime' | 'truncated', fromMs: number, untilMs: number, differences = {}) => ({
  kind,
  fromMs,
  untilMs,
  lasts: false,
  unwatched: true,
  ...differences,
});

test('time is divided into what was watched, what was not and why, and what nothing is known of', () => {
  const spans = [
    { fromMs: 10, untilMs: 40 },
    { fromMs: 60, untilMs: 90 },
  ];
  expect(segmentsOf(spans, [gap('downtime', 40, 60), gap('truncated', 30, 45)], 0, 100)).toEqual([
    { kind: 'unseen', fromMs: 0, untilMs: 10, because: [] },
    { kind: 'watched', fromMs: 10, untilMs: 30, because: [] },
    { kind: 'gap', fromMs: 30, untilMs: 40, because: ['truncated'] },
    { kind: 'gap', fromMs: 40, untilMs: 45, because: ['downtime', 'truncated'] },
    { kind: 'gap', fromMs: 45, untilMs: 60, because: ['downtime'] },
    { kind: 'watched', fromMs: 60, untilMs: 90, because: [] },
    { kind: 'unseen', fromMs: 90, untilMs: 100, because: [] },
  ]);
});

test('a gap that lasts reaches to the end, and one in a watched time takes nothing away', () => {
  const spans = [{ fromMs: 0, untilMs: 100 }];
  expect(segmentsOf(spans, [gap('truncated', 50, 50, { lasts: true })], 0, 100).map(({ kind }) => kind)).toEqual([
    'watched',
    'gap',
  ]);
  expect(segmentsOf(spans, [gap('truncated', 50, 60, { unwatched: false })], 0, 100)).toHaveLength(1);
});

test('no time at all has no pieces', () => {
  expect(segmentsOf([{ fromMs: 0, untilMs: 9 }], [], 5, 5)).toEqual([]);
});

const pieces = fc.array(
  fc.record({ fromMs: fc.integer({ min: -5, max: 45 }), length: fc.integer({ min: 0, max: 20 }) }),
  { maxLength: 8 },
);

test('the pieces follow one another without overlap, and say of every instant what the rows say', () => {
  fc.assert(
    fc.property(pieces, pieces, fc.boolean(), (spanned, missed, lasts) => {
      const spans = spanned.map(({ fromMs, length }) => ({ fromMs, untilMs: fromMs + length }));
      const gaps = missed.map(({ fromMs, length }, index) =>
        gap(index % 2 === 0 ? 'downtime' : 'truncated', fromMs, fromMs + length, { lasts: lasts && index === 0 }),
      );
      const segments = segmentsOf(spans, gaps, 0, 50);
      expect(segments.map(({ fromMs }) => fromMs)).toEqual([0, ...segments.slice(0, -1).map(({ untilMs }) => untilMs)]);
      expect(segments.at(-1)?.untilMs).toBe(50);
      let watched = 0;
      for (let ms = 0; ms < 50; ms++) {
        const isMissed = gaps.some((it) => it.fromMs <= ms && (it.lasts || ms < it.untilMs));
        const isSpanned = spans.some((it) => it.fromMs <= ms && ms < it.untilMs);
        const expected = isMissed ? 'gap' : isSpanned ? 'watched' : 'unseen';
        expect(segments.find((it) => it.fromMs <= ms && ms < it.untilMs)?.kind).toBe(expected);
        if (expected === 'watched') watched += 1;
      }
      expect(totalMs(segments, 'watched')).toBe(watched);
    }),
  );
});
