import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OperatorError } from '../../../../src/errors/problem.ts';
import { parseLogformat } from '../../../../src/formats/products/squid/logformat.ts';
import { formatFor, readerFor } from '../../../../src/formats/registry.ts';
import { readOne, recordOf } from '../../fixtures.ts';

function problemOf(logformat: string) {
  try {
    formatFor({ squid: logformat });
  } catch (error) {
    if (error instanceof OperatorError) return error.problems[0];
    throw error;
  }
  throw new Error('The logformat was taken');
}

test('A code that Squid does not have is refused with its name, its column and what is like it', () => {
  expect(problemOf('%ts.%03tu %>a %zz')).toEqual({
    code: 'format.bad-template',
    what: 'Cannot read %zz at column 15 of the logformat: Squid has no such code',
    todo: expect.stringMatching(/^write one of %/),
  });
  const sni = problemOf('%ts %ssl::>snj');
  expect(sni?.what).toContain('%ssl::>snj at column 5');
  expect(sni?.todo).toContain('%ssl::>sni');
});

test('A logformat that tells no time, or whose fields cannot be told apart, is refused', () => {
  expect(problemOf('%>a %ru')?.what).toBe('Found no time in the logformat');
  expect(problemOf('no codes')?.what).toBe('Found no % code in the logformat');
  expect(problemOf('%ts %>a%ru')?.what).toBe('Cannot tell where the field before column 8 of the logformat ends');
  expect(problemOf('%{%H:%M}tl %>a')?.what).toContain('column 1 of the logformat: it does not tell the year');
});

test('The longest code that fits is taken, with its modifiers and its argument on either side', () => {
  const { fields, after } = parseLogformat(
    `a%%b %-10>ha %06.3tr [%{X-Id:;id}note] "%http::>st" %ssl::<cert_subject{x}!`,
  );
  expect(
    fields.map(({ code, before, argument, quoting, padded, precision }) => [
      code,
      before,
      argument,
      quoting,
      padded,
      precision,
    ]),
  ).toEqual([
    ['>ha', 'a%b ', undefined, 'url', true, undefined],
    ['tr', ' ', undefined, 'none', undefined, 3],
    ['note', ' [', 'X-Id:;id', 'percent', undefined, undefined],
    ['>st', '] "', undefined, 'quoted', undefined, undefined],
    ['ssl::<cert_subject', '" ', 'x', 'none', undefined, undefined],
  ]);
  expect(after).toBe('!');
});

test('An own logformat that names what the native one lacks has no blind spot but those of every proxy', () => {
  const { remedy } = formatFor('squid').blindSpots[0] ?? {};
  const [, logformat = ''] = /^logformat phi_egress (.*)$/m.exec(remedy?.line ?? '') ?? [];
  expect(remedy?.line).toContain('\naccess_log ');
  expect(formatFor({ squid: logformat }).blindSpots.filter((spot) => spot.remedy !== undefined)).toEqual([]);
  const line =
    '1795493096.168      8 10.1.2.3 TCP_MISS/200 244 POST http://h.example/in j doe HIER_DIRECT/192.0.2.9 text/html 1048840 "application/EDI-X12; v=\\"5\\""';
  expect(recordOf(readOne(line, { squid: logformat }))).toMatchObject({
    client: { user: 'j doe' },
    server: { ip: '192.0.2.9' },
    bytesToServer: 1_048_840,
    contentType: 'application/edi-x12',
  });
});

test('Widths, alignment and zeros do not hide a value', () => {
  const logformat = '%-16>a|%012<st|%8>st| %10tr %ts %-12un %6Ss';
  const line = '10.0.0.1        |000000000244|     163|          8 1795493096 j doe        TCP_MISS';
  expect(recordOf(readOne(line, { squid: logformat }))).toMatchObject({
    timeMs: 1_795_493_096_000,
    client: { ip: '10.0.0.1', user: 'j doe' },
    bytesToClient: 244,
    bytesToServer: 163,
    durationMs: 8,
    proxyResult: 'TCP_MISS',
  });
});

test('Addresses with colons are told from the port behind them', () => {
  const logformat = '%ts %>a:%>p %<a:%<p %Sh %ru';
  const line = '1795493096 2001:db8::5:40066 2001:db8::9:443 HIER_DIRECT v6.example:443';
  expect(recordOf(readOne(line, { squid: logformat }))).toMatchObject({
    client: { ip: '2001:db8::5', port: 40_066 },
    server: { ip: '2001:db8::9', port: 443, host: 'v6.example' },
  });
});

test('Every way to write the time is read', () => {
  const timeOf = (logformat: string, line: string, zone = 'UTC') =>
    new Date(recordOf(readOne(line, { squid: logformat }, zone)).timeMs).toISOString();
  expect(timeOf('%ts.%03tu %>a', '1795493096.016 10.0.0.1')).toBe('2026-11-24T04:04:56.016Z');
  expect(timeOf('%ts.%tu %>a', '1795493096.16 10.0.0.1')).toBe('2026-11-24T04:04:56.016Z');
  expect(timeOf('%ts.%06.6tu %>a', '1795493096.016999 10.0.0.1')).toBe('2026-11-24T04:04:56.016Z');
  expect(timeOf('%tg %>a', '24/Nov/2026:04:04:56 10.0.0.1', 'America/New_York')).toBe('2026-11-24T04:04:56.000Z');
  expect(timeOf('%{%F %T}tl %>a', '2026-11-23 23:04:56 10.0.0.1', 'America/New_York')).toBe('2026-11-24T04:04:56.000Z');
  expect(timeOf('%>a %un %{%F %T}tl', '10.0.0.1 j doe 2026-11-24 04:04:56')).toBe('2026-11-24T04:04:56.000Z');
  // %tS is when it began; the record's time is when it ended.
  expect(timeOf('%tS %tr %>a', '1795493096.000 2500 10.0.0.1')).toBe('2026-11-24T04:04:58.500Z');
  expect(timeOf('%ts %>a', '1795493096 10.0.0.1')).toBe('2026-11-24T04:04:56.000Z');
});

test('All request headers in one field tell what headers behind a line would', () => {
  const line =
    '1795493096 POST TCP_MISS/200 [Cookie: a=1\\r\\nContent-Type: Text/CSV; x=1\\r\\nContent-Length: 51\\r\\nUser-Agent: a%5Bb%5D\\r\\n]';
  const record = recordOf(readOne(line, { squid: '%ts %rm %Ss/%>Hs [%>h]' }));
  expect(record).toEqual({
    kind: 'http',
    timeMs: 1_795_493_096_000,
    bytesToServer: 51,
    method: 'POST',
    status: 200,
    contentType: 'text/csv',
    outcome: 'success',
    agent: 'a[b]',
    proxyResult: 'TCP_MISS',
  });
});

/** How Squid prints a value: `Format.cc`, `Quoting.cc`, `rfc1738.c`. */
const PRINT: Readonly<Record<string, (value: string) => string>> = {
  '"': (value) =>
    value.replace(/["\\]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
  '[': (value) =>
    value
      .replaceAll('\\', '\\\\')
      .replaceAll('\r', '\\r')
      .replaceAll('\n', '\\n')
      .replace(/(?![\r\n])[%[\]\x00-\x1f\x7f-\uffff]+/gu, hex),
  '#': (value) => value.replace(/[^\w.~!*'()$,;:@&=+/?-]+/gu, hex),
};

function hex(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

const name = fc.string({ unit: fc.constantFrom(...'abz019 "\\[]%@é漢.-_|,\''), minLength: 1, maxLength: 12 }).filter(
  // Squid writes - for what is missing, and nothing else tells where blanks at the ends belong.
  (it) => it !== '-' && it.trim() === it,
);
const agent = fc
  .string({ unit: fc.constantFrom(...'abz019 "\\[]%é漢(;)/\t'), minLength: 1, maxLength: 20 })
  .filter((it) => it !== '-');
const address = fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::1', '::1', 'fe80::1:2'));

test('Whatever Squid prints for a user and an agent, in whatever quoting and order, is read back', () => {
  const fields = fc.shuffledSubarray(['client', 'result', 'size', 'method', 'url', 'peer'], {
    minLength: 6,
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      fields,
      fc.constantFrom('"', '['),
      fc.constantFrom('"', '[', '#'),
      fc.nat(6),
      name,
      agent,
      address,
      fc.nat(1e9),
      (order, userMark, agentMark, userPlace, user, userAgent, ip, size) => {
        const url = 'http://files.vendor.example:8080/in/"a"?b=[1]|c';
        const parts: (readonly [string, string])[] = order.map((field) => PARTS[field]?.(ip, size, url) ?? ['', '']);
        const wrap = { '"': ['"', '"'], '[': ['[', ']'], '#': ['<', '>'] } as const;
        const [open, close] = wrap[agentMark];
        const [userOpen, userClose] = wrap[userMark];
        parts.splice(userPlace, 0, [
          `u=${userOpen}%un${userClose}`,
          `u=${userOpen}${PRINT[userMark]?.(user)}${userClose}`,
        ]);
        const agentCode = agentMark === '#' ? '%#{User-Agent}>h' : '%{User-Agent}>h';
        parts.push([`${open}${agentCode}${close}`, `${open}${PRINT[agentMark]?.(userAgent)}${close}`]);
        const logformat = ['%ts.%03tu', ...parts.map(([code]) => code)].join(' ');
        const line = ['1795493096.168', ...parts.map(([, text]) => text)].join(' ');
        expect(recordOf(readOne(line, { squid: logformat }))).toEqual({
          kind: 'http',
          timeMs: 1_795_493_096_168,
          client: { ip, port: 40_066, user },
          server: { ip: '192.0.2.9', port: 8_080, host: 'files.vendor.example' },
          bytesToServer: size,
          method: 'PUT',
          url,
          status: 201,
          outcome: 'success',
          agent: userAgent,
          proxyResult: 'TCP_MISS',
          reached: 'server',
        });
      },
    ),
    { numRuns: 500 },
  );
});

const PARTS: Readonly<Record<string, (ip: string, size: number, url: string) => readonly [string, string]>> = {
  client: (ip) => ['%>a:%>p', `${ip}:40066`],
  result: () => ['%Ss/%03>Hs', 'TCP_MISS/201'],
  size: (_, size) => ['%9>st', String(size).padStart(9)],
  method: () => ['m=%rm', 'm=PUT'],
  url: (_, __, url) => ['%ru', url],
  peer: () => ['%Sh/%<a', 'HIER_DIRECT/192.0.2.9'],
};

test('A native line with any user that Squid can print is read back', () => {
  const read = readerFor('squid', { timezone: 'UTC' });
  fc.assert(
    fc.property(name, (user) => {
      const line = `1795493096.168      8 10.1.2.3 TCP_MISS/200 244 PUT http://h.example/ ${PRINT['[']?.(user)} HIER_DIRECT/192.0.2.9 text/html`;
      expect(recordOf(read(line, { writtenBeforeMs: 0 })).client).toEqual({ ip: '10.1.2.3', user });
    }),
    { numRuns: 500 },
  );
});
