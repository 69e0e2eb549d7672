import type { Dispatcher } from 'undici';
import { readRetryAfter } from '../../time/retry-after.ts';
import { describeFailure } from './failure.ts';

/** What a server said of the document last time; sent back, it answers whether there is another. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface Wanted {
  readonly url: URL;
  /** Sent to the origin of `url` alone, wherever that redirects to. */
  readonly authorization?: string;
  readonly validators?: Validators;
  /** Of the body; what is longer is refused. */
  readonly mostBytes: number;
}

/** `again`: the same request may succeed later, not before `afterMs` if that is told. `never`: not as it is now. */
export type Failed = {
  readonly kind: 'again' | 'never';
  readonly because: string;
  readonly todo?: string;
  readonly afterMs?: number;
};

export type Fetched =
  | { readonly kind: 'content'; readonly bytes: Buffer; readonly validators: Validators }
  | { readonly kind: 'unchanged' }
  | Failed;

/** What a request needs of its surroundings. */
export interface Transport {
  readonly dispatcher: Dispatcher;
  /** ms since the epoch: dates in `Retry-After` count from there. */
  readonly nowMs: () => number;
}

/**
 * Gets one document whole. Redirects are followed a few times, to https alone. Nothing of what a server sends but its
 * status gets into a message, and no query of a URL, which may be signed.
 */
export async function fetchDocument(transport: Transport, wanted: Wanted, signal: AbortSignal): Promise<Fetched> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), WHOLE_MS);
  try {
    return await follow(transport, wanted, AbortSignal.any([signal, patience.signal]));
  } catch (error) {
    signal.throwIfAborted();
    if (patience.signal.aborted) return { kind: 'again', because: 'the download took longer than 30 minutes' };
    return describeFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

const WHOLE_MS = 30 * 60_000;
const MOST_REDIRECTS = 4;

async function follow(transport: Transport, wanted: Wanted, signal: AbortSignal): Promise<Fetched> {
  let url = wanted.url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await transport.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: headersFor(wanted, url),
      signal,
    });
    const { statusCode, headers, body } = answer;
    if (statusCode === 200) return readBody(answer, wanted.mostBytes);
    await body.dump({ limit: 65_536, signal });
    if (statusCode === 304 && wanted.validators !== undefined) return { kind: 'unchanged' };
    if (!REDIRECTS.has(statusCode)) return refusalOf(statusCode, only(headers['retry-after']), transport.nowMs());
    const location = only(headers.location);
    if (location === undefined || !URL.canParse(location, url.href))
      return { kind: 'again', because: `status ${statusCode} without a place to go to` };
    url = new URL(location, url);
    if (url.protocol !== 'https:')
      return { kind: 'never', because: `the server redirects to ${url.protocol}, not https:` };
  }
  return { kind: 'again', because: `the server redirects more than ${MOST_REDIRECTS} times` };
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function headersFor({ url: first, authorization, validators = {} }: Wanted, url: URL): Record<string, string> {
  const { etag, lastModified } = validators;
  return {
    'user-agent': 'phi-egress',
    accept: '*/*',
    ...(authorization !== undefined && url.origin === first.origin && { authorization }),
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
  };
}

async function readBody({ headers, body }: Dispatcher.ResponseData, mostBytes: number): Promise<Fetched> {
  const told = Number(only(headers['content-length']) ?? 0);
  const tooLong: Failed = { kind: 'never', because: `the download has more than ${mostBytes} bytes` };
  if (told > mostBytes) {
    body.destroy();
    return tooLong;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the body.
    if (bytes > mostBytes) return tooLong;
    chunks.push(chunk);
  }
  const etag = only(headers.etag);
  const lastModified = only(headers['last-modified']);
  const validators = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
  return { kind: 'content', bytes: Buffer.concat(chunks), validators };
}

function refusalOf(status: number, retryAfter: string | undefined, nowMs: number): Failed {
  const [because, todo] = MEANINGS[status] ?? ['', undefined];
  const told = because === '' ? `status ${status}` : `status ${status}: ${because}`;
  if (status !== 408 && status !== 425 && status !== 429 && status < 500)
    return { kind: 'never', because: told, ...(todo !== undefined && { todo }) };
  const afterMs = readRetryAfter(retryAfter, nowMs);
  return { kind: 'again', because: told, ...(afterMs !== undefined && { afterMs }) };
}

const MEANINGS: Readonly<Record<number, readonly [because: string, todo?: string]>> = {
  401: ['account and key are not accepted', 'check geo.update.maxmind.account and key'],
  402: ['the account does not include this edition', 'check the editions of the account'],
  403: ['account and key do not permit this', 'check the account, and that the editions are in its subscription'],
  404: ['there is no such file', 'check the name of the edition, or the mirror'],
  429: ['too many downloads'],
};

function only(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
