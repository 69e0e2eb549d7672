import { expect, test } from 'vitest';
import { backoffMs } from '../../src/sinks/backoff.ts';

test('waits double from one second to five minutes', () => {
  const longest = [1, 2, 3, 8, 9, 10, 2_000].map((failures) => backoffMs(failures, 1));
  expect(longest).toEqual([1_000, 2_000, 4_000, 128_000, 256_000, 300_000, 300_000]);
});

test('chance takes off any part of it', () => {
  expect(backoffMs(3, 0)).toBe(0);
  expect(backoffMs(3, 0.25)).toBe(1_000);
});

test('what the destination asks for is held to, up to five minutes', () => {
  expect(backoffMs(1, 0, 30_000)).toBe(30_000);
  expect(backoffMs(1, 0, 86_400_000)).toBe(300_000);
  expect(backoffMs(10, 0.5, 1)).toBe(150_000);
});
