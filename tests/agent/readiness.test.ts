import { expect, test } from 'vitest';
import { readinessOf } from '../../src/agent/readiness.ts';

const NO_TROUBLE = new Map<string, string>();

test('who has looked at all sources and stored what they gave is ready', () => {
  expect(readinessOf({ phase: 'running', sourceTroubles: NO_TROUBLE })).toEqual({ kind: 'ready' });
});

test.each([
  ['starting', 'the sources were not looked at yet'],
  ['stopping', 'the agent is stopping'],
] as const)('who is %s is not ready', (phase, because) => {
  expect(readinessOf({ phase, sourceTroubles: NO_TROUBLE })).toEqual({ kind: 'not-ready', because });
});

test('all that is wrong is said in one line', () => {
  const sourceTroubles = new Map([
    ['squid', 'EACCES'],
    ['sftp', 'EIO'],
  ]);
  expect(readinessOf({ phase: 'running', storeTrouble: 'SQLITE_FULL', sourceTroubles })).toEqual({
    kind: 'not-ready',
    because:
      'the state cannot be written (SQLITE_FULL); source squid cannot be read (EACCES); source sftp cannot be read (EIO)',
  });
});
