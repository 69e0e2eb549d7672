import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formats, readerFor } from '../../../src/formats/registry.ts';
import { linesOf, primedReader, WRITTEN_BEFORE_MS } from '../fixtures.ts';

const context = { writtenBeforeMs: WRITTEN_BEFORE_MS };
const UTC = { timezone: 'UTC' };

/** The message behind a header, in each form that gateways write. */
const FORMS: Readonly<Record<string, (message: string) => string>> = {
  'RFC 3164': (message) => `Nov 24 04:11:28 gw1 prog[42]: ${message}`,
  'RFC 3164 with a priority': (message) => `<134>Nov 24 04:11:28 gw1 prog[42]: ${message}`,
  'RFC 3164 without a pid': (message) => `Nov 24 04:11:28 gw1 prog: ${message}`,
  'RFC 3164 with a day of one digit': (message) => `Nov  4 04:11:28 gw1 prog[42]: ${message}`,
  'RFC 3164 with a day filled with a zero': (message) => `Nov 04 04:11:28 gw1 prog[42]: ${message}`,
  'RFC 3164 with one blank before the day': (message) => `Nov 4 04:11:28 gw1 prog[42]: ${message}`,
  'rsyslog, ISO 8601': (message) => `2026-11-24T04:11:28.752034+00:00 gw1 prog[42]: ${message}`,
  'RFC 5424': (message) => `<134>1 2026-11-24T04:11:28.752Z gw1 prog 42 - - ${message}`,
  'RFC 5424 with structured data and a byte order mark': (message) =>
    `<134>1 2026-11-24T04:11:28Z gw1 prog 42 id [x@1 k="a\\"] b"] \uFEFF${message}`,
  'JSON by rsyslog': (message) =>
    JSON.stringify({ '@timestamp': '2026-11-24T04:11:28Z', host: 'gw1', program: 'prog', message: ` ${message}` }),
  'JSON by journalctl': (message) =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: '1795493488752034',
      _HOSTNAME: 'gw1',
      SYSLOG_IDENTIFIER: 'prog',
      MESSAGE: message,
    }),
  'journalctl -o short-full': (message) => `Tue 2026-11-24 04:11:28 UTC gw1 prog[42]: ${message}`,
};

/** Of a sample that stands behind a header already. */
const HAS_HEADER = /^(?:<\d+>)?(?:\w{3} \d|\d{4}-\d\d-\d\dT)/;

test.each(Object.keys(FORMS))('A line of any format reads behind %s as it does alone', (form) => {
  for (const format of formats) {
    // sshd has no log of its own: its samples bring their headers.
    if (format.name === 'openssh') continue;
    const read = primedReader(format, 'UTC');
    for (const { line } of format.samples) {
      const alone = read(line, context);
      if (alone.kind !== 'record' || HAS_HEADER.test(line)) continue;
      expect(read(FORMS[form]?.(line) ?? '', context), `${format.name} ${line}`).toEqual(alone);
    }
  }
});

test('A header is never taken for the fields of a line: the client of a line behind one is still the client', () => {
  const message = linesOf('nginx/combined.log')[2] ?? '';
  for (const name of ['nginx', 'apache-combined']) {
    for (const line of [
      'Nov 24 04:09:22 gw1 nginx: ',
      '2026-11-24T04:09:22+00:00 gw1 nginx: ',
      '<190>Nov 24 04:09:22 gw1 nginx: ',
    ]) {
      const reading = readerFor(name, UTC)(line + message, context);
      expect(reading, line).toMatchObject({
        kind: 'record',
        record: { client: { ip: '127.80.0.5' }, bytesToClient: 500_000 },
      });
    }
  }
});

test('What a reader says of a line does not depend on the lines before it', () => {
  const lines = [...linesOf('squid/native.log').slice(0, 4), ...linesOf('squid/syslog_iso.log').slice(0, 4), 'garbage'];
  const alone = lines.map((line) => readerFor('squid', UTC)(line, context));
  fc.assert(
    fc.property(fc.shuffledSubarray(lines.map((_, index) => index)), (order) => {
      const read = readerFor('squid', UTC);
      for (const index of order) expect(read(lines[index] ?? '', context)).toEqual(alone[index]);
    }),
    { numRuns: 50 },
  );
});

const CONNECT = 'haproxy[1]: Connect from 192.0.2.99:39656 to 10.0.0.1:9004 (fe_default/HTTP)';

/** When a line without year and zone was written, by a clock in the zone, as the reader tells it. */
function instantOf(stamp: string, timezone: string, writtenBefore: string): string {
  const reading = readerFor('haproxy', { timezone })(`${stamp} gw1 ${CONNECT}`, {
    writtenBeforeMs: Date.parse(writtenBefore),
  });
  return reading.kind === 'record' ? new Date(reading.record.timeMs).toISOString() : reading.because;
}

test('A header without a year is of the year that puts it nearest before the file was written, over New Year too', () => {
  expect(instantOf('Dec 31 23:59:59', 'UTC', '2027-01-01T00:00:05Z')).toBe('2026-12-31T23:59:59.000Z');
  expect(instantOf('Jan  1 00:00:01', 'UTC', '2027-01-01T00:00:05Z')).toBe('2027-01-01T00:00:01.000Z');
  // A sender whose clock is a little ahead has the new year before the file does.
  expect(instantOf('Jan  1 00:00:01', 'UTC', '2026-12-31T23:59:58Z')).toBe('2027-01-01T00:00:01.000Z');
  expect(instantOf('Feb 29 12:00:00', 'UTC', '2027-03-01T00:00:00Z')).toBe('2024-02-29T12:00:00.000Z');
  // In Sydney the year begins eleven hours before it does in Greenwich.
  expect(instantOf('Jan  1 00:30:00', 'Australia/Sydney', '2026-12-31T14:00:00Z')).toBe('2026-12-31T13:30:00.000Z');
  expect(instantOf('Dec 31 23:30:00', 'America/New_York', '2027-01-01T05:00:00Z')).toBe('2027-01-01T04:30:00.000Z');
});

test('A header without a zone follows daylight saving: an hour that comes twice is the latest that the file allows', () => {
  const newYork = 'America/New_York';
  // 1 November 2026, 02:00 EDT: the clock goes back to 01:00 EST.
  expect(instantOf('Nov  1 00:59:59', newYork, '2026-11-02T00:00:00Z')).toBe('2026-11-01T04:59:59.000Z');
  expect(instantOf('Nov  1 01:30:00', newYork, '2026-11-01T05:45:00Z')).toBe('2026-11-01T05:30:00.000Z');
  expect(instantOf('Nov  1 01:30:00', newYork, '2026-11-02T00:00:00Z')).toBe('2026-11-01T06:30:00.000Z');
  expect(instantOf('Nov  1 02:00:00', newYork, '2026-11-02T00:00:00Z')).toBe('2026-11-01T07:00:00.000Z');
  // 14 March 2027, 02:00 EST: the clock goes on to 03:00 EDT, and 02:30 is never shown.
  expect(instantOf('Mar 14 01:59:59', newYork, '2027-03-15T00:00:00Z')).toBe('2027-03-14T06:59:59.000Z');
  expect(instantOf('Mar 14 02:30:00', newYork, '2027-03-15T00:00:00Z')).toBe('2027-03-14T07:30:00.000Z');
  expect(instantOf('Mar 14 03:00:00', newYork, '2027-03-15T00:00:00Z')).toBe('2027-03-14T07:00:00.000Z');
});

test('A zone that is written in the header wins over that of the source', () => {
  expect(instantOf('2026-11-24T04:11:28+05:30', 'America/New_York', '2026-12-01T00:00:00Z')).toBe(
    '2026-11-23T22:41:28.000Z',
  );
  expect(instantOf('2026-11-24T04:11:28', 'America/New_York', '2026-12-01T00:00:00Z')).toBe('2026-11-24T09:11:28.000Z');
});
