import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readIso } from '../../src/time/iso.ts';

const WALL = Date.UTC(2026, 10, 24, 4, 11, 27);

test('The forms of ISO 8601 that logs use are read, and where they end', () => {
  expect(readIso('2026-11-24T04:11:27Z')).toEqual({ wallMs: WALL, offsetMs: 0, end: 20 });
  expect(readIso('2026-11-24T04:11:27.537206+00:00 gw1')).toEqual({ wallMs: WALL + 537, offsetMs: 0, end: 32 });
  expect(readIso('2026-11-24T04:11:27+0530')).toEqual({ wallMs: WALL, offsetMs: 19_800_000, end: 24 });
  expect(readIso('2026-11-24T04:11:27-05')).toEqual({ wallMs: WALL, offsetMs: -18_000_000, end: 22 });
  expect(readIso('2026-11-24 04:11:27,5')).toEqual({ wallMs: WALL + 500, end: 21 });
  expect(readIso('<38>2026-11-24T04:11:27 x', 4)).toEqual({ wallMs: WALL, end: 23 });
});

test('What is no timestamp is nothing', () => {
  for (const text of [
    '',
    '2026',
    '2026-11-24',
    '2026-13-24T04:11:27Z',
    '2026-11-24T25:11:27Z',
    '2026-1a-24T04:11:27Z',
  ]) {
    expect(readIso(text)).toBeUndefined();
  }
});

test('Every instant that Date prints is read back to the millisecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      expect(readIso(date.toISOString())).toEqual({ wallMs: date.getTime(), offsetMs: 0, end: 24 });
    }),
  );
});

test('A year that is no number is no date', () => {
  expect(readIso('2@26-11-24T04:12:39Z')).toBeUndefined();
});
