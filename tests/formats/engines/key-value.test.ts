import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPairReader, type PairDialect } from '../../../src/formats/engines/key-value.ts';

const FORTI: PairDialect = { separator: ' ', bare: 'word', quotes: true };
const COMMAS: PairDialect = { separator: ',', bare: 'word', quotes: true };
const TEXT: PairDialect = { separator: ' ', bare: 'text', quotes: false };

function valuesOf(dialect: PairDialect, line: string, keys: readonly string[]): readonly (string | undefined)[] {
  const lookup = createPairReader(dialect)(line, 0);
  return lookup === undefined ? [] : keys.map(lookup);
}

test.each<[PairDialect, string, (string | undefined)[]]>([
  [FORTI, 'a=1  b="x y"   c=', ['1', 'x y', '']],
  [FORTI, 'a="say \\"hi\\"" b="C:\\\\x" c="p=q"', ['say "hi"', 'C:\\x', 'p=q']],
  [FORTI, 'a="od"d quote" b=2 c="cut off', ['od"d quote', '2', 'cut off']],
  [FORTI, '<189>a=1 junk b=2 a=3', ['1', '2', undefined]],
  [COMMAS, 'a=1,b="x,y",c=z w', ['1', 'x,y', 'z w']],
  [
    TEXT,
    'a=Business, Software/Hardware b=http://h/?x=1&y=2 c= ',
    ['Business, Software/Hardware', 'http://h/?x=1&y=2', ''],
  ],
  [TEXT, 'a= b=x=y c=1', ['', 'x=y', '1']],
])('%j reads %j', (dialect, line, values) => {
  expect(valuesOf(dialect, line, ['a', 'b', 'c'])).toEqual(values);
});

test.each(['', 'no pairs here', '=', '= ='])('%j holds no pair', (line) => {
  expect(createPairReader(FORTI)(line, 0)).toBeUndefined();
});

test('of more pairs than anybody writes the first 512 are read', () => {
  const line = Array.from({ length: 600 }, (_, index) => `k${index}=${index}`).join(' ');
  expect(valuesOf(FORTI, line, ['k511', 'k512'])).toEqual(['511', undefined]);
});

const KEYS = ['srcip', 'dstip', 'url', 'user', 'x.y', 'c-ip'];
const pairs = (value: fc.Arbitrary<string>) =>
  fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), value }), { selector: ({ key }) => key, minLength: 1 });

test('whatever quoted values hold is read back', () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\\', '=', 'url=') });
  fc.assert(
    fc.property(pairs(value), fc.constantFrom(FORTI, COMMAS), (all, dialect) => {
      const line = all.map((it) => `${it.key}="${it.value.replace(/["\\]/g, '\\$&')}"`).join(dialect.separator);
      const read = createPairReader(dialect)(line, 0);
      for (const { key, value: wanted } of all) expect(read?.(key)).toBe(wanted);
    }),
  );
});

test('values with blanks, but none that looks like a key, are read back up to the next key', () => {
  const value = fc
    .string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '/?x=1', '&') })
    .map((it) => it.trim())
    .filter((it) => !/(?:^|\s)[\w.-]+=/.test(it));
  fc.assert(
    fc.property(pairs(value), (all) => {
      const read = createPairReader(TEXT)(all.map((it) => `${it.key}=${it.value}`).join(' '), 0);
      for (const { key, value: wanted } of all) expect(read?.(key)).toBe(wanted);
    }),
  );
});
