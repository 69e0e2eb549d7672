import { expect, test } from 'vitest';
import { inNearestYearMs } from '../../src/time/year.ts';
import { zoneNamed } from '../../src/time/zone.ts';

/** Reads `12-31 23:59:58`. */
function inYear(text: string, writtenBefore: string, zone = 'UTC'): string | undefined {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D/).map(Number);
  const reading = { month, day, hour, minute, second, millisecond: 0 };
  const timeMs = inNearestYearMs(reading, zoneNamed(zone), Date.parse(writtenBefore));
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}

test('A date without a year is in the year that puts it nearest before the line was written', () => {
  expect(inYear('11-24 04:11:28', '2026-11-24T05:00:00Z')).toBe('2026-11-24T04:11:28.000Z');
  expect(inYear('11-24 04:11:28', '2027-06-01T00:00:00Z')).toBe('2026-11-24T04:11:28.000Z');
  expect(inYear('11-26 04:11:28', '2026-11-24T05:00:00Z')).toBe('2025-11-26T04:11:28.000Z');
});

test('Lines of December that are read in January are of last year', () => {
  expect(inYear('12-31 23:59:58', '2027-01-01T00:00:05Z')).toBe('2026-12-31T23:59:58.000Z');
  expect(inYear('01-01 00:00:02', '2027-01-01T00:00:05Z')).toBe('2027-01-01T00:00:02.000Z');
});

test('A clock that runs ahead by less than a day does not throw a line back by a year', () => {
  expect(inYear('01-01 00:00:30', '2026-12-31T23:59:59Z')).toBe('2027-01-01T00:00:30.000Z');
  expect(inYear('11-24 04:12:00', '2026-11-24T04:11:00Z')).toBe('2026-11-24T04:12:00.000Z');
});

test('29 February is the latest there was', () => {
  expect(inYear('02-29 12:00:00', '2026-11-24T00:00:00Z')).toBe('2024-02-29T12:00:00.000Z');
  expect(inYear('02-29 12:00:00', '2028-03-01T00:00:00Z')).toBe('2028-02-29T12:00:00.000Z');
  // 2100 is no leap year.
  expect(inYear('02-29 12:00:00', '2103-01-01T00:00:00Z')).toBe('2096-02-29T12:00:00.000Z');
});

test('The year turns at midnight of the zone', () => {
  // Half past eight in the evening of 31 December in New York is already next year in UTC.
  expect(inYear('12-31 20:30:00', '2027-01-01T01:31:00Z', 'America/New_York')).toBe('2027-01-01T01:30:00.000Z');
  expect(inYear('01-01 00:30:00', '2026-12-31T10:31:00Z', 'Pacific/Kiritimati')).toBe('2026-12-31T10:30:00.000Z');
});

test('A date that no year has is nothing', () => {
  expect(inYear('02-30 12:00:00', '2026-11-24T00:00:00Z')).toBeUndefined();
  expect(inYear('13-01 12:00:00', '2026-11-24T00:00:00Z')).toBeUndefined();
});
