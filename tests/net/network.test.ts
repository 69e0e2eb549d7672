import { expect, test } from 'vitest';
import { parseAddress } from '../../src/net/address.ts';
import { contains, knownNetwork, networkOf, parseNetwork } from '../../src/net/network.ts';

test.each([
  ['203.0.113.0/24', '203.0.113.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['10.1.2.3/32', '10.1.2.3/32'],
  ['2001:DB8:5::/48', '2001:db8:5::/48'],
  ['::/0', '::/0'],
  ['::1/128', '::1/128'],
  ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
])('%s is the network %s', (text, canonical) => {
  expect(parseNetwork(text)).toMatchObject({ network: { text: canonical } });
});

test.each([
  ['203.0.113.7/24', 'host bits are set after the first 24 bits', '203.0.113.0/24'],
  ['10.255.255.255/9', 'host bits are set after the first 9 bits', '10.128.0.0/9'],
  ['2001:db8::1/33', 'host bits are set after the first 33 bits', '2001:db8::/33'],
  ['203.0.113.7', 'the prefix length is missing', '203.0.113.7/32'],
  ['2001:db8::7', 'the prefix length is missing', '2001:db8::7/128'],
])('%s is mended to what was meant', (text, because, suggestion) => {
  expect(parseNetwork(text)).toEqual({ mistake: { because, suggestion } });
});

test.each([
  ['10.0.0.0/33', 'the prefix length of such an address is a number from 0 to 32'],
  ['2001:db8::/129', 'the prefix length of such an address is a number from 0 to 128'],
  ['::ffff:10.0.0.0/24', 'the prefix length of such an address is a number from 96 to 128'],
  ['10.0.0.0/', 'the prefix length of such an address is a number from 0 to 32'],
  ['10.0.0.0/08', 'the prefix length of such an address is a number from 0 to 32'],
  ['10.0.0.0/255.0.0.0', 'the prefix length of such an address is a number from 0 to 32'],
  ['10.0.0/8', 'the part before the slash is no IP address'],
  ['vendor.example', 'neither an IP address nor a slash is in it'],
])('%s is refused', (text, because) => {
  expect(parseNetwork(text)).toEqual({ mistake: { because } });
});

test('a network holds its own addresses and the networks inside it', () => {
  const net = knownNetwork('172.16.0.0/12');
  expect(contains(net, addressIn('172.31.255.255'))).toBe(true);
  expect(contains(net, addressIn('172.32.0.0'))).toBe(false);
  expect(contains(net, addressIn('::ac10:1'))).toBe(false);
  expect(contains(net, knownNetwork('172.20.0.0/16'))).toBe(true);
  expect(contains(net, knownNetwork('172.0.0.0/11'))).toBe(false);
  expect(contains(knownNetwork('::/0'), addressIn('2001:db8::1'))).toBe(true);
});

test('an address lies in one network of each length', () => {
  expect(networkOf(addressIn('198.51.100.77'), 20).text).toBe('198.51.96.0/20');
  expect(networkOf(addressIn('198.51.100.77'), 0).text).toBe('0.0.0.0/0');
  expect(networkOf(addressIn('198.51.100.77'), 32).text).toBe('198.51.100.77/32');
  expect(networkOf(addressIn('2001:db8:ffff::1'), 35).text).toBe('2001:db8:e000::/35');
});

test('a mistake in a table of the program is a bug and throws', () => {
  expect(() => knownNetwork('10.0.0.1/8')).toThrow('10.0.0.1/8 is no network');
});

function addressIn(text: string) {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}
