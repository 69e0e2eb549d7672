import { expect, test } from 'vitest';
import { countAt, jsonObject, textAt } from '../../../src/formats/values/json-object.ts';

test('Only an object is one', () => {
  expect(jsonObject('{"a":1}')).toEqual({ a: 1 });
  for (const text of ['', '[1]', '1', 'null', '{"a":1', '{"a":1} x', ' {"a":1}'])
    expect(jsonObject(text)).toBeUndefined();
});

test('A count is a whole number that is exact, written as a number or in digits', () => {
  const at = (value: unknown) => countAt({ value }, 'value');
  expect([at(0), at(5), at('5'), at('0'), at(2 ** 53 - 1)]).toEqual([0, 5, 5, 0, 2 ** 53 - 1]);
  for (const value of [-1, 1.5, 2 ** 53, Number.NaN, '', '-1', '1e3', '0x10', ' 5', '1'.repeat(16), null, true, [5]])
    expect(at(value), String(value)).toBeUndefined();
  expect(countAt({}, 'constructor')).toBeUndefined();
});

test('A text that is empty says nothing', () => {
  expect(textAt({ a: 'x' }, 'a')).toBe('x');
  for (const value of ['', 5, null, {}]) expect(textAt({ a: value }, 'a')).toBeUndefined();
  expect(textAt({}, 'toString')).toBeUndefined();
});
