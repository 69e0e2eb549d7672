import type { Endpoint } from '../record.ts';
import type { AddressReader } from './address-text.ts';
import { digitsOf } from './digits.ts';
import { hostName } from './http-target.ts';

/** What a server wrote down of its peer: an address, or the name that it had looked up. `undefined` for neither. */
export function addressOrName(text: string, addressText: AddressReader): Endpoint | undefined {
  const ip = addressText(text);
  if (ip !== undefined) return { ip };
  return /^[\w.-]{1,255}$/.test(text) && /\w/.test(text) ? { host: hostName(text) } : undefined;
}

/** `192.0.2.7:2222`, `[2001:db8::7]:2222`, `sftp.vendor.example:22`; with or without the port. */
export function addressAndPort(text: string, addressText: AddressReader): Endpoint | undefined {
  const whole = addressOrName(text, addressText);
  if (whole !== undefined) return whole;
  const colon = text.lastIndexOf(':');
  const port = digitsOf(text, colon + 1, text.length);
  const end = colon === -1 ? undefined : addressOrName(text.slice(0, colon), addressText);
  return end === undefined || !(port >= 1 && port <= 65_535) ? undefined : { ...end, port };
}
