import { expect, test } from 'vitest';
import { addressAndPort, addressOrName } from '../../../src/formats/values/address-or-name.ts';
import { rememberingAddressReader } from '../../../src/formats/values/address-text.ts';

const addressText = rememberingAddressReader();

test.each<[string, object | undefined]>([
  ['192.0.2.7', { ip: '192.0.2.7' }],
  ['::ffff:192.0.2.7', { ip: '192.0.2.7' }],
  ['2001:DB8::7', { ip: '2001:db8::7' }],
  ['Coder.Vendor.Example.', { host: 'coder.vendor.example' }],
  ['gw1', { host: 'gw1' }],
  ['-', undefined],
  ['', undefined],
  ['a b', undefined],
  ['x'.repeat(256), undefined],
])('%j is an address, a name, or neither', (text, expected) => {
  expect(addressOrName(text, addressText)).toEqual(expected);
});

test.each<[string, object | undefined]>([
  ['192.0.2.7:2222', { ip: '192.0.2.7', port: 2222 }],
  ['192.0.2.7', { ip: '192.0.2.7' }],
  ['[2001:db8::7]:22', { ip: '2001:db8::7', port: 22 }],
  // Without brackets the last part is no port.
  ['2001:db8::7', { ip: '2001:db8::7' }],
  ['sftp.vendor.example:22', { host: 'sftp.vendor.example', port: 22 }],
  ['192.0.2.7:0', undefined],
  ['192.0.2.7:70000', undefined],
  ['192.0.2.7:', undefined],
  [':22', undefined],
])('%j is an end with or without its port, or neither', (text, expected) => {
  expect(addressAndPort(text, addressText)).toEqual(expected);
});
