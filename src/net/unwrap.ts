import { type Address, addressOf } from './address.ts';
import { contains, knownNetwork, type Network } from './network.ts';

/** An IPv6 address that stands for an IPv4 address, taken apart. */
export interface Unwrapped {
  /** The IPv4 address within: the party that is really spoken to. */
  readonly inner: Address;
  /** The mechanism and its document: `6to4 (RFC 3056)`. */
  readonly mechanism: string;
  /** The block that gave it away. */
  readonly network: Network;
}

interface Wrapping {
  readonly network: Network;
  readonly mechanism: string;
  readonly inner: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Finds the IPv4 address within an IPv6 address of a transition mechanism. IPv4-mapped addresses are not among them:
 * `parseAddress` has made IPv4 of those already.
 *
 * @param nat64 prefixes of networks of our own, which outrank whatever else is known of their addresses.
 * @returns `undefined` for an address that holds no other.
 */
export function unwrap(address: Address, nat64: readonly Network[] = []): Unwrapped | undefined {
  if (address.family === 4) return undefined;
  const own = nat64.find((network) => contains(network, address));
  if (own !== undefined) {
    const inner = addressOf(embedded(address.bytes, own.length));
    return { inner, mechanism: 'NAT64 (RFC 6052, geo.nat64)', network: own };
  }
  const wrapping = WRAPPINGS.find(({ network }) => contains(network, address));
  if (wrapping === undefined || NOT_COMPATIBLE.has(address.text)) return undefined;
  const { network, mechanism, inner } = wrapping;
  return { inner: addressOf(inner(address.bytes)), mechanism, network };
}

/**
 * Where an IPv4 address stands after a prefix, by the prefix's length (RFC 6052 section 2.2). Byte 8, bits 64 to 71, is
 * passed over:
 *
 *     32  prefix AABBCCDD u.......        56  prefix       AA u BBCCDD
 *     40  prefix   AABBCC u DD            64  prefix          u AABBCCDD
 *     48  prefix     AABB u CCDD          96  prefix                      AABBCCDD
 */
const EMBEDDED_AT: Readonly<Record<number, readonly [number, number, number, number]>> = {
  32: [4, 5, 6, 7],
  40: [5, 6, 7, 9],
  48: [6, 7, 9, 10],
  56: [7, 9, 10, 11],
  64: [9, 10, 11, 12],
  96: [12, 13, 14, 15],
};

export function isNat64Length(length: number): boolean {
  return EMBEDDED_AT[length] !== undefined;
}

function embedded(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from(EMBEDDED_AT[length] ?? [], (at) => bytes[at] ?? 0);
}

/**
 * The bytes in which the IPv4 address stands:
 *
 *     NAT64   0064:ff9b:0000:0000:0000:0000:AABB:CCDD   RFC 6052 section 2.2, a 96 bit prefix
 *     6to4    2002:AABB:CCDD:....                       RFC 3056 section 2
 *     Teredo  2001:0000:server...:flags:port:AABB:CCDD  RFC 4380 section 4, the client's address with all bits inverted
 *     compat  0000:0000:0000:0000:0000:0000:AABB:CCDD   RFC 4291 section 2.5.5.1, deprecated
 */
const WRAPPINGS: readonly Wrapping[] = [
  { network: knownNetwork('64:ff9b::/96'), mechanism: 'NAT64 (RFC 6052)', inner: (bytes) => bytes.slice(12) },
  { network: knownNetwork('2002::/16'), mechanism: '6to4 (RFC 3056)', inner: (bytes) => bytes.slice(2, 6) },
  {
    network: knownNetwork('2001::/32'),
    mechanism: 'Teredo (RFC 4380)',
    inner: (bytes) => bytes.slice(12).map((byte) => byte ^ 0xff),
  },
  { network: knownNetwork('::/96'), mechanism: 'IPv4-compatible (RFC 4291)', inner: (bytes) => bytes.slice(12) },
];

/** The unspecified and the loopback address have the form of IPv4-compatible addresses and are none. */
const NOT_COMPATIBLE: ReadonlySet<string> = new Set(['::', '::1']);
