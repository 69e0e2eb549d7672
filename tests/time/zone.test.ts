import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wallClockMs } from '../../src/time/wall-clock.ts';
import { zoneNamed } from '../../src/time/zone.ts';

const LATER = Date.UTC(2030, 0, 1);

function toIso(zone: string, wall: string, writtenBeforeMs = LATER): string {
  return new Date(zoneNamed(zone).toUtcMs(Date.parse(`${wall}Z`), writtenBeforeMs)).toISOString();
}

test('A wall clock reading becomes UTC by the offset that held at that moment', () => {
  expect(toIso('America/New_York', '2026-11-24T08:00:00')).toBe('2026-11-24T13:00:00.000Z');
  expect(toIso('America/New_York', '2026-07-01T08:00:00')).toBe('2026-07-01T12:00:00.000Z');
  expect(toIso('Asia/Kolkata', '2026-07-01T08:00:00')).toBe('2026-07-01T02:30:00.000Z');
  expect(toIso('UTC', '2026-07-01T08:00:00.123')).toBe('2026-07-01T08:00:00.123Z');
});

test('A reading in the hour that is skipped in spring moves forward by an hour', () => {
  // 02:30 was never shown on 8 March 2026; an hour later it was 03:30 EDT, which is 07:30 UTC.
  expect(toIso('America/New_York', '2026-03-08T02:30:00')).toBe('2026-03-08T07:30:00.000Z');
  expect(toIso('America/New_York', '2026-03-08T01:59:59')).toBe('2026-03-08T06:59:59.000Z');
  expect(toIso('America/New_York', '2026-03-08T03:00:00')).toBe('2026-03-08T07:00:00.000Z');
});

test('A reading in the hour that is shown twice is the one nearest before the line was written', () => {
  // 01:30 on 1 November 2026 was 05:30 UTC (EDT), and an hour later 06:30 UTC (EST).
  const wall = '2026-11-01T01:30:00';
  expect(toIso('America/New_York', wall, Date.parse('2026-11-01T05:31:00Z'))).toBe('2026-11-01T05:30:00.000Z');
  expect(toIso('America/New_York', wall, Date.parse('2026-11-01T06:31:00Z'))).toBe('2026-11-01T06:30:00.000Z');
  expect(toIso('America/New_York', wall)).toBe('2026-11-01T06:30:00.000Z');
});

test('Half-hour changes and zones on the southern half of the earth are right too', () => {
  // Lord Howe Island goes from +10:30 to +11 on 4 October 2026 at 02:00, which is 15:30 UTC the day before.
  expect(toIso('Australia/Lord_Howe', '2026-10-04T01:59:00')).toBe('2026-10-03T15:29:00.000Z');
  expect(toIso('Australia/Lord_Howe', '2026-10-04T02:15:00')).toBe('2026-10-03T15:45:00.000Z');
  expect(toIso('Australia/Lord_Howe', '2026-10-04T02:30:00')).toBe('2026-10-03T15:30:00.000Z');
});

test('A zone that does not exist is refused', () => {
  expect(() => zoneNamed('America/Gotham')).toThrow(RangeError);
});

test('Every instant that Intl shows as a wall clock reading is found again, or its double', () => {
  const zones = ['America/New_York', 'Europe/London', 'Asia/Kolkata', 'Pacific/Auckland', 'America/St_Johns'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2010, 0, 1) / 1_000, max: Date.UTC(2029, 0, 1) / 1_000 }),
      (name, seconds) => {
        const utcMs = seconds * 1_000;
        const shown = new Intl.DateTimeFormat('sv-SE', {
          timeZone: name,
          dateStyle: 'short',
          timeStyle: 'medium',
        }).format(utcMs);
        const found = zoneNamed(name).toUtcMs(Date.parse(`${shown.replace(' ', 'T')}Z`), utcMs);
        expect(found).toBe(utcMs);
      },
    ),
    { numRuns: 300 },
  );
});

test('A date that does not exist is no wall clock reading', () => {
  expect(wallClockMs(2026, 2, 29, 0, 0, 0)).toBeUndefined();
  expect(wallClockMs(2028, 2, 29, 0, 0, 0)).toBe(Date.UTC(2028, 1, 29));
  expect(wallClockMs(2026, 4, 31, 0, 0, 0)).toBeUndefined();
  expect(wallClockMs(2026, 13, 1, 0, 0, 0)).toBeUndefined();
  expect(wallClockMs(2026, 1, 1, 24, 0, 0)).toBeUndefined();
  expect(wallClockMs(2026, 1, Number.NaN, 0, 0, 0)).toBeUndefined();
  expect(wallClockMs(2016, 12, 31, 23, 59, 60)).toBe(Date.UTC(2017, 0, 1));
});

test('The day count agrees with Date for every date from 1 to 9999', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9_999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
      (year, month, day) => {
        const iso = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        expect(wallClockMs(year, month, day, 0, 0, 0)).toBe(Date.parse(`${iso}T00:00:00Z`));
      },
    ),
  );
});
