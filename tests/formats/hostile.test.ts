import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printRecord } from '../../src/formats/record.ts';
import { formats, readerFor } from '../../src/formats/registry.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { LOGFORMATS, WRITTEN_BEFORE_MS } from './fixtures.ts';

const CHOICES: readonly FormatChoice[] = [
  ...formats.map(({ name }) => name),
  ...Object.values(LOGFORMATS).map((squid) => ({ squid })),
  { apache: '%a %u %t "%r" %>s %I %O "%{Content-Type}i" %{Host}i' },
  { nginx: '$remote_addr $remote_user [$time_local] "$request" $status "$upstream_addr" $upstream_bytes_sent' },
  { haproxy: '%ci:%cp [%tr] %s %ST %U %B %ts %hr %hs %{+Q}r %{+Q,+E}[var(txn.phi_type)]' },
  { envoy: '%START_TIME% %REQ(:METHOD)% %REQ(:PATH)% "%REQ(X-FORWARDED-FOR)%" %BYTES_SENT%' },
  { json: { time: 'ts', 'client.ip': 'client', request: 'a.b', durationMs: { path: 'd', unit: 's' } } },
  { squid: '%ts %un "%{A}>h" [%{B}>h] %/{C}>h %#{D}>h %/un %ru,%>a,%ru %{%F %T}tl %Ss' },
];
const READERS = CHOICES.map((choice) => readerFor(choice, { timezone: 'America/New_York' }));
const context = { writtenBeforeMs: WRITTEN_BEFORE_MS };

const HEADS = [
  '',
  '1795493096.168      8 10.1.2.3 TCP_MISS/200 244 GET http://h.example/ ',
  '1795493096.168      8 10.1.2.3 TCP_MISS/200 244 GET http://h.example/ - HIER_DIRECT/192.0.2.9 text/html [',
  '10.1.2.3 - - [24/Nov/2026:04:04:55 +0000] "GET ',
  '10.1.2.3 [24/Nov/2026:04:04:55 +0000] "',
  '1795493096 ',
  '{"ts":"2026-11-24T04:04:56.168Z","client":"127.0.5.1","user":"',
  '"24/Nov/2026:04:04:56 +0000",127.0.5.1,',
  '<38>1 2026-11-24T04:11:28Z gw1 sshd 42 - [',
  '{"message":"',
  '{"ts":1,"client":"10.1.2.3","d":"',
  '{"a":',
  '10.1.2.3:49214 [24/Nov/2026:04:08:16.623] fe be/a1 0/0/0/4/4 200 156 - - ---- 1/1/0/0/0 0/0 ',
  '[2026-11-24T04:08:16.742Z] "POST / HTTP/2" 200 - 1 26 151 148 "',
  'Nov 24 04:11:28 gw1 sshd[',
  'Nov 24 04:11:28 gw1 sshd[42]: Accepted publickey for ',
  'Nov 24 04:11:28 gw1 sshd[42]: Failed password for ',
  'Nov 24 04:11:28 gw1 sshd[42]: message repeated 2 times: [ ',
  'Nov 24 04:11:28 gw1 internal-sftp[42]: close "',
  'Nov 24 04:11:28 gw1 internal-sftp[42]: rename old "',
];
const FILLINGS = [
  '"',
  '\\"',
  '\\',
  ' ',
  '[',
  ']',
  '] [',
  '%',
  '%5',
  ':',
  '\0',
  ' from ',
  ' from x ssh',
  '" new "',
  '\\303',
  '\\r\\n',
  'a:',
  ',"',
  '" bytes read ',
  'é',
  ' {a}',
  '[',
  '\\x41',
];

/** Eight times the length may take eight times as long, and some more for the memory; a reader that looks back over the
 * line takes 64 times. */
const LENGTHS = [65_536, 524_288] as const;
const MOST_GROWTH = 32;
/** So fast a reader need not be held against itself: one that is not linear takes seconds for the shorter line. */
const AT_ONCE_MS = 100;

test('The time that a line takes grows no faster than its length, whatever it is made of', () => {
  for (const head of HEADS) {
    for (const filling of FILLINGS) {
      // In one piece, as a line comes from a file.
      const long = (length: number) => Buffer.from(head + filling.repeat(length / filling.length)).toString();
      const shorter = long(LENGTHS[0]);
      for (const [index, read] of READERS.entries()) {
        const tookMs = (line: string) => {
          const start = performance.now();
          const reading = read(line, context);
          if (reading.kind === 'record') expect(printRecord(reading.record)).toContain('"time":');
          return performance.now() - start;
        };
        if (tookMs(shorter) < AT_ONCE_MS) continue;
        // The least of some runs: a pause of the machine is no fault of the reader.
        const least = (line: string) => Math.min(...Array.from({ length: 5 }, () => tookMs(line)));
        const leastMs = least(shorter);
        if (leastMs < AT_ONCE_MS) continue;
        const growth = least(long(LENGTHS[1])) / leastMs;
        expect(growth, `${JSON.stringify(CHOICES[index])} ${head}${filling}...`).toBeLessThan(MOST_GROWTH);
      }
    }
  }
}, 300_000);

test('Lines that were cut, joined or garbled never make a reader throw, and never give a record that cannot be printed', () => {
  const piece = fc.oneof(
    fc.constantFrom(...HEADS, ...FILLINGS, ...formats.flatMap(({ samples }) => samples.map(({ line }) => line))),
    fc.string({ unit: 'binary' }),
  );
  const line = fc
    .tuple(fc.array(piece, { maxLength: 4 }), fc.nat(300))
    .map(([pieces, cut]) => pieces.join('').slice(0, cut));
  fc.assert(
    fc.property(line, (text) => {
      for (const read of READERS) {
        const reading = read(text, context);
        if (reading.kind === 'record') printRecord(reading.record);
        else expect(reading.because.length).toBeLessThan(120);
      }
    }),
    { numRuns: 400 },
  );
}, 120_000);

test('Counts and times that no number or date can hold are refused, not rounded', () => {
  const read = readerFor('squid', { timezone: 'UTC' });
  const line = (time: string, bytes: string) =>
    `${time} 8 10.1.2.3 TCP_MISS/200 ${bytes} GET http://h.example/ - HIER_DIRECT/192.0.2.9 text/html`;
  expect(read(line('1795493096.168', '999999999999999'), context).kind).toBe('record');
  expect(read(line('1795493096.168', '9999999999999999'), context).kind).toBe('unreadable');
  expect(read(line('999999999999.168', '1'), context).kind).toBe('unreadable');
  expect(read(line('-1795493096.168', '1'), context).kind).toBe('unreadable');
  expect(read(line('1795493096.168', '-1'), context).kind).toBe('unreadable');
});
