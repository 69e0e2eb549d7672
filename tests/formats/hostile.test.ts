import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printRecord } from '../../src/formats/record.ts';
import { formats, readerFor } from '../../src/formats/registry.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { LOGFORMATS, WRITTEN_BEFORE_MS } from './fixtures.ts';

const CHOICES: readonly FormatChoice[] = [
  ...formats.map(({ name }) => name),
  ...Object.values(LOGFORMATS).map((squid) => ({ squid })),
  { squid: '%ts %un "%{A}>h" [%{B}>h] %/{C}>h %#{D}>h %/un %ru,%>a,%ru %{%F %T}tl %Ss' },
];
const READERS = CHOICES.map((choice) => readerFor(choice, { timezone: 'America/New_York' }));
const context = { writtenBeforeMs: WRITTEN_BEFORE_MS };

const MIB = 1_048_576;
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
];

test('A line of a megabyte, whatever it is made of, is read by every format in well under a second, and never throws', () => {
  for (const head of HEADS) {
    for (const filling of FILLINGS) {
      const line = head + filling.repeat(MIB / filling.length);
      for (const [index, read] of READERS.entries()) {
        const start = performance.now();
        const reading = read(line, context);
        const tookMs = performance.now() - start;
        expect(tookMs, `${JSON.stringify(CHOICES[index])} ${head}${filling}...`).toBeLessThan(1_000);
        if (reading.kind === 'record') expect(printRecord(reading.record)).toContain('"time":');
      }
    }
  }
}, 300_000);

test('Lines that were cut, joined or garbled never make a reader throw, and never give a record that cannot be printed', () => {
  const piece = fc.oneof(
    fc.constantFrom(...HEADS, ...FILLINGS, ...formats.flatMap(({ samples }) => samples.map((it) => it.line))),
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
    { numRuns: 2_000 },
  );
});

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
