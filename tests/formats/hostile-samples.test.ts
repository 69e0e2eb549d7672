import { expect, test } from 'vitest';
import { formats } from '../../src/formats/registry.ts';
import { primedReader, WRITTEN_BEFORE_MS } from './fixtures.ts';
import { expectWellTyped } from './record-check.ts';

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

test.each(formats.map((format) => ({ name: format.name, format })))(
  '$name: its own lines, blown up at their end or in their middle, are read in well under a second',
  ({ format }) => {
    const read = primedReader(format, 'America/New_York');
    const lines = format.samples.flatMap(({ line, record }) => (record === 'skipped' ? [] : [line]));
    for (const line of lines.slice(0, 3)) {
      for (const head of [line, line.slice(0, line.length / 2), line.slice(0, line.length / 5)]) {
        for (const filling of FILLINGS) {
          const start = performance.now();
          const reading = read(head + filling.repeat(QUARTER_MIB / filling.length), context);
          expect(performance.now() - start, `${head}${filling}...`).toBeLessThan(1_000);
          if (reading.kind === 'record') expectWellTyped(reading.record, `${head}${filling}...`);
        }
      }
    }
  },
  120_000,
);
