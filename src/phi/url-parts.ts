import { wordSet } from './word-set.ts';

/**
 * The pieces of a URL as a log writes it: absolute, a path alone, or `host:port` of a CONNECT. Nothing is decoded, and a
 * piece that is not there is empty.
 */
export interface UrlParts {
  /** Lower case, without the colon. */
  readonly scheme: string;
  /** Host and port, without user information. */
  readonly authority: string;
  /** With its leading slash. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Something followed the path: a query, a fragment, or both. */
  readonly hasTail: boolean;
}

/** Never fails: what has no scheme and no leading slash is taken for `host:port/path`. RFC 3986 section 3. */
export function urlParts(url: string): UrlParts {
  const tailAt = firstOf(url, '?', '#');
  const hasTail = tailAt < url.length;
  const query = hasTail && url[tailAt] === '?' ? untilFragment(url, tailAt + 1) : '';
  const scheme = schemeOf(url);
  if (scheme === '' && url.startsWith('/'))
    return { scheme, authority: '', path: url.slice(0, tailAt), query, hasTail };

  const start = scheme === '' ? 0 : scheme.length + 3;
  const slash = url.indexOf('/', start);
  const pathAt = slash === -1 || slash > tailAt ? tailAt : slash;
  return {
    scheme,
    authority: withoutUser(url.slice(start, pathAt)),
    path: url.slice(pathAt, tailAt),
    query,
    hasTail,
  };
}

function schemeOf(url: string): string {
  const colon = url.slice(0, LONGEST_SCHEME + 3).indexOf('://');
  const scheme = colon > 0 ? url.slice(0, colon).toLowerCase() : '';
  return SCHEMES.has(scheme) ? scheme : '';
}

function untilFragment(url: string, from: number): string {
  const fragmentAt = url.indexOf('#', from);
  return fragmentAt === -1 ? url.slice(from) : url.slice(from, fragmentAt);
}

function withoutUser(authority: string): string {
  return authority.slice(authority.lastIndexOf('@') + 1);
}

function firstOf(text: string, one: string, other: string): number {
  const at = text.indexOf(one);
  const otherAt = text.indexOf(other);
  if (at === -1) return otherAt === -1 ? text.length : otherAt;
  return otherAt === -1 ? at : Math.min(at, otherAt);
}

const LONGEST_SCHEME = 5;
const SCHEMES = wordSet('http https ftp ftps sftp ws wss');
