import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/evidence/canonical-json.ts';

test('the sample of RFC 8785 section 3.2.2 gives the text of section 3.2.3', () => {
  const sample = {
    // biome-ignore lint/correctness/noPrecisionLoss: the RFC's own sample has more digits than a double holds
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(sample)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('keys are sorted by their UTF-16 code units, as in RFC 8785 section 3.2.3', () => {
  const sample = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  expect([...canonicalJson(sample).matchAll(/:"([^"]+)"/g)].map((it) => it[1])).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ]);
});

test('an absent key and an undefined one are the same; nested objects are sorted too', () => {
  expect(canonicalJson({ b: undefined, a: { d: 1, c: [{ z: 1, y: -0 }] } })).toBe('{"a":{"c":[{"y":0,"z":1}],"d":1}}');
});

test('what JSON cannot hold is refused', () => {
  expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
  expect(() => canonicalJson([1n])).toThrow('Cannot write a bigint as JSON');
});
