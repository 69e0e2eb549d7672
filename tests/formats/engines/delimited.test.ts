import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSplitter, type Dialect } from '../../../src/formats/engines/delimited.ts';

const CSV: Dialect = { separator: ',', quotes: 'doubled' };
const W3C: Dialect = { separator: ' ', quotes: 'doubled' };
const ALB: Dialect = { separator: ' ', quotes: 'backslash', brackets: true };

function columnsOf(dialect: Dialect, line: string): readonly string[] | undefined {
  const { split, columns } = createSplitter(dialect);
  if (!split(line)) return undefined;
  return Array.from({ length: columns.count }, (_, index) => columns.at(index) ?? 'missing');
}

test.each<[Dialect, string, string[]]>([
  [CSV, 'a,b,,d', ['a', 'b', '', 'd']],
  [CSV, '', ['']],
  [CSV, ',', ['', '']],
  [CSV, '"a,b","c ""d""",""', ['a,b', 'c "d"', '']],
  [CSV, 'a"b,c', ['a"b', 'c']],
  [W3C, '"Mozilla/5.0 (X)" - "say ""hi"""', ['Mozilla/5.0 (X)', '-', 'say "hi"']],
  [W3C, '"od"d agent" 200', ['od"d agent', '200']],
  [ALB, '[24/Nov/2026:04:04:56 +0000] "a \\"b\\" \\\\" 1', ['24/Nov/2026:04:04:56 +0000', 'a "b" \\', '1']],
  [{ separator: '\t', quotes: 'none' }, 'a b\t"c\t', ['a b', '"c', '']],
])('%j splits %j', (dialect, line, columns) => {
  expect(columnsOf(dialect, line)).toEqual(columns);
});

test.each([
  [CSV, '"a,b'],
  [CSV, '"a""'],
  [ALB, '[24/Nov/2026'],
  [ALB, '"a\\" b'],
  [ALB, '[a]b c'],
  [CSV, ','.repeat(512)],
])('%j cannot split %j', (dialect, line) => {
  expect(columnsOf(dialect, line)).toBeUndefined();
});

test('behind the last column there is nothing', () => {
  const { split, columns } = createSplitter(CSV);
  split('a,b,c');
  split('a');
  expect([columns.at(0), columns.at(1), columns.at(2)]).toEqual(['a', undefined, undefined]);
});

const anyText = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\\', '[', ']', '=', '\t', '') });

test('whatever columns hold, CSV as RFC 4180 writes it is read back', () => {
  const quoted = (value: string) => (/[",\s]|^$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 9 }), (values) => {
      expect(columnsOf(CSV, values.map(quoted).join(','))).toEqual(values);
    }),
  );
});

test('whatever columns hold, blanks and quotes with backslashes are read back', () => {
  const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 9 }), (values) => {
      expect(columnsOf(ALB, values.map(quoted).join(' '))).toEqual(values);
    }),
  );
});

test('values without quotes, separators and brackets are read back by every dialect', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', 'é', '=', '\\', '-'), minLength: 1 });
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1, maxLength: 9 }), fc.constantFrom(CSV, W3C, ALB), (values, dialect) => {
      expect(columnsOf(dialect, values.join(dialect.separator))).toEqual(values);
    }),
  );
});
