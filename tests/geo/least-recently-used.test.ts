import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeastRecentlyUsed } from '../../src/geo/least-recently-used.ts';

test('what was asked for longest ago is given up', () => {
  const map = new LeastRecentlyUsed<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
});

test('setting a key again makes no room', () => {
  const map = new LeastRecentlyUsed<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('b', 3);
  expect([map.get('a'), map.get('b')]).toEqual([1, 3]);
});

test('the latest half of what was used always stays, and never more than the capacity', () => {
  const key = fc.integer({ min: 0, max: 9 });
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      const map = new LeastRecentlyUsed<number, number>(6);
      for (const it of keys) if (map.get(it) === undefined) map.set(it, it);
      const latest = [...new Set(keys.toReversed())].slice(0, 3);
      expect(latest.map((it) => map.get(it))).toEqual(latest);
    }),
  );
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      const map = new LeastRecentlyUsed<number, number>(6);
      for (const it of keys) map.set(it, it);
      const kept = Array.from({ length: 10 }, (_, it) => it).filter((it) => map.get(it) !== undefined);
      expect(kept.length).toBeLessThanOrEqual(6);
    }),
  );
});
