import { parseAddress } from '../../net/address.ts';
import { digitsOf } from './digits.ts';

/** The canonical text of an address as a log writes it, `undefined` for anything else. */
export type AddressReader = (text: string) => string | undefined;

/** A reader that remembers: a log has few addresses and many lines. */
export function rememberingAddressReader(): AddressReader {
  const known = new Map<string, string | typeof NO_ADDRESS>();
  return (text) => {
    if (text.length > LONGEST || !mayBeAddress(text)) return undefined;
    const before = known.get(text);
    if (before !== undefined) return before === NO_ADDRESS ? undefined : before;
    if (known.size >= MAX_KNOWN) known.clear();
    // A part of a string keeps the whole alive, which may be a line of a megabyte.
    const copy = Buffer.from(text).toString();
    const address = parseAddress(copy)?.text;
    known.set(copy, address ?? NO_ADDRESS);
    return address;
  };
}

/** Most host names are told from an address at a glance, and need not be remembered: IPv4 ends in a digit. */
function mayBeAddress(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return (last >= ZERO && last <= NINE) || text.includes(':');
}

const HIGHEST_PORT = 65_535;
const NO_ADDRESS = Symbol('no address');
const LONGEST = 64;
/** A busy gateway speaks with some thousand addresses a day. */
const MAX_KNOWN = 16_384;
const ZERO = 48;
const NINE = 57;

/** Port 0 is none, and stands for "not known" in some logs. */
export function isPort(port: number | undefined): port is number {
  return port !== undefined && port > 0 && port <= HIGHEST_PORT;
}

/** An address with the port behind it, as far as the text has them. */
export interface AddressAndPort {
  readonly ip?: string;
  readonly port?: number;
  /** What stands in the place of the address and is none. */
  readonly name?: string;
}

/** Reads `192.0.2.7`, `192.0.2.7:443`, `[2001:db8::1]:443`, `2001:db8::1`, `host.example:443` or `host.example`. */
export function readAddressAndPort(text: string, addressText: AddressReader): AddressAndPort {
  const whole = addressText(text);
  if (whole !== undefined) return { ip: whole };
  const colon = text.lastIndexOf(':');
  const port = colon === -1 ? Number.NaN : digitsOf(text, colon + 1, text.length);
  if (Number.isNaN(port) || port > HIGHEST_PORT) return { name: text };
  const before = text.slice(0, colon);
  const ip = addressText(before);
  const number = port > 0 ? { port } : {};
  return ip === undefined ? { name: before, ...number } : { ip, ...number };
}
