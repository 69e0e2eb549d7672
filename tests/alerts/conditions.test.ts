import { expect, test } from 'vitest';
import { holdAgainst, openConditions } from '../../src/alerts/conditions.ts';
import type { Condition, Evaluation } from '../../src/conditions/condition.ts';

const T0 = Date.UTC(2026, 10, 25, 14, 0, 0);
const MINUTE = 60_000;

function gap(count: number, differences: Partial<Condition> = {}): Condition {
  return {
    id: 'coverage-gap',
    subject: 'squid',
    source: 'squid',
    severity: 'medium',
    sinceMs: T0,
    lastMs: T0,
    count,
    words: () => ({ title: 'A gap', explanation: `${count} lines were cut.`, nextSteps: ['Look.'] }),
    ...differences,
  };
}

const NONE = new Set<string>();
const holds = (...holding: readonly Condition[]): Evaluation => ({ holding, undetermined: NONE });

/** Evaluations one after the other. @returns every notice in short, and the alerts that are still open. */
function live(...evaluations: readonly Evaluation[]) {
  let open = openConditions([]);
  let made = 0;
  const notices = evaluations.map((evaluation, at) => {
    const held = holdAgainst(open, evaluation, {
      gateway: 'gw1',
      nowMs: T0 + at * MINUTE,
      ledger: { seq: 3, hash: 'ab' },
      newId: () => `a-${++made}`,
    });
    // As a database would give them back.
    open = openConditions(structuredClone([...held.open.values()]));
    return held.changes.notices.map(({ kind, because, alert }) => `${alert.id} ${kind} ${because} ${alert.count}`);
  });
  return { notices, open };
}

test('what holds opens one alert, and is no news while it lasts', () => {
  const { notices, open } = live(holds(gap(1)), holds(gap(1)), holds(gap(1)));
  expect(notices).toEqual([['a-1 opened first 1'], [], []]);
  expect([...open.values()].map(({ alert }) => alert)).toEqual([
    {
      id: 'a-1',
      kind: 'condition',
      dedupeKey: 'coverage-gap|squid',
      rule: 'coverage-gap',
      title: 'A gap',
      severity: 'medium',
      state: 'open',
      firstSeen: '2026-11-25T14:00:00.000Z',
      lastSeen: '2026-11-25T14:00:00.000Z',
      count: 1,
      source: 'squid',
      gateway: 'gw1',
      explanation: '1 lines were cut.',
      nextSteps: ['Look.'],
      ledger: { seq: 3, hash: 'ab' },
    },
  ]);
});

test('what no longer holds is closed as mended, and when it comes again it is another alert', () => {
  const { notices } = live(holds(gap(1)), holds(), holds(), holds(gap(1)));
  expect(notices).toEqual([['a-1 opened first 1'], ['a-1 closed mended 1'], [], ['a-2 opened first 1']]);
});

test('what cannot be determined stays as it is, and opens nothing', () => {
  const unknown: Evaluation = { holding: [], undetermined: new Set(['coverage-gap|squid', 'coverage-gap|sftp']) };
  const { notices, open } = live(holds(gap(1)), unknown, unknown, holds(gap(1)), holds());
  expect(notices).toEqual([['a-1 opened first 1'], [], [], [], ['a-1 closed mended 1']]);
  expect(open.size).toBe(0);
});

test('it is told again when it shows twice as often, at every power of two, and the last number when it closes', () => {
  const { notices } = live(...[1, 2, 3, 5, 7, 8].map((count) => holds(gap(count))), holds());
  expect(notices).toEqual([
    ['a-1 opened first 1'],
    ['a-1 updated count-doubled 2'],
    [],
    ['a-1 updated count-doubled 5'],
    [],
    ['a-1 updated count-doubled 8'],
    ['a-1 closed mended 8'],
  ]);
});

test('it is told at once when it becomes graver, under a count of its own, and never becomes less grave', () => {
  const { notices, open } = live(
    holds(gap(3)),
    holds(gap(3, { severity: 'high' })),
    holds(gap(2, { severity: 'low' })),
  );
  expect(notices).toEqual([['a-1 opened first 3'], ['a-1 updated more-severe 4'], []]);
  expect([...open.values()].map(({ alert }) => [alert.severity, alert.count])).toEqual([['high', 4]]);
});

test('a condition of another source is another alert', () => {
  const { notices } = live(holds(gap(1), gap(1, { subject: 'sftp', source: 'sftp' })), holds(gap(1)));
  expect(notices).toEqual([['a-1 opened first 1', 'a-2 opened first 1'], ['a-2 closed mended 1']]);
});

test('how long it lasted is known when it ends', () => {
  const lasting = (minutes: number) => holds(gap(1, { lastMs: T0 + minutes * MINUTE }));
  let open = openConditions([]);
  const context = { gateway: 'gw1', nowMs: T0, ledger: { seq: 1, hash: 'a' }, newId: () => 'a-1' };
  for (const minutes of [0, 1, 2]) open = holdAgainst(open, lasting(minutes), context).open;
  const [closed] = holdAgainst(open, holds(), context).changes.alerts;
  expect(closed?.alert).toMatchObject({
    state: 'closed',
    closedBecause: 'mended',
    firstSeen: '2026-11-25T14:00:00.000Z',
    lastSeen: '2026-11-25T14:02:00.000Z',
  });
});
