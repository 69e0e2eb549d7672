import { type Address, parseAddress } from './address.ts';
import { knownNetwork, type Network } from './network.ts';
import { PrefixTable } from './prefix-table.ts';
import { unwrap } from './unwrap.ts';

/**
 * `internal`: never a party on the public Internet. `anycast`: one address, many places. `untold`: it stands for
 * something that lies elsewhere, and the address does not tell where.
 */
export type SpecialUse = 'internal' | 'anycast' | 'untold';

export interface SpecialPurpose {
  readonly network: Network;
  readonly name: string;
  /** The document that sets the block aside. */
  readonly source: string;
  readonly use: SpecialUse;
}

/** @returns the block that the address lies in, the most specific one, or `undefined` for an ordinary address. */
export function specialPurposeOf(address: Address): SpecialPurpose | undefined {
  return TABLE.find(address)?.value;
}

/**
 * Whether a party on the public Internet can have this address; an IPv6 address that holds an IPv4 address is judged by
 * that one. False where there is no address, or where the text is none.
 */
export function isPublicAddress(ip: string | undefined): boolean {
  const address = ip === undefined ? undefined : parseAddress(ip);
  if (address === undefined) return false;
  return specialPurposeOf(unwrap(address)?.inner ?? address)?.use !== 'internal';
}

/**
 * The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), with multicast, 240/4 and the
 * site-local block, which stand elsewhere. Left out are the blocks that hold an IPv4 address: see
 * `unwrap`.
 */
export const SPECIAL_PURPOSE: readonly SpecialPurpose[] = (
  [
    ['0.0.0.0/8', 'internal', 'this network', 'RFC 791'],
    ['0.0.0.0/32', 'internal', 'this host on this network', 'RFC 1122'],
    ['10.0.0.0/8', 'internal', 'private use', 'RFC 1918'],
    ['100.64.0.0/10', 'internal', 'shared address space', 'RFC 6598'],
    ['127.0.0.0/8', 'internal', 'loopback', 'RFC 1122'],
    ['169.254.0.0/16', 'internal', 'link local', 'RFC 3927'],
    ['172.16.0.0/12', 'internal', 'private use', 'RFC 1918'],
    ['192.0.0.0/24', 'internal', 'IETF protocol assignments', 'RFC 6890'],
    ['192.0.0.0/29', 'internal', 'IPv4 service continuity prefix', 'RFC 7335'],
    ['192.0.0.8/32', 'internal', 'IPv4 dummy address', 'RFC 7600'],
    ['192.0.0.9/32', 'anycast', 'Port Control Protocol anycast', 'RFC 7723'],
    ['192.0.0.10/32', 'anycast', 'TURN anycast', 'RFC 8155'],
    ['192.0.0.170/31', 'internal', 'NAT64/DNS64 discovery', 'RFC 8880'],
    ['192.0.2.0/24', 'internal', 'documentation (TEST-NET-1)', 'RFC 5737'],
    ['192.31.196.0/24', 'anycast', 'AS112-v4', 'RFC 7535'],
    ['192.52.193.0/24', 'anycast', 'AMT', 'RFC 7450'],
    ['192.88.99.0/24', 'anycast', '6to4 relay anycast, deprecated', 'RFC 7526'],
    ['192.168.0.0/16', 'internal', 'private use', 'RFC 1918'],
    ['192.175.48.0/24', 'anycast', 'direct delegation AS112 service', 'RFC 7534'],
    ['198.18.0.0/15', 'internal', 'benchmarking', 'RFC 2544'],
    ['198.51.100.0/24', 'internal', 'documentation (TEST-NET-2)', 'RFC 5737'],
    ['203.0.113.0/24', 'internal', 'documentation (TEST-NET-3)', 'RFC 5737'],
    ['224.0.0.0/4', 'internal', 'multicast', 'RFC 5771'],
    ['240.0.0.0/4', 'internal', 'reserved', 'RFC 1112'],
    ['255.255.255.255/32', 'internal', 'limited broadcast', 'RFC 919'],
    ['::/128', 'internal', 'unspecified address', 'RFC 4291'],
    ['::1/128', 'internal', 'loopback', 'RFC 4291'],
    ['64:ff9b:1::/48', 'untold', 'IPv4-IPv6 translation, local use', 'RFC 8215'],
    ['100::/64', 'internal', 'discard only', 'RFC 6666'],
    ['100:0:0:1::/64', 'internal', 'dummy prefix', 'RFC 9780'],
    ['2001::/23', 'internal', 'IETF protocol assignments', 'RFC 2928'],
    ['2001:1::1/128', 'anycast', 'Port Control Protocol anycast', 'RFC 7723'],
    ['2001:1::2/128', 'anycast', 'TURN anycast', 'RFC 8155'],
    ['2001:1::3/128', 'anycast', 'DNS-SD SRP anycast', 'RFC 9665'],
    ['2001:2::/48', 'internal', 'benchmarking', 'RFC 5180'],
    ['2001:3::/32', 'anycast', 'AMT', 'RFC 7450'],
    ['2001:4:112::/48', 'anycast', 'AS112-v6', 'RFC 7535'],
    ['2001:10::/28', 'untold', 'ORCHID, deprecated', 'RFC 4843'],
    ['2001:20::/28', 'untold', 'ORCHIDv2', 'RFC 7343'],
    ['2001:30::/28', 'untold', 'drone remote ID entity tags', 'RFC 9374'],
    ['2001:db8::/32', 'internal', 'documentation', 'RFC 3849'],
    ['2620:4f:8000::/48', 'anycast', 'direct delegation AS112 service', 'RFC 7534'],
    ['3fff::/20', 'internal', 'documentation', 'RFC 9637'],
    ['5f00::/16', 'internal', 'segment routing (SRv6) SIDs', 'RFC 9602'],
    ['fc00::/7', 'internal', 'unique local', 'RFC 4193'],
    ['fe80::/10', 'internal', 'link local', 'RFC 4291'],
    ['fec0::/10', 'internal', 'site local, deprecated', 'RFC 3879'],
    ['ff00::/8', 'internal', 'multicast', 'RFC 4291'],
  ] as const
).map(([cidr, use, name, source]) => ({ network: knownNetwork(cidr), name, source, use }));

const TABLE = new PrefixTable(SPECIAL_PURPOSE.map((row) => [row.network, row] as const));
