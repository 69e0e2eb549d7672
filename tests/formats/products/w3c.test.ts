import { expect, test } from 'vitest';
import { inFileOrder, type Reading } from '../../../src/formats/format.ts';
import { formatFor, readerFor } from '../../../src/formats/registry.ts';
import type { FormatChoice } from '../../../src/sources/settings.ts';
import { recordOf, WRITTEN_BEFORE_MS } from '../fixtures.ts';

/** The lines of one file, in their order. */
function readAll(choice: FormatChoice, lines: readonly string[]): readonly Reading[] {
  const read = inFileOrder(readerFor(choice, { timezone: 'America/New_York' }));
  return lines.map((line) => read(line, { writtenBeforeMs: WRITTEN_BEFORE_MS }));
}

const because = (reading: Reading | undefined) => (reading?.kind === 'unreadable' ? reading.because : reading?.kind);

test('without its header a line is unreadable, and the reason says so', () => {
  const [reading] = readAll({ w3c: true }, ['2026-11-24 04:04:56 10.1.2.3 GET /a 200 700 90']);
  expect(because(reading)).toBe("the file's #Fields line was not seen, so nobody can tell which value is which");
  const [iis] = readAll('iis', ['2026-11-24 04:04:56 10.0.0.5 GET /a 200 700 90']);
  expect(because(iis)).toBe(because(reading));
});

test("without its header a line with as many values as the product's default fields is read by them", () => {
  const line = '2026-11-24 04:04:56 10.0.0.5 GET /charts/a.pdf - 443 - 192.0.2.17 curl/8.5.0 - 200 0 0 93';
  const [reading] = readAll('iis', [line]);
  expect(reading && recordOf(reading)).toMatchObject({
    client: { ip: '192.0.2.17' },
    url: '/charts/a.pdf',
    status: 200,
  });
});

test('a header in the middle of a file holds from there on', () => {
  const readings = readAll('iis', [
    '#Fields: date time c-ip cs-method cs-uri-stem sc-bytes cs-bytes',
    '2026-11-24 04:04:56 192.0.2.17 GET /a 700 90',
    '#Fields: date time c-ip cs-method cs-uri-stem cs-bytes sc-bytes',
    '2026-11-24 04:04:57 192.0.2.17 GET /a 90 700',
  ]);
  const sizes = [readings[1], readings[3]]
    .map((it) => it && recordOf(it))
    .map((it) => [it?.bytesToServer, it?.bytesToClient]);
  expect(sizes).toEqual([
    [90, 700],
    [90, 700],
  ]);
});

test.each([
  ['more values than #Fields names', '2026-11-24 04:04:56 10.1.2.3 700 90 x'],
  ['fewer', '2026-11-24 04:04:56 10.1.2.3 700'],
])('a line with %s is unreadable: nobody can tell where it went wrong', (_, line) => {
  const readings = readAll({ w3c: true }, ['#Fields: date time c-ip cs-bytes sc-bytes', line]);
  expect(because(readings[1])).toBe('the line holds more or fewer values than #Fields names');
});

test('a line whose values are not where #Fields has them is unreadable, and the reason names the field', () => {
  const read = inFileOrder(formatFor({ w3c: true }).reader({ timezone: 'UTC' }));
  read('#Fields: date time c-ip cs-bytes sc-bytes', { writtenBeforeMs: WRITTEN_BEFORE_MS });
  const reading = read('2026-11-24 04:04:56 10.1.2.3 GET 90', { writtenBeforeMs: WRITTEN_BEFORE_MS });
  expect(because(reading)).toBe('something else than a number stands under cs-bytes');
});

test('the log of another product is refused: the same field means something else there', () => {
  const [, , reading] = readAll('proxysg', [
    '#Software: Microsoft Internet Information Services 10.0',
    '#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status sc-win32-status',
    '2026-11-24 04:04:56 10.0.0.5 GET /a 192.0.2.17 200 0',
  ]);
  expect(because(reading)).toBe("the file's header is that of another product: choose its format, or w3c");
});

test('times are UTC whatever the zone of the source, and the day comes from the header where lines have none', () => {
  const readings = readAll({ w3c: true }, [
    '#Date: 2026-11-23 22:00:00',
    '#Fields: time c-ip cs-method cs-uri',
    '22:00:01 10.1.2.3 GET http://h.example/',
    '00:00:01 10.1.2.3 GET http://h.example/',
  ]);
  const times = readings.slice(2).map((it) => new Date(recordOf(it).timeMs).toISOString());
  expect(times).toEqual(['2026-11-23T22:00:01.000Z', '2026-11-24T00:00:01.000Z']);
});

test("of ProxySG, a parent proxy is told from the server by its name, and its address is not the server's", () => {
  const fields =
    '#Fields: date time c-ip s-supplier-name s-supplier-ip sc-status s-action cs-method cs-uri-scheme cs-host cs-uri-port cs-uri-path sc-bytes cs-bytes';
  const [, direct, parent] = readAll('proxysg', [
    fields,
    '2026-11-24 04:04:56 10.1.2.3 Up.Vendor.Example 192.0.2.9 200 TCP_NC_MISS POST http up.vendor.example 80 /in 90 700',
    '2026-11-24 04:04:56 10.1.2.3 proxy.isp.example 198.51.100.4 200 TCP_NC_MISS POST http up.vendor.example 80 /in 90 700',
  ]).map((it) => (it.kind === 'record' ? it.record : undefined));
  expect(direct).toMatchObject({ server: { ip: '192.0.2.9', host: 'up.vendor.example' }, reached: 'server' });
  expect(parent?.server).toEqual({ port: 80, host: 'up.vendor.example' });
  expect(parent?.reached).toBe('parent-proxy');
});

test.each([
  ['TCP_HIT', 200, { outcome: 'success', reached: 'nobody' }],
  ['TCP_ERR_MISS', 503, { outcome: 'failure', reached: 'server' }],
  ['TCP_MISS', 503, { outcome: 'failure', reached: 'server' }],
  ['TCP_TUNNELED', 200, { kind: 'http', outcome: 'success', reached: 'server' }],
  ['TCP_TUNNELED', 0, { kind: 'flow', outcome: 'success', reached: 'server' }],
])('of ProxySG, %s with status %i', (action, status, expected) => {
  const [, reading] = readAll('proxysg', [
    '#Fields: date time c-ip sc-status s-action cs-method cs-uri-scheme cs-host cs-uri-port cs-uri-path sc-bytes cs-bytes',
    `2026-11-24 04:04:56 10.1.2.3 ${status} ${action} CONNECT tcp up.vendor.example 443 / 90 70021`,
  ]);
  expect(reading && recordOf(reading)).toMatchObject(expected);
});

test('in the W3C log of a Cisco appliance s-ip is the server, which in all others is the one that logs', () => {
  const lines = (software: string) => [
    `#Software: ${software}`,
    '#Fields: timestamp x-elapsed-time c-ip x-resultcode-httpstatus cs-bytes sc-bytes cs-method cs-url s-hierarchy s-ip x-acltag',
    '1795493096.168 151 10.1.2.3 TCP_MISS/201 1048840 312 POST http://up.vendor.example/in DIRECT 192.0.2.9 DEFAULT_CASE_12',
  ];
  const [, , cisco] = readAll({ w3c: true }, lines('AsyncOS for Web 14.5.0'));
  expect(cisco && recordOf(cisco)).toMatchObject({
    server: { ip: '192.0.2.9', port: 80, host: 'up.vendor.example' },
    bytesToServer: 1_048_840,
    bytesToClient: 312,
    outcome: 'success',
    reached: 'server',
  });
  const other = lines('Some Proxy 1').map((it) => it.replace(' x-acltag', ' x-tag'));
  const [, , unknown] = readAll({ w3c: true }, other);
  expect(unknown && recordOf(unknown).server).toEqual({ host: 'up.vendor.example', port: 80 });
});
