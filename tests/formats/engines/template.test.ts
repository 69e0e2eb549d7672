import { expect, test } from 'vitest';
import {
  compileTemplate,
  inseparableField,
  MATCHED,
  type TemplateField,
} from '../../../src/formats/engines/template.ts';

/** The values of a line's fields, or the number of the field at which it departs. */
function split(fields: readonly TemplateField[], after: string, line: string): readonly string[] | number {
  const { spans, match } = compileTemplate(fields, after);
  const departure = match(line, line.length);
  if (departure !== MATCHED) return departure;
  return fields.map((_, index) => line.slice(spans[index * 2], spans[index * 2 + 1]));
}

const code = (before: string): TemplateField => ({ before, holds: 'code' });
const word = (before: string): TemplateField => ({ before, holds: 'word' });
const text = (before: string): TemplateField => ({ before, holds: 'text' });

test('What stands before the first field with blanks is read from the left, what stands after it from the right', () => {
  const fields = [code(''), word(' '), text(' '), code(' '), word('/')];
  expect(split(fields, '', '1 a/b c d e')).toBe(4);
  expect(split(fields, '', '1 a/b c d e DIRECT/f')).toEqual(['1', 'a/b', 'c d e', 'DIRECT', 'f']);
  expect(split(fields, '', '1 a/b  DIRECT/f')).toEqual(['1', 'a/b', '', 'DIRECT', 'f']);
});

test('Fields without a blank between them are told apart from the right, up to the next blank', () => {
  expect(split([word(''), code(':'), text(' ')], '', '::1:443 x y')).toEqual(['::1', '443', 'x y']);
  expect(split([word(''), code('|'), word('|'), code(' ')], '', 'a|b|1|c 2')).toEqual(['a|b', '1', 'c', '2']);
});

test('Escaped quotes end no field, and a field of fixed length holds anything', () => {
  const quoted: TemplateField = { before: '"', holds: 'text', escaping: 'backslash' };
  expect(split([quoted, text('" ')], '', '"a\\" b\\\\" c" d')).toEqual(['a\\" b\\\\', 'c" d']);
  expect(split([{ before: '[', holds: 4 }, text('] ')], '', '[a] b] c')).toEqual(['a] b', 'c']);
});

test('Fill on either side belongs to no value, on both sides of the pivot', () => {
  const padded = (before: string): TemplateField => ({ before, holds: 'code', padded: true });
  expect(split([padded(''), padded(' '), text(' ')], '', '   1 22   a b')).toEqual(['1', '22', 'a b']);
  expect(split([padded(''), code(' '), text(' ')], '', '1    2 a b')).toEqual(['1', '2', 'a b']);
  expect(split([text(''), padded(' '), code(' ')], '', 'a b     1 2')).toEqual(['a b', '1', '2']);
  expect(split([text(''), padded(' '), code(' ')], '', 'a b 1     2')).toEqual(['a b', '1', '2']);
  expect(split([text(''), padded(' n='), code(' ')], '', 'a b n=    1 2')).toEqual(['a b', '1', '2']);
});

test('Words in quotes as a shell writes them are read from either side', () => {
  const shell = (before: string): TemplateField => ({ before, holds: 'text', escaping: 'shell' });
  expect(split([shell(''), text(' ')], '', '"a \\" b" c d')).toEqual(['"a \\" b"', 'c d']);
  expect(split([shell(''), text(' ')], '', 'a\\" c d')).toEqual(['a\\"', 'c d']);
  expect(split([text(''), shell(' ')], '', 'a b "c \\" \\\\"')).toEqual(['a b', '"c \\" \\\\"']);
  expect(split([text(''), shell(' ')], '', 'a b c\\"')).toEqual(['a b', 'c\\"']);
});

test('A line that departs names the field where it does', () => {
  const fields = [code(''), word(' '), text(' k='), code(' ')];
  expect(split(fields, '', '')).toBe(0);
  expect(split(fields, '', '1 a b c 2')).toBe(2);
  expect(split(fields, '!', '1 a k=b 2')).toBe(3);
  expect(split(fields, '!', '1 a k=b 2!')).toEqual(['1', 'a', 'b', '2']);
});

test('Neighbours with nothing between them are found, unless one has a fixed length', () => {
  expect(inseparableField([code(''), word('')])).toBe(1);
  expect(inseparableField([code(''), { before: '', holds: 3 }, word('')])).toBeUndefined();
});
