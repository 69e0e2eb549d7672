import { expect, test } from 'vitest';
import { readRetryAfter } from '../../src/time/retry-after.ts';

const NOW = Date.UTC(2026, 10, 25, 14, 0, 0);

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Wed, 25 Nov 2026 14:01:00 GMT', 60_000],
  ['99999999', undefined],
  ['9999999', 604_800_000],
  ['Wed, 25 Nov 2026 13:59:00 GMT', undefined],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
])('Retry-After: %s', (text, ms) => {
  expect(readRetryAfter(text, NOW)).toBe(ms);
});

test('nothing is nothing', () => {
  expect(readRetryAfter(undefined, NOW)).toBeUndefined();
});
