import { parseAddress } from '../net/address.ts';

/** The canonical text of an address as a log writes it, `undefined` for anything else. */
export type AddressReader = (text: string) => string | undefined;

/** A reader that remembers: a log has few addresses and many lines. */
export function rememberingAddressReader(): AddressReader {
  const known = new Map<string, string | undefined>();
  return (text) => {
    if (text.length > LONGEST) return undefined;
    if (known.has(text)) return known.get(text);
    if (known.size >= MAX_KNOWN) known.clear();
    // A part of a string keeps the whole alive, which may be a line of a megabyte.
    const copy = Buffer.from(text).toString();
    const address = parseAddress(copy)?.text;
    known.set(copy, address);
    return address;
  };
}

const LONGEST = 64;
const MAX_KNOWN = 4_096;
