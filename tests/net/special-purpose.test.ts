import { expect, test } from 'vitest';
import { parseAddress } from '../../src/net/address.ts';
import { isPublicAddress, specialPurposeOf } from '../../src/net/special-purpose.ts';

function useOf(text: string) {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  const special = specialPurposeOf(address);
  return special === undefined ? 'ordinary' : `${special.use}: ${special.name} (${special.source})`;
}

test.each([
  ['0.0.0.0', 'internal: this host on this network (RFC 1122)'],
  ['0.1.2.3', 'internal: this network (RFC 791)'],
  ['10.255.255.255', 'internal: private use (RFC 1918)'],
  ['100.64.0.1', 'internal: shared address space (RFC 6598)'],
  ['100.127.255.255', 'internal: shared address space (RFC 6598)'],
  ['127.0.3.7', 'internal: loopback (RFC 1122)'],
  ['169.254.169.254', 'internal: link local (RFC 3927)'],
  ['172.31.255.255', 'internal: private use (RFC 1918)'],
  ['192.0.0.9', 'anycast: Port Control Protocol anycast (RFC 7723)'],
  ['192.0.0.11', 'internal: IETF protocol assignments (RFC 6890)'],
  ['192.0.0.171', 'internal: NAT64/DNS64 discovery (RFC 8880)'],
  ['192.0.2.1', 'internal: documentation (TEST-NET-1) (RFC 5737)'],
  ['192.88.99.1', 'anycast: 6to4 relay anycast, deprecated (RFC 7526)'],
  ['192.168.1.1', 'internal: private use (RFC 1918)'],
  ['192.175.48.6', 'anycast: direct delegation AS112 service (RFC 7534)'],
  ['198.19.255.255', 'internal: benchmarking (RFC 2544)'],
  ['203.0.113.255', 'internal: documentation (TEST-NET-3) (RFC 5737)'],
  ['224.0.0.1', 'internal: multicast (RFC 5771)'],
  ['250.1.2.3', 'internal: reserved (RFC 1112)'],
  ['255.255.255.255', 'internal: limited broadcast (RFC 919)'],
  ['::', 'internal: unspecified address (RFC 4291)'],
  ['::1', 'internal: loopback (RFC 4291)'],
  ['64:ff9b:1::a00:1', 'untold: IPv4-IPv6 translation, local use (RFC 8215)'],
  ['100::1', 'internal: discard only (RFC 6666)'],
  ['100:0:0:1::1', 'internal: dummy prefix (RFC 9780)'],
  ['2001:1::1', 'anycast: Port Control Protocol anycast (RFC 7723)'],
  ['2001:2::1', 'internal: benchmarking (RFC 5180)'],
  ['2001:20::1', 'untold: ORCHIDv2 (RFC 7343)'],
  ['2001:db8:1::1', 'internal: documentation (RFC 3849)'],
  ['3fff:fff::1', 'internal: documentation (RFC 9637)'],
  ['5f00::1', 'internal: segment routing (SRv6) SIDs (RFC 9602)'],
  ['fd12:3456::1', 'internal: unique local (RFC 4193)'],
  ['fe80::1', 'internal: link local (RFC 4291)'],
  ['fec0::1', 'internal: site local, deprecated (RFC 3879)'],
  ['ff02::1', 'internal: multicast (RFC 4291)'],
])('%s is set aside: %s', (text, use) => {
  expect(useOf(text)).toBe(use);
});

test.each([
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '100:0:0:2::1',
  '2001:200::1',
  '2001:db9::1',
  '2003::1',
  '3ffe::1',
  '3fff:1000::1',
])('%s is an ordinary address', (text) => {
  expect(useOf(text)).toBe('ordinary');
});

test('a public address is one that a party on the Internet can have', () => {
  expect(isPublicAddress('13.232.1.9')).toBe(true);
  expect(isPublicAddress('10.0.0.1')).toBe(false);
  expect(isPublicAddress('::ffff:10.0.0.1')).toBe(false);
  expect(isPublicAddress(undefined)).toBe(false);
  expect(isPublicAddress('ws12')).toBe(false);
});

test('an address that holds another is as public as that one', () => {
  expect(isPublicAddress('2002:de8:109::1')).toBe(true);
  expect(isPublicAddress('2002:a00:1::1')).toBe(false);
  expect(isPublicAddress('64:ff9b::13.232.1.9')).toBe(true);
  expect(isPublicAddress('64:ff9b::10.0.0.1')).toBe(false);
  expect(isPublicAddress('2001:0:4136:e378:8000:63bf:f217:fef6')).toBe(true);
});
