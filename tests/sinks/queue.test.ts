import { expect, test } from 'vitest';
import { addressNotices } from '../../src/sinks/queue.ts';
import { alert } from './alerts.ts';

test('a notice goes to each sink that asks for its severity', () => {
  const sinks = [
    { name: 'all', minSeverity: 'info' },
    { name: 'urgent', minSeverity: 'critical' },
    { name: 'high', minSeverity: 'high' },
  ] as const;
  const high = alert({ severity: 'high' });
  const critical = alert({ severity: 'critical', state: 'updated', count: 2 });
  const entries = addressNotices(
    [
      { kind: 'opened', because: 'first', alert: high },
      { kind: 'updated', because: 'more-severe', alert: critical },
    ],
    sinks,
  );
  expect(entries.map(({ sink, eventId }) => [sink, eventId])).toEqual([
    ['all', 'a-1f6b0c5be0e1b8e2a4d39c77.open.1'],
    ['high', 'a-1f6b0c5be0e1b8e2a4d39c77.open.1'],
    ['all', 'a-1f6b0c5be0e1b8e2a4d39c77.updated.2'],
    ['urgent', 'a-1f6b0c5be0e1b8e2a4d39c77.updated.2'],
    ['high', 'a-1f6b0c5be0e1b8e2a4d39c77.updated.2'],
  ]);
  expect(entries[3]?.alert).toBe(critical);
});
