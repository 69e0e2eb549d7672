import ipaddr from 'ipaddr.js';

export type Family = 4 | 6;

/** One IP address. Two addresses are the same exactly when their `text` is. */
export interface Address {
  readonly family: Family;
  /** Canonical: dotted decimal, or RFC 5952 without a zone. */
  readonly text: string;
  /** 4 or 16 bytes, most significant first. */
  readonly bytes: Uint8Array;
}

/** Zone ids are as long as an interface's name (IFNAMSIZ is 16), but RFC 4007 gives no limit; logs hold anything. */
const LONGEST = 128;

/**
 * Reads an address as logs write it: dotted IPv4, IPv6 in any form of RFC 4291 section 2.2, with or without brackets
 * (RFC 3986), its zone id (RFC 4007) dropped. IPv4-mapped IPv6 becomes IPv4.
 *
 * @returns `undefined` for anything else. Octets with leading zeros are refused: some programs read them as octal, so
 * `010.0.0.1` is two different addresses (RFC 6943 section 3.1.1).
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > LONGEST) return undefined;
  if (!text.includes(':')) return parseDotted(text);
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return parseColons(bare);
}

/** The address of these 4 or 16 bytes, IPv4-mapped IPv6 as IPv4. */
export function addressOf(bytes: Uint8Array): Address {
  if (bytes.length === 4) return { family: 4, text: `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`, bytes };
  if (isMapped(bytes)) return addressOf(bytes.slice(12));
  return { family: 6, text: new ipaddr.IPv6([...bytes]).toRFC5952String(), bytes };
}

function parseDotted(text: string): Address | undefined {
  const bytes = readOctets(text);
  return bytes === undefined ? undefined : { family: 4, text, bytes };
}

/** By hand: every line of a busy gateway comes through here, and only one spelling of an address is accepted anyway. */
function readOctets(text: string): Uint8Array | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  const bytes = new Uint8Array(4);
  let octet = 0;
  let digits = 0;
  let value = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || octet > 3) return undefined;
      bytes[octet++] = value;
      digits = 0;
      value = 0;
    } else {
      if (code < ZERO || code > NINE || (digits > 0 && value === 0)) return undefined;
      value = value * 10 + code - ZERO;
      digits++;
      if (value > 255) return undefined;
    }
  }
  return octet === 4 ? bytes : undefined;
}

const DOT = 46;
const ZERO = 48;
const NINE = 57;

function parseColons(bare: string): Address | undefined {
  const zone = bare.indexOf('%');
  if (zone === bare.length - 1) return undefined;
  const text = withoutDots(zone === -1 ? bare : bare.slice(0, zone));
  if (text === undefined || !ipaddr.IPv6.isValid(text)) return undefined;
  return addressOf(Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray()));
}

/** Writes a dotted tail (`::ffff:192.0.2.1`) in hexadecimal, so that its octets meet the same rules as all others. */
function withoutDots(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const colon = text.lastIndexOf(':');
  const octets = readOctets(text.slice(colon + 1));
  if (octets === undefined) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  return `${text.slice(0, colon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** `::ffff:0:0/96`, RFC 4291 section 2.5.5.2. */
function isMapped(bytes: Uint8Array): boolean {
  for (let at = 0; at < 10; at++) if (bytes[at] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}
