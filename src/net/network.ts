import { type Address, addressOf, type Family, parseAddress } from './address.ts';

/** All addresses that begin with the same `length` bits. */
export interface Network {
  readonly family: Family;
  /** Canonical CIDR: `192.0.2.0/24`. */
  readonly text: string;
  /** The first address: every bit after `length` is 0. */
  readonly first: Address;
  /** 0 to 32, or 0 to 128. */
  readonly length: number;
}

/** Why a text is no network, and what would be right where that can be told. */
export interface NotANetwork {
  readonly because: string;
  readonly suggestion?: string;
}

export type NetworkReading = { readonly network: Network } | { readonly mistake: NotANetwork };

/** Reads CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3). A lone address or a set host bit is a mistake. */
export function parseNetwork(text: string): NetworkReading {
  const slash = text.indexOf('/');
  if (slash === -1) return withoutLength(text);
  const address = parseAddress(text.slice(0, slash));
  if (address === undefined) return wrong('the part before the slash is no IP address');
  const digits = text.slice(slash + 1);
  const written = /^(?:0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : Number.NaN;
  const isMapped = address.family === 4 && text.includes(':');
  const length = isMapped ? written - 96 : written;
  const most = bitsOf(address.family);
  if (!(length >= 0 && length <= most)) {
    const range = isMapped ? '96 to 128' : `0 to ${most}`;
    return wrong(`the prefix length of such an address is a number from ${range}`);
  }
  const network = networkOf(address, length);
  if (network.first.text === address.text) return { network };
  return wrong(`host bits are set after the first ${length} bits`, network.text);
}

/**
 * A network that stands in one of the program's own tables.
 *
 * @throws Error where the table is wrong.
 */
export function knownNetwork(cidr: string): Network {
  const reading = parseNetwork(cidr);
  if ('mistake' in reading) throw new Error(`${cidr} is no network: ${reading.mistake.because}`);
  return reading.network;
}

/** The network of that length in which the address lies. */
export function networkOf(address: Address, length: number): Network {
  const first = addressOf(maskBytes(address.bytes, length));
  return { family: address.family, text: `${first.text}/${length}`, first, length };
}

/** Whether the address, or all of the other network, lies in the network. */
export function contains(network: Network, inner: Address | Network): boolean {
  const [address, length] = 'first' in inner ? [inner.first, inner.length] : [inner, bitsOf(inner.family)];
  if (network.family !== address.family || length < network.length) return false;
  const masked = maskBytes(address.bytes, network.length);
  return masked.every((byte, at) => byte === network.first.bytes[at]);
}

/** 32 or 128. */
export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

function withoutLength(text: string): NetworkReading {
  const address = parseAddress(text);
  if (address === undefined) return wrong('neither an IP address nor a slash is in it');
  return wrong('the prefix length is missing', `${address.text}/${bitsOf(address.family)}`);
}

function wrong(because: string, suggestion?: string): NetworkReading {
  return { mistake: { because, ...(suggestion !== undefined && { suggestion }) } };
}

function maskBytes(bytes: Uint8Array, length: number): Uint8Array {
  const masked = bytes.slice();
  const whole = length >> 3;
  if (whole < masked.length) masked[whole] = (masked[whole] ?? 0) & (0xff00 >> (length & 7));
  return masked.fill(0, whole + 1);
}
