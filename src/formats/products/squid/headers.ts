import { unquote } from './quoting.ts';

/** All that is ever taken from logged request headers. They also hold credentials (`Proxy-Authorization`), and cookies. */
export interface RequestHeaders {
  readonly contentType?: string;
  /** As announced: bytes of the body alone. */
  readonly contentLength?: string;
  readonly userAgent?: string;
  readonly referer?: string;
}

/** Where the headers stand that `log_mime_hdrs on` puts after a built-in format: ` [request] [reply]`. */
export interface HeaderTail {
  /** Where the line proper ends. */
  readonly lineEnd: number;
  readonly requestStart: number;
  readonly requestEnd: number;
}

/** Brackets within the headers are percent-encoded, so those that stand there are the tail's own. */
export function findHeaderTail(text: string): HeaderTail | undefined {
  if (!text.endsWith(']')) return undefined;
  const reply = text.lastIndexOf('] [');
  const request = reply === -1 ? -1 : text.lastIndexOf(' [', reply);
  return request === -1 ? undefined : { lineEnd: request, requestStart: request + 2, requestEnd: reply };
}

/** @param block header lines as Squid logs them: `\r\n`, spelled out, between them, percent-encoded */
export function readRequestHeaders(block: string): RequestHeaders {
  const found: { -readonly [K in keyof RequestHeaders]: RequestHeaders[K] } = {};
  let colon = block.indexOf(':');
  for (let start = 0; colon !== -1; ) {
    const lineEnd = block.indexOf('\\r\\n', start);
    const end = lineEnd === -1 ? block.length : lineEnd;
    if (colon < end && colon - start <= LONGEST_NAME) {
      const key = WANTED.get(block.slice(start, colon).toLowerCase());
      if (key !== undefined) found[key] ??= unquote(block.slice(colon + 1, end).trim(), 'percent');
    }
    start = end + 4;
    if (colon < start) colon = block.indexOf(':', start);
  }
  return found;
}

const LONGEST_NAME = 14;

const WANTED: ReadonlyMap<string, keyof RequestHeaders> = new Map([
  ['content-type', 'contentType'],
  ['content-length', 'contentLength'],
  ['user-agent', 'userAgent'],
  ['referer', 'referer'],
]);
