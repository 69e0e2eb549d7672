import { expect, test } from 'vitest';
import { evaluate } from '../../src/conditions/evaluate.ts';
import { facts, MINUTE, NOW, SETTINGS } from './facts.ts';

test('alerts that a sink refused are told until they are seen to', () => {
  const refused = { count: 3, sinceMs: NOW - 9 * MINUTE, lastMs: NOW - MINUTE, because: 'status 400' };
  const { holding } = evaluate({ ...facts(), sinks: [{ name: 'siem', isKnown: true, refused }] }, SETTINGS);
  expect(holding).toEqual([
    {
      id: 'alerts-refused',
      subject: 'siem',
      severity: 'high',
      sinceMs: NOW - 9 * MINUTE,
      lastMs: NOW - MINUTE,
      count: 3,
      words: expect.any(Function),
    },
  ]);
  expect(holding[0]?.words().explanation).toContain(
    'has refused 3 alerts for good, the latest because of: status 400.',
  );
  expect(evaluate({ ...facts(), sinks: [{ name: 'siem', isKnown: true }] }, SETTINGS).holding).toEqual([]);
});
