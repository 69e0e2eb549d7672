import { expect, test } from 'vitest';
import { formats, readerFor } from '../../src/formats/registry.ts';
import { LOGFORMATS, linesOf, primedReader, WRITTEN_BEFORE_MS } from './fixtures.ts';
import { expectWellTyped } from './record-check.ts';

/**
 * Changes every sample line of every format, over and over, and holds each reader to its promises. `npm run fuzz` does
 * so for as long as FUZZ_SECONDS says; here it is a short round. FUZZ_SEED gives a round again.
 */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.FUZZ_SEED ?? (SECONDS > 0 ? Date.now() % 2 ** 31 : 1));
/** Changed lines of each sample, at the least. */
const SHORT_ROUND = 60;
const context = { writtenBeforeMs: WRITTEN_BEFORE_MS };

const SUBJECTS = [
  ...formats.map((format) => ({
    name: format.name,
    read: primedReader(format, 'America/New_York'),
    lines: format.samples.map(({ line }) => line),
  })),
  ...(['egress_kv', 'json_up', 'csvq'] as const).map((file) => ({
    name: `{ squid } of ${file}`,
    read: readerFor({ squid: LOGFORMATS[file] }, { timezone: 'America/New_York' }),
    lines: linesOf(`squid/${file}.log`).slice(0, 3),
  })),
];
const ALL_LINES = SUBJECTS.flatMap(({ lines }) => lines);
const HEADERS = [
  '<38>1 2026-11-24T04:11:28Z gw1 x 42 - - ',
  'Nov 24 04:11:28 gw1 x[42]: ',
  '2026-11-24T04:11:28Z gw1 x: ',
];
const MARKS = [
  '"',
  '\\"',
  '\\',
  ' ',
  '  ',
  '[',
  ']',
  '{',
  '}',
  '%',
  ':',
  '-',
  '/',
  ',',
  '|',
  '=',
  '\t',
  '\0',
  'é',
  '\\x',
  '+',
  '#',
  '😀',
];
const NUMBERS = ['0', '-1', '+5', '999999999999999', '9999999999999999', '1e9', '0x10', '1.5', '2026', 'NaN', ''];

/** xorshift32: the same lines for the same seed, on every machine. */
function randomOf(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(1, below);
  };
}

function mutate(line: string, random: (below: number) => number): string {
  const at = random(line.length + 1);
  const to = Math.min(line.length, at + random(12));
  const pick = (from: readonly string[]) => from[random(from.length)] ?? '';
  switch (random(9)) {
    case 0:
      return line.slice(0, at);
    case 1:
      return line.slice(0, at) + line.slice(to);
    case 2:
      return line.slice(0, at) + pick(MARKS) + line.slice(at);
    case 3:
      return line.slice(0, to) + line.slice(at);
    case 4:
      return line.slice(0, at) + String.fromCharCode(random(0x180)) + line.slice(at + 1);
    case 5: {
      const numbers = [...line.matchAll(/\d+/g)];
      const found = numbers[random(numbers.length)];
      if (found === undefined) return line;
      return line.slice(0, found.index) + pick(NUMBERS) + line.slice(found.index + found[0].length);
    }
    case 6:
      return line.slice(0, at) + pick(ALL_LINES).slice(random(40));
    case 7:
      return pick(HEADERS) + line;
    default: {
      const words = line.split(' ');
      const [one, other] = [random(words.length), random(words.length)];
      return words
        .with(one, words[other] ?? '')
        .with(other, words[one] ?? '')
        .join(' ');
    }
  }
}

test(
  `Changed lines never make a reader throw, and never give a record of a wrong type (seed ${SEED})`,
  () => {
    const random = randomOf(SEED);
    const untilMs = performance.now() + SECONDS * 1_000;
    let records = 0;
    for (let round = 0; round < SHORT_ROUND || performance.now() < untilMs; round++) {
      for (const { name, read, lines } of SUBJECTS) {
        for (const line of lines) {
          let changed = line;
          for (let times = random(3); times >= 0; times--) changed = mutate(changed, random);
          const reading = read(changed, context);
          if (reading.kind === 'record') {
            records += 1;
            expectWellTyped(reading.record, `${name}: ${JSON.stringify(changed)}`);
          } else {
            // What is said of a line goes into logs and alerts: it names the cause, and never quotes.
            expect(reading.because.length, name).toBeLessThan(120);
          }
        }
      }
    }
    expect(records).toBeGreaterThan(SUBJECTS.length);
  },
  60_000 + SECONDS * 2_000,
);

/** Eight times the length may take eight times as long, and some more for the memory; a reader that looks back over the
 * line takes 64 times. */
const LENGTHS = [65_536, 524_288] as const;
const MOST_GROWTH = 32;
/** So fast a reader need not be held against itself: one that is not linear takes seconds for the shorter line. */
const AT_ONCE_MS = 100;

/** In one piece, as a line comes from a file. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

test('The time that a line takes grows no faster than its length', () => {
  const random = randomOf(SEED);
  const fillings = [...MARKS, 'a', '1', ' "', '" "', '","', ' {a}', '[24/Nov/2026:04:04:55 +0000] ', '#22', '\\x41'];
  for (const { name, read, lines } of SUBJECTS) {
    const tookMs = (line: string) => {
      const start = performance.now();
      read(line, context);
      return performance.now() - start;
    };
    for (const line of lines) {
      for (const filling of fillings) {
        if (SECONDS === 0 && random(3) > 0) continue;
        const at = random(line.length + 1);
        const long = (length: number) =>
          flat(line.slice(0, at) + filling.repeat(length / filling.length) + line.slice(at));
        const shorter = long(LENGTHS[0]);
        if (tookMs(shorter) < AT_ONCE_MS) continue;
        // The least of some runs: a pause of the machine is no fault of the reader.
        const least = (text: string) => Math.min(...Array.from({ length: 5 }, () => tookMs(text)));
        const leastMs = least(shorter);
        if (leastMs < AT_ONCE_MS) continue;
        const growth = least(long(LENGTHS[1])) / leastMs;
        expect(growth, `${name}: ${JSON.stringify(filling)} at ${at} of ${line}`).toBeLessThan(MOST_GROWTH);
      }
    }
  }
}, 300_000);
