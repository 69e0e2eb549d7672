import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, parseAddress } from '../../src/net/address.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['[::ffff:192.0.2.1]', '192.0.2.1'],
  ['::', '::'],
  ['::1', '::1'],
  ['[::1]', '::1'],
  ['2001:DB8::0:1', '2001:db8::1'],
  ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%25eth0]', 'fe80::1'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
])('%s is the address %s', (text, canonical) => {
  expect(parseAddress(text)?.text).toBe(canonical);
});

test.each([
  '',
  '-',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.',
  '.1.2.3',
  '1..2.3',
  '256.1.1.1',
  '010.0.0.1',
  '00.0.0.1',
  '1.2.3.04',
  '0x7f.0.0.1',
  '1.2.3.4 ',
  '1.2.3.4:80',
  '1.2.3.4/32',
  '[1.2.3.4]',
  ':',
  ':::',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '12345::',
  '::1%',
  '[::1',
  '::1]',
  '::ffff:010.0.0.1',
  '::ffff:1.2.3',
  '1.2.3.4::',
  'upload.vendor.example',
  `${'1:'.repeat(1000)}`,
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test('the bytes of an address are in network order', () => {
  expect([...(parseAddress('192.0.2.1')?.bytes ?? [])]).toEqual([192, 0, 2, 1]);
  expect([...(parseAddress('2001:db8::ff')?.bytes ?? [])]).toEqual([
    0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
  ]);
});

test('IPv6 text is what the WHATWG URL standard writes, which follows RFC 5952', () => {
  const groups = fc.array(fc.constantFrom(0, 1, 0xabcd, 0xffff), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, (values) => {
      const text = values.map((value) => value.toString(16).padStart(4, '0')).join(':');
      const address = parseAddress(text);
      if (address?.family !== 6) return values.slice(0, 5).every((value) => value === 0) && values[5] === 0xffff;
      return new URL(`http://[${text}]/`).hostname === `[${address.text}]`;
    }),
  );
});

test('a canonical text reads as itself, and bytes lead back to it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseAddress(text);
      if (address === undefined) return false;
      const again = parseAddress(address.text);
      return again?.text === address.text && addressOf(again.bytes).text === address.text;
    }),
  );
});

test('whatever is read, the system calls an address too', () => {
  const garbage = fc.string({ unit: fc.constantFrom(...'0123456789abcf:.%[]'), maxLength: 24 });
  fc.assert(
    fc.property(garbage, (text) => {
      const address = parseAddress(text);
      const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
      return address === undefined ? true : isIP(bare) !== 0;
    }),
    { numRuns: 2000 },
  );
});

test('a mebibyte in place of an address is turned away', () => {
  expect(parseAddress('1.'.repeat(2 ** 19))).toBeUndefined();
  expect(parseAddress(':'.repeat(2 ** 20))).toBeUndefined();
});
