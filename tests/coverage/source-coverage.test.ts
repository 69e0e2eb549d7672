import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gap } from '../../src/coverage/gap.ts';
import { segmentsOf, totalMs } from '../../src/coverage/segments.ts';
import {
  changesBetween,
  forgetGaps,
  forgetUnreadable,
  observe,
  overJump,
  resume,
  type SourceCoverage,
  type StoredCoverage,
} from '../../src/coverage/source-coverage.ts';
import type { SourceEvent } from '../../src/sources/event.ts';

const T0 = Date.UTC(2026, 10, 25, 14, 0, 0);
const SECOND = 1_000;
const MINUTE = 60_000;
const SQUID = { name: 'squid', type: 'file' };
const APPLIANCE = { name: 'appliance', type: 'syslog' };
const LOG = '/var/log/squid/access.log';

/** Begins at T0. */
function watched(source: typeof SQUID, stored: StoredCoverage = { gaps: [] }): SourceCoverage {
  return observe(resume(source, stored, T0), { nowMs: T0, events: [] });
}

const at = (coverage: SourceCoverage, ms: number, ...events: readonly SourceEvent[]) =>
  observe(coverage, { nowMs: T0 + ms, events });

/** `truncated 0-200 unwatched x1`: times in ms after T0. */
const inShort = ({ kind, fromMs, untilMs, lasts, unwatched, count }: Gap) =>
  `${kind} ${fromMs - T0}-${lasts ? '' : untilMs - T0}${unwatched ? ' unwatched' : ''} x${count}`;
const gapsOf = (coverage: SourceCoverage) => coverage.gaps.map(inShort);

const truncated: SourceEvent = { kind: 'truncated', source: 'squid', path: LOG, offset: 4096 };
const unreadable: SourceEvent = { kind: 'unreadable', source: 'squid', path: LOG, code: 'EACCES' };
const readable: SourceEvent = { kind: 'readable', source: 'squid', path: LOG };
const cut: SourceEvent = { kind: 'line-cut', source: 'squid', path: LOG, offset: 7, keptBytes: 1_048_576 };

test('a source is watched from its first look to its last', () => {
  const coverage = at(at(watched(SQUID), 200), 400);
  expect(coverage.span).toEqual({ source: 'squid', fromMs: T0, untilMs: T0 + 400 });
  expect(coverage.gaps).toEqual([]);
});

test('what a log lost is in doubt since the last look, what has a copy is not', () => {
  expect(gapsOf(at(at(watched(SQUID), 200), 400, truncated))).toEqual(['truncated 200-400 unwatched x1']);
  expect(gapsOf(at(watched(SQUID), 400, { ...truncated, continuedIn: `${LOG}.1` }))).toEqual([]);
  expect(gapsOf(at(watched(SQUID), 400, { ...truncated, kind: 'vanished' }))).toEqual(['vanished 0-400 unwatched x1']);
});

test('after a restart a file goes on where it was, and what it lost meanwhile is in doubt for all of that time', () => {
  const stored = { span: { source: 'squid', fromMs: T0 - 60 * MINUTE, untilMs: T0 - 10 * MINUTE }, gaps: [] };
  const held = watched(SQUID, stored);
  expect(held.span).toEqual({ source: 'squid', fromMs: T0 - 60 * MINUTE, untilMs: T0 });
  expect(held.gaps).toEqual([]);
  const lost = observe(resume(SQUID, stored, T0), { nowMs: T0, events: [truncated] });
  expect(gapsOf(lost)).toEqual(['truncated -600000-0 unwatched x1']);
});

test('what came to a listener while it was down is lost: a gap from the last heartbeat on, then another span', () => {
  const stored = { span: { source: 'appliance', fromMs: T0 - MINUTE, untilMs: T0 - 9 * SECOND }, gaps: [] };
  const coverage = at(watched(APPLIANCE, stored), 200);
  expect(gapsOf(coverage)).toEqual(['downtime -9000-0 unwatched x1']);
  expect(coverage.span).toEqual({ source: 'appliance', fromMs: T0, untilMs: T0 + 200 });
});

test('an unreadable file is a gap that lasts until it is readable, and was then only late', () => {
  const blind = at(at(watched(SQUID), 200), 400, unreadable);
  expect(gapsOf(blind)).toEqual(['unreadable 200- unwatched x1']);
  expect(blind.gaps[0]).toMatchObject({ path: LOG, because: 'EACCES' });
  const other = { ...unreadable, path: `${LOG}.other` };
  const both = at(blind, 600, other);
  expect(gapsOf(both)).toEqual(['unreadable 200- unwatched x2']);
  const one = at(both, 800, readable);
  expect(gapsOf(one)).toEqual(['unreadable 200- unwatched x2']);
  expect(gapsOf(at(one, 1_000, { ...readable, path: other.path }))).toEqual(['unreadable 200-1000 x2']);
});

test('a listener that could not listen has lost what came', () => {
  const blind = at(watched(APPLIANCE), 200, { ...unreadable, path: '0.0.0.0:6514', code: 'EADDRINUSE' });
  expect(gapsOf(at(blind, 400, { ...readable, path: '0.0.0.0:6514' }))).toEqual(['unreadable 0-400 unwatched x1']);
});

test('a file that comes and goes is one gap, from its first time on', () => {
  let coverage = watched(SQUID);
  for (let ms = 200; ms < 10_000; ms += 400) coverage = at(at(coverage, ms, unreadable), ms + 200, readable);
  expect(gapsOf(coverage)).toEqual(['unreadable 0-10000 x1']);
});

test('what was unreadable before a restart is mended unless it is told again', () => {
  const blind = at(watched(SQUID), 200, unreadable);
  const { span, gaps } = blind;
  if (span === undefined) throw new Error('There is a span');
  const resumed = resume(SQUID, { span, gaps }, T0 + 5_000);
  expect(gapsOf(observe(resumed, { nowMs: T0 + 5_000, events: [] }))).toEqual(['unreadable 0-5000 x1']);
  expect(gapsOf(observe(resumed, { nowMs: T0 + 5_000, events: [unreadable] }))).toEqual(['unreadable 0- unwatched x1']);
  expect(gapsOf(at(forgetUnreadable(blind), 400))).toEqual(['unreadable 0-400 x1']);
});

test('what a file lost while it could not be read is in doubt since then', () => {
  const blind = at(watched(SQUID), 200, unreadable);
  expect(gapsOf(at(at(blind, 60_000), 60_200, readable, truncated))).toEqual([
    'unreadable 0-60200 x1',
    'truncated 0-60200 unwatched x1',
  ]);
});

test('lines that are cut a thousand times a second are one gap for as long as it goes on, and their number adds up', () => {
  let coverage = watched(SQUID);
  for (let ms = 0; ms < 180_000; ms += 500) coverage = at(coverage, ms, ...Array<SourceEvent>(500).fill(cut));
  expect(gapsOf(coverage)).toEqual(['line-cut 0-179500 x180000']);
  // A minute without one, and the next is a gap of its own.
  expect(gapsOf(at(coverage, 179_500 + 60_001, cut))).toEqual([
    'line-cut 0-179500 x180000',
    'line-cut 239501-239501 x1',
  ]);
});

test('datagrams that are lost leave the time watched, but for their number', () => {
  const lost: SourceEvent = {
    kind: 'datagrams-lost',
    source: 'appliance',
    count: 12,
    because: 'kernel',
    sender: '10.20.0.9',
  };
  const coverage = at(watched(APPLIANCE), 200, lost, { ...lost, count: 3 });
  expect(gapsOf(coverage)).toEqual(['datagrams-lost 0-200 x15']);
  expect(coverage.gaps[0]).toMatchObject({ path: '10.20.0.9', because: 'kernel' });
});

test('a journal that was vacuumed is in doubt since it was last read', () => {
  const vacuumed: SourceEvent = { kind: 'journal-vacuumed', source: 'sshd' };
  expect(gapsOf(at(watched(SQUID), 300, vacuumed))).toEqual(['journal-vacuumed 0-300 unwatched x1']);
});

test('a sender that was turned away is no gap', () => {
  const refused: SourceEvent = {
    kind: 'sender-refused',
    source: 'appliance',
    sender: '10.9.9.9',
    because: 'not-allowed',
  };
  expect(gapsOf(at(watched(APPLIANCE), 300, refused))).toEqual([]);
});

test('a clock that went forward is noted: a file was read on, a listener heard nothing', () => {
  const jump = { kind: 'clock-forward', fromMs: T0 + 1_000, untilMs: T0 + 61_000 } as const;
  const file = at(overJump(at(watched(SQUID), 1_000), jump), 61_200);
  expect(gapsOf(file)).toEqual(['clock-forward 1000-61000 x1']);
  expect(file.span).toEqual({ source: 'squid', fromMs: T0, untilMs: T0 + 61_200 });
  const listener = at(overJump(at(watched(APPLIANCE), 1_000), jump), 61_200);
  expect(gapsOf(listener)).toEqual(['clock-forward 1000-61000 unwatched x1']);
  expect(listener.span).toEqual({ source: 'appliance', fromMs: T0 + 61_200, untilMs: T0 + 61_200 });
});

test('when the clock went back, the span stands still until the clock has caught up', () => {
  const jump = { kind: 'clock-backward', fromMs: T0 - 30_000, untilMs: T0 + 30_000 } as const;
  const back = overJump(at(watched(SQUID), 30_000), jump);
  expect(gapsOf(back)).toEqual(['clock-backward -30000-30000 x1']);
  expect(at(back, -20_000).span?.untilMs).toBe(T0 + 30_000);
  expect(at(back, 40_000).span?.untilMs).toBe(T0 + 40_000);
});

test('what was stored already is not stored again', () => {
  const before = at(watched(SQUID), 200, cut);
  expect(changesBetween(before, at(before, 200))).toEqual({ spans: [], gaps: [] });
  const after = at(before, 400, truncated);
  expect(changesBetween(before, after).spans).toEqual([after.span]);
  expect(changesBetween(before, after).gaps.map(({ kind }) => kind)).toEqual(['truncated']);
});

test('gaps that ended long ago are let go of, those that last are not', () => {
  const coverage = at(at(watched(SQUID), 200, cut), 400, unreadable);
  expect(gapsOf(forgetGaps(coverage, T0 + 200))).toHaveLength(2);
  expect(gapsOf(forgetGaps(coverage, T0 + 201))).toEqual(['unreadable 200- unwatched x1']);
});

/** Anything that can happen to a source, in its order, with restarts that lose what was not stored. */
const step = fc.record({
  afterMs: fc.integer({ min: 1, max: 90_000 }),
  what: fc.constantFrom('look', 'truncated', 'cut', 'unreadable', 'readable', 'forward', 'killed' as const),
});

test('whatever happens, gaps of a kind do not overlap, none is lost, and all time is watched, a gap or unseen', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { maxLength: 60 }), (live, steps) => {
      const source = live ? APPLIANCE : SQUID;
      const rows = { spans: new Map<number, { fromMs: number; untilMs: number }>(), gaps: new Map<string, Gap>() };
      let coverage = watched(source);
      let stored: StoredCoverage = { gaps: [] };
      let nowMs = T0;
      let cuts = 0;
      const store = () => {
        const { spans, gaps } = changesBetween(stored, coverage);
        for (const span of spans) rows.spans.set(span.fromMs, span);
        for (const gap of gaps) rows.gaps.set(gap.id, gap);
        stored = coverage;
      };
      store();
      for (const { afterMs, what } of steps) {
        const thenMs = nowMs;
        nowMs += afterMs;
        if (what === 'killed') {
          const span = [...rows.spans.values()].at(-1);
          const gaps = [...rows.gaps.values()].sort((one, other) => one.fromMs - other.fromMs);
          coverage = resume(source, { ...(span && { span: { ...span, source: source.name } }), gaps }, nowMs);
          stored = { ...(span && { span: { ...span, source: source.name } }), gaps };
        } else if (what === 'forward') {
          coverage = overJump(coverage, { kind: 'clock-forward', fromMs: thenMs, untilMs: nowMs });
        }
        const event = { truncated, cut, unreadable, readable }[what as 'cut'];
        if (what === 'cut') cuts += 1;
        coverage = observe(coverage, { nowMs, events: event === undefined ? [] : [event] });
        store();
      }
      const spans = [...rows.spans.values()];
      const gaps = [...rows.gaps.values()];
      expect(gaps.reduce((sum, it) => (it.kind === 'line-cut' ? sum + it.count : sum), 0)).toBe(cuts);
      for (const kind of new Set(gaps.map((it) => it.kind))) {
        const own = gaps.filter((it) => it.kind === kind).sort((one, other) => one.fromMs - other.fromMs);
        for (const [index, gap] of own.slice(1).entries()) expect(gap.fromMs).toBeGreaterThan(own[index]?.untilMs ?? 0);
      }
      const segments = segmentsOf(spans, gaps, T0, nowMs);
      const total = (['watched', 'gap', 'unseen'] as const).reduce((sum, kind) => sum + totalMs(segments, kind), 0);
      expect(total).toBe(nowMs - T0);
      // An agent that was never away leaves nothing unseen.
      if (!live && !steps.some(({ what }) => what === 'killed')) expect(totalMs(segments, 'unseen')).toBe(0);
    }),
    { numRuns: 500 },
  );
});
