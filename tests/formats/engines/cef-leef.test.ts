import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCefReader } from '../../../src/formats/engines/cef.ts';
import { createLeefReader } from '../../../src/formats/engines/leef.ts';

const cef = (line: string, ...names: readonly string[]) => {
  const lookup = createCefReader()(line);
  return lookup === undefined ? undefined : names.map(lookup);
};
const leef = (line: string, ...names: readonly string[]) => {
  const lookup = createLeefReader()(line);
  return lookup === undefined ? undefined : names.map(lookup);
};

test('CEF escapes pipes in its header and equals signs in its extension', () => {
  expect(
    cef(
      'CEF:0|Acme \\| Sons|Proxy|2|100|upload\\\\done|5|src=10.1.2.3 msg=two words\\nand a\\=b request=http://h/?q=1 out=7',
      ...['deviceVendor', 'name', 'src', 'msg', 'request', 'out', 'in'],
    ),
  ).toEqual(['Acme | Sons', 'upload\\done', '10.1.2.3', 'two words\nand a=b', 'http://h/?q=1', '7', undefined]);
});

test('CEF is found behind a header of any form, and where syslog took its mark for a tag', () => {
  const event = '0|Acme|Proxy|2|100|upload|5|dst=192.0.2.9';
  for (const before of [
    'CEF:',
    'CEF: ',
    'Nov 24 04:04:56 fw1 CEF: ',
    '<14>Nov 24 04:04:56 fw1 CEF:',
    '2026-11-24T04:04:56Z fw1 cef: CEF:',
    '',
  ]) {
    expect(cef(`${before}${event}`, 'dst')).toEqual(['192.0.2.9']);
  }
  for (const other of ['CEF:2|a|b|c|d|e|f|', 'CEF:0|a|b|c', 'no event', '0']) expect(cef(other)).toBeUndefined();
});

test.each([
  ['tabs', 'LEEF:1.0|Acme|Proxy|2|100|src=10.1.2.3\tusrName=j doe\tdst=192.0.2.9'],
  ['blanks for its tabs', 'LEEF:1.0|Acme|Proxy|2|100|src=10.1.2.3 usrName=j doe dst=192.0.2.9'],
  ['a character', 'LEEF:2.0|Acme|Proxy|2|100|^|src=10.1.2.3^usrName=j doe^dst=192.0.2.9'],
  ['its code', 'LEEF:2.0|Acme|Proxy|2|100|x5E|src=10.1.2.3^usrName=j doe^dst=192.0.2.9'],
  ['its code the long way', 'LEEF:2.0|Acme|Proxy|2|100|0x005E|src=10.1.2.3^usrName=j doe^dst=192.0.2.9'],
  ['an empty delimiter', 'LEEF:2.0|Acme|Proxy|2|100||src=10.1.2.3\tusrName=j doe\tdst=192.0.2.9'],
  ['no field for it', 'LEEF:2.0|Acme|Proxy|2|100|src=10.1.2.3\tusrName=j doe\tdst=192.0.2.9'],
])('LEEF with %s', (_, line) => {
  expect(leef(`Nov 24 04:04:56 fw1 ${line}`, 'vendor', 'eventId', 'src', 'usrName', 'dst', 'url')).toEqual([
    ...['Acme', '100', '10.1.2.3', 'j doe', '192.0.2.9', undefined],
  ]);
});

test('LEEF is found where syslog took its mark for a tag', () => {
  expect(leef('2.0|Acme|Proxy|2|100|^|src=10.1.2.3', 'src')).toEqual(['10.1.2.3']);
});

test('what is no LEEF is none', () => {
  for (const line of ['LEEF:3.0|a|b|c|d|', 'LEEF:1.0|a|b', 'src=1', '']) expect(leef(line)).toBeUndefined();
});

const KEYS = ['src', 'dst', 'request', 'msg', 'in'];
const pairsOf = (value: fc.Arbitrary<string>) =>
  fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), value }), { selector: ({ key }) => key });

test('whatever fields and values hold, CEF as its guide writes it is read back', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ' ', '|', '\\', '=', 'é') });
  const value = fc
    .string({ unit: fc.constantFrom('a', ' ', '|', '\\', '=', '\n', 'é', 'src=') })
    .map((it) => it.trim());
  fc.assert(
    fc.property(field, pairsOf(value), (vendor, pairs) => {
      const header = `CEF:1|${vendor.replace(/[\\|]/g, '\\$&')}|p|v|c|n|s|`;
      const extension = pairs.map((it) => `${it.key}=${it.value.replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n')}`);
      const read = createCefReader()(header + extension.join(' '));
      expect(read?.('deviceVendor')).toBe(vendor);
      for (const { key, value: wanted } of pairs) expect(read?.(key)).toBe(wanted);
    }),
  );
});

test('whatever values hold besides the delimiter, LEEF is read back', () => {
  const value = fc.string({ unit: fc.constantFrom('a', ' ', '|', '\\', '=', 'é', ',') });
  fc.assert(
    fc.property(pairsOf(value), (pairs) => {
      const read = createLeefReader()(`LEEF:2.0|v|p|1|e|^|${pairs.map((it) => `${it.key}=${it.value}`).join('^')}`);
      for (const { key, value: wanted } of pairs) expect(read?.(key)).toBe(wanted);
    }),
  );
});
