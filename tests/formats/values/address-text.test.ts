import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rememberingAddressReader } from '../../../src/formats/values/address-text.ts';
import { parseAddress } from '../../../src/net/address.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['[2001:DB8::1]', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['192.0.2.256', undefined],
  ['host-7', undefined],
  ['upload.vendor.example', undefined],
  ['-', undefined],
  ['', undefined],
])('%j is read as %j, the second time too', (text, address) => {
  const read = rememberingAddressReader();
  expect([read(text), read(text)]).toEqual([address, address]);
});

test('what is remembered, or told at a glance, is what parsing says', () => {
  const read = rememberingAddressReader();
  const texts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.string({ maxLength: 64 }));
  fc.assert(
    fc.property(texts, (text) => {
      expect(read(text)).toBe(parseAddress(text)?.text);
    }),
  );
});
