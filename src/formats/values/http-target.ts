import { digitsOf } from './digits.ts';

/** Whom a request was meant for, by the client's own word. */
export interface HttpTarget {
  /** Lower case, without brackets or a trailing dot; may be the text of an address. */
  readonly host: string;
  readonly port?: number;
  /** The request target without user name and password. */
  readonly url: string;
}

/**
 * Reads an absolute URL (RFC 3986 section 3) or the `host:port` of a CONNECT (RFC 9110 section 9.3.6).
 *
 * @returns `undefined` for what names no host: `error:invalid-request`, `urn:...`, `/path`, `-`
 */
export function readHttpTarget(text: string): HttpTarget | undefined {
  const schemeEnd = text.indexOf('://');
  // A later `://` belongs to a query: the scheme is what comes before any other mark.
  const hasScheme = schemeEnd > 0 && schemeEnd <= LONGEST_SCHEME && /^[A-Za-z][\w+.-]*$/.test(text.slice(0, schemeEnd));
  const start = hasScheme ? schemeEnd + 3 : 0;
  const end = hasScheme ? endOfAuthority(text, start) : text.length;
  const afterUser = text.lastIndexOf('@', end - 1) + 1;
  const hasUser = afterUser > start;
  const authority = splitAuthority(text.slice(hasUser ? afterUser : start, end));
  if (authority === undefined) return undefined;
  const port = authority.port ?? (hasScheme ? defaultPort(text.slice(0, schemeEnd)) : undefined);
  if (!hasScheme && port === undefined) return undefined;
  const url = hasUser ? text.slice(0, start) + text.slice(afterUser) : text;
  return port === undefined ? { host: authority.host, url } : { host: authority.host, port, url };
}

/** Lower case, without a trailing dot: `Files.Vendor.Example.` and `files.vendor.example` are one host (RFC 4343). */
export function hostName(text: string): string {
  const name = text.toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** The port that a scheme stands for where none is written. */
export function defaultPort(scheme: string | undefined): number | undefined {
  return scheme === undefined ? undefined : DEFAULT_PORTS.get(scheme.toLowerCase());
}

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ftp', 21],
  ['ws', 80],
  ['wss', 443],
]);
const LONGEST_SCHEME = 20;

function endOfAuthority(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === SLASH || code === QUESTION_MARK || code === HASH) return at;
  }
  return text.length;
}

function splitAuthority(text: string): { readonly host: string; readonly port?: number } | undefined {
  const colon = text.lastIndexOf(':');
  const isBracketed = text.startsWith('[');
  const hostEnd = isBracketed ? text.indexOf(']') + 1 : colon === -1 ? text.length : colon;
  const host = isBracketed ? text.slice(1, hostEnd - 1) : hostName(text.slice(0, hostEnd));
  // Colons in an address stand between brackets; elsewhere they belong to `urn:isbn:1` and the like.
  if (hostEnd === 0 || host === '' || (!isBracketed && text.indexOf(':') !== colon)) return undefined;
  if (hostEnd === text.length) return { host };
  const port = text.charCodeAt(hostEnd) === COLON ? readPort(text, hostEnd + 1) : undefined;
  return port === undefined ? undefined : { host, port };
}

function readPort(text: string, at: number): number | undefined {
  const port = digitsOf(text, at, text.length);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

const HASH = 35;
const SLASH = 47;
const COLON = 58;
const QUESTION_MARK = 63;
