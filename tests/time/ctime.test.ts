import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCtime } from '../../src/time/ctime.ts';

const NOV_4 = Date.UTC(2026, 10, 4, 4, 14, 9);

test.each([
  ['Wed Nov  4 04:14:09 2026', 24],
  ['Wed Nov 04 04:14:09 2026', 24],
  ['Wed Nov 4 04:14:09 2026', 23],
])('%s is read, whatever the day is padded with', (text, end) => {
  expect(readCtime(text)).toEqual({ wallMs: NOV_4, end });
  expect(readCtime(`>> ${text} more`, 3)).toEqual({ wallMs: NOV_4, end: end + 3 });
});

test.each([
  '',
  'Wed Nov  4 04:14:09',
  'Wed Nov 31 04:14:09 2026',
  'Wed Nvo  4 04:14:09 2026',
  'Wed Nov  4 24:14:09 2026',
  'Wed Nov  4 04-14-09 2026',
  'Wed Nov 4  04:14:09 2026',
  '2026-11-04 04:14:09',
])('%j is no time', (text) => {
  expect(readCtime(text)).toBeUndefined();
});

test('Every second that ctime can write is read back', () => {
  const date = fc.date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (it) => {
      // `Sun, 04 Nov 2026 04:14:09 GMT`
      const [weekday = '', day = '', month = '', year = '', time = ''] = it.toUTCString().replace(',', '').split(' ');
      const text = `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
      expect(readCtime(text)?.wallMs).toBe(Math.floor(it.getTime() / 1_000) * 1_000);
    }),
  );
});
