import { expect, test } from 'vitest';
import { evaluate } from '../../src/conditions/evaluate.ts';
import type { SinkFacts } from '../../src/conditions/facts.ts';
import { facts, MINUTE, NOW, SETTINGS } from './facts.ts';

function judged(sink: Omit<SinkFacts, 'name'>) {
  const { holding, undetermined } = evaluate({ ...facts(), sinks: [{ name: 'splunk', ...sink }] }, SETTINGS);
  return {
    holding: holding.map(({ words: _, ...rest }) => rest),
    undetermined: [...undetermined],
    said: holding[0]?.words(),
  };
}

function trouble(isHeld: boolean, minutes: number): NonNullable<SinkFacts['trouble']> {
  return { isHeld, because: 'status 503', sinceMs: NOW - minutes * MINUTE };
}

test('a sink that fails is told after five minutes', () => {
  expect(judged({ isKnown: true, trouble: trouble(false, 4) })).toMatchObject({
    holding: [],
    undetermined: ['sink-failing|splunk'],
  });
  expect(judged({ isKnown: true, trouble: trouble(false, 5) })).toMatchObject({
    holding: [
      {
        id: 'sink-failing',
        subject: 'splunk',
        severity: 'high',
        sinceMs: NOW - 5 * MINUTE,
        lastMs: NOW,
        count: 1,
      },
    ],
    said: {
      title: 'Sink splunk takes no alerts',
      explanation: expect.stringContaining('since 2026-11-25 13:55:00 UTC: status 503.'),
    },
  });
});

test('one that waits for the operator is told at once', () => {
  expect(judged({ isKnown: true, trouble: trouble(true, 0) }).holding).toHaveLength(1);
});

test('one that takes alerts is well, and of one that was not tried nothing can be said', () => {
  expect(judged({ isKnown: true })).toEqual({ holding: [], undetermined: [], said: undefined });
  expect(judged({ isKnown: false }).undetermined).toEqual(['sink-failing|splunk']);
});
