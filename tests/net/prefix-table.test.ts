import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Address, addressOf, parseAddress } from '../../src/net/address.ts';
import { bitsOf, contains, knownNetwork, type Network, networkOf } from '../../src/net/network.ts';
import { PrefixTable } from '../../src/net/prefix-table.ts';

const table = new PrefixTable([
  [knownNetwork('0.0.0.0/0'), 'all of IPv4'],
  [knownNetwork('10.0.0.0/8'), 'ten'],
  [knownNetwork('10.1.0.0/16'), 'ten-one'],
  [knownNetwork('10.1.2.3/32'), 'host'],
  [knownNetwork('10.1.0.0/16'), 'ten-one again'],
  [knownNetwork('2001:db8::/32'), 'documentation'],
  [knownNetwork('2001:db8::1/128'), 'one'],
]);

test.each([
  ['10.1.2.3', 'host', '10.1.2.3/32'],
  ['10.1.2.4', 'ten-one', '10.1.0.0/16'],
  ['10.2.0.0', 'ten', '10.0.0.0/8'],
  ['203.0.113.1', 'all of IPv4', '0.0.0.0/0'],
  ['2001:db8::1', 'one', '2001:db8::1/128'],
  ['2001:db8::2', 'documentation', '2001:db8::/32'],
])('%s is found by its longest prefix', (text, value, network) => {
  expect(table.find(addressIn(text))).toMatchObject({ value, network: { text: network } });
});

test('nothing is found where no network holds the address', () => {
  expect(table.find(addressIn('2001:db9::1'))).toBeUndefined();
  expect(new PrefixTable([]).find(addressIn('10.0.0.1'))).toBeUndefined();
});

test('all matches come with the longest first, equal ones in the order given', () => {
  const values = table.findAll(addressIn('10.1.2.3')).map(({ value }) => value);
  expect(values).toEqual(['host', 'ten-one', 'ten-one again', 'ten', 'all of IPv4']);
});

test('a look-up agrees with a scan over all networks', () => {
  // Few distinct bytes, so that networks lie in one another and addresses in networks.
  const bytes = (length: number) => fc.array(fc.constantFrom(0, 1, 128, 255), { minLength: length, maxLength: length });
  const address = fc.oneof(bytes(4), bytes(16)).map((it) => addressOf(Uint8Array.from(it)));
  const network = fc.tuple(address, fc.nat(128)).map(([it, length]) => networkOf(it, length % (bitsOf(it.family) + 1)));
  fc.assert(
    fc.property(fc.array(network, { maxLength: 40 }), fc.array(address, { maxLength: 20 }), (networks, addresses) => {
      const entries = networks.map((it, at) => [it, at] as const);
      const tested = new PrefixTable(entries);
      for (const it of addresses) {
        expect(tested.findAll(it).map(({ value }) => value)).toEqual(scan(entries, it));
        expect(tested.find(it)?.value).toBe(scan(entries, it)[0]);
      }
    }),
  );
});

function scan(entries: readonly (readonly [Network, number])[], address: Address): readonly number[] {
  return entries
    .filter(([network]) => contains(network, address))
    .sort(([one], [other]) => other.length - one.length)
    .map(([, value]) => value);
}

function addressIn(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}
