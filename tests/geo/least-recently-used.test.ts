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
