import type { LogRecord } from '../record.ts';

/**
 * What a field of a web server's or proxy's log can tell, whatever the product calls it. Tables map the products'
 * directives, variables and JSON keys to these; `web-record.ts` makes the record.
 */
export type WebKey =
  /** Address, `address:port`, or a name. */
  | 'client'
  /** X-Forwarded-For: addresses with commas between them, the nearest hop last. Anyone can write all but the last. */
  | 'client-chain'
  | 'client-port'
  | 'client-name'
  | 'user'
  /** Address, or `address:port`, that was really spoken to; of a list (retries) the last. */
  | 'server'
  | 'server-port'
  /** The Host header or `:authority`, with or without a port: the client's claim. */
  | 'host'
  /** The server name of a TLS hello. */
  | 'sni'
  /** The name of the virtual host, with or without a port: ours. */
  | 'virtual-host'
  /** All that was received from the client: request line, headers, body. */
  | 'bytes-from-client'
  /** The body that was received from the client. */
  | 'body-from-client'
  /** All that was sent to the server behind; of a list the last. */
  | 'bytes-to-server'
  /** The request's Content-Length: what the client announced. */
  | 'announced-bytes'
  /** All that was sent to the client. */
  | 'bytes-to-client'
  /** The body that was sent to the client. */
  | 'body-to-client'
  /** The same, where `-` says that there was none (the Common Log Format). */
  | 'clf-body-to-client'
  | 'duration'
  /** The whole request line. */
  | 'request'
  | 'method'
  /** The request target: a URL, a path, `host:port` of a CONNECT. */
  | 'target'
  | 'query'
  | 'scheme'
  | 'status'
  | 'request-type'
  | 'reply-type'
  | 'agent'
  | 'referrer'
  | 'session'
  /** The product's own word for what became of the request. */
  | 'result'
  /** The name of the server behind, or a mark such as `<NOSRV>`. */
  | 'server-name'
  /** The time to connect to the server behind; negative when it came to no connection, 0 for one that was there already. */
  | 'connect-time';

/** The keys of a record that a field gives. */
export const TOLD: Readonly<Record<WebKey, readonly (keyof LogRecord)[]>> = {
  client: ['client'],
  'client-chain': ['client'],
  'client-port': ['client'],
  'client-name': ['client'],
  user: ['client'],
  server: ['server', 'reached'],
  'server-port': ['server'],
  host: ['server'],
  sni: ['server'],
  'virtual-host': ['server'],
  'bytes-from-client': ['bytesToServer'],
  'body-from-client': ['bytesToServer'],
  'bytes-to-server': ['bytesToServer'],
  'announced-bytes': ['bytesToServer'],
  'bytes-to-client': ['bytesToClient', 'unfinished'],
  'body-to-client': ['bytesToClient'],
  'clf-body-to-client': ['bytesToClient'],
  duration: ['durationMs'],
  request: ['method', 'url', 'server'],
  method: ['method'],
  target: ['url', 'server'],
  query: ['url'],
  scheme: ['url'],
  status: ['status', 'outcome'],
  'request-type': ['contentType'],
  'reply-type': ['contentType'],
  agent: ['agent'],
  referrer: ['referrer'],
  session: ['session'],
  result: ['proxyResult', 'outcome', 'reached'],
  'server-name': ['reached'],
  'connect-time': ['reached', 'connectMs'],
};

/** The number of a field that a format does not have. */
export const ABSENT = -1;

/** The fields of the line at hand, by the numbers that `find` gives once for all lines. */
export interface WebFields {
  /** The first of `keys` that the format has, else `ABSENT`. */
  find(...keys: readonly WebKey[]): number;
  /** Its value without its quoting; `undefined` where it is absent, empty or `-`. */
  text(index: number): string | undefined;
  /**
   * Its whole number. `undefined` where it is absent, empty, `-` or negative (a product's "not known"), NaN where it is
   * something else. A `+` before it is passed over: see `isLowerBound`.
   */
  count(index: number): number | undefined;
  /** In milliseconds, whatever the format counts in; fractions are cut off. As `count` otherwise. */
  durationMs(index: number): number | undefined;
  /** Whether a `+` says that the line was written before the number was final. */
  isLowerBound(index: number): boolean;
}
