import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inFileOrder, type LineReader } from '../../src/formats/format.ts';
import { type LogRecord, printRecord } from '../../src/formats/record.ts';
import { formats, readerOf } from '../../src/formats/registry.ts';
import { WRITTEN_BEFORE_MS } from './fixtures.ts';

const context = { writtenBeforeMs: WRITTEN_BEFORE_MS };
const QUARTER_MIB = 262_144;
const FILLINGS = [
  '"',
  '\\"',
  '\\',
  ' ',
  '\t',
  ',',
  '=',
  ' a=',
  ' "',
  '|',
  '{',
  '[',
  '\\x',
  '%2',
  '#',
  'é',
  'a,"',
  '" "',
];

/** A reader that has seen the header lines of its format, and the lines that it is proven with. */
const FORMATS = formats.map((format) => {
  const read = inFileOrder(readerOf(format, { timezone: 'America/New_York' }));
  for (const { line, record } of format.samples) if (record === 'skipped') read(line, context);
  return { name: format.name, read, lines: format.samples.map(({ line }) => line) };
});

/** What a record must be like, whatever it was read from. */
function check(record: LogRecord): void {
  const { client, server, timeMs, bytesToServer, bytesToClient, durationMs, status } = record;
  for (const count of [timeMs, bytesToServer, bytesToClient, durationMs, status, client?.port, server?.port]) {
    if (count !== undefined) expect(Number.isSafeInteger(count), JSON.stringify(record)).toBe(true);
  }
  for (const count of [bytesToServer, bytesToClient, durationMs, status]) expect(count ?? 0).toBeGreaterThanOrEqual(0);
  const { kind: _, outcome, reached, ...rest } = record;
  const texts = [record.method, record.url, record.contentType, record.session, record.agent, record.referrer];
  for (const text of [...texts, record.proxyResult, client?.ip, client?.host, client?.user, server?.ip, server?.host]) {
    if (text !== undefined) expect(text).toEqual(expect.any(String));
    expect(text).not.toBe('');
  }
  expect(Object.values(rest).every((it) => it !== undefined && it !== null)).toBe(true);
  expect(['success', 'failure', 'denied', 'aborted', undefined]).toContain(outcome);
  expect(['server', 'parent-proxy', 'nobody', undefined]).toContain(reached);
  printRecord(record);
}

function readSafely(read: LineReader, line: string): void {
  const reading = read(line, context);
  if (reading.kind === 'record') check(reading.record);
  else expect(reading.because.length).toBeLessThan(160);
}

test.each(FORMATS)(
  '$name: its own lines, blown up anywhere, are read in time that grows with their length',
  ({ read, lines }) => {
    const heads = lines.flatMap((line) => [line, line.slice(0, line.length / 2), line.slice(0, line.length / 5)]);
    for (const head of heads.filter((it) => !it.startsWith('#')).slice(0, 12)) {
      for (const filling of FILLINGS) {
        const long = head + filling.repeat(QUARTER_MIB / filling.length);
        const start = performance.now();
        readSafely(read, long);
        expect(performance.now() - start, `${head}${filling}...`).toBeLessThan(1_000);
      }
    }
  },
  120_000,
);

test.each(FORMATS)(
  '$name: its own lines, with a few characters changed, never throw and never give a wrong type',
  ({ read, lines }) => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      drop: fc.nat(12),
      put: fc.oneof(
        fc.constantFrom(...FILLINGS, '0', '-1', '999999999999999999', 'NaN', 'null', '__proto__'),
        fc.string(),
      ),
    });
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.array(change, { minLength: 1, maxLength: 4 }), (line, changes) => {
        let text = line;
        for (const { at, drop, put } of changes) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + put + text.slice(start + drop);
        }
        readSafely(read, text);
      }),
      { numRuns: 300 },
    );
  },
);
