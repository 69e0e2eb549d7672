import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { readRetryAfter } from '../../time/retry-after.ts';

/** A POST. */
export interface HttpRequest {
  readonly url: URL;
  /** In small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The API takes compressed bodies. */
  readonly gzip?: true;
}

export interface HttpAnswer {
  readonly status: number;
  /** UTF-8. It can repeat what was sent, so nothing of it may get into a message. */
  readonly body: string;
  /** The server asked to be left alone for this long. */
  readonly retryAfterMs?: number;
}

/** Longer answers are not read: none of the documents has one. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Shorter bodies do not become shorter. */
const WORTH_PACKING_BYTES = 1_024;

/** The answer is longer than any that is documented. */
export class TooLongAnswer extends Error {}

const pack = promisify(gzip);

/**
 * One request and its whole answer. A redirect is an answer like any other and is not followed: it could lead anywhere, and
 * would take the token along. Rejects for whatever kept the answer from coming whole.
 */
export async function exchange(client: Dispatcher, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, headers, body, gzip: mayPack } = request;
  const isPacked = mayPack === true && Buffer.byteLength(body) >= WORTH_PACKING_BYTES;
  const answer = await client.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: { 'user-agent': 'phi-egress', ...headers, ...(isPacked && { 'content-encoding': 'gzip' }) },
    body: isPacked ? await pack(body) : body,
    signal,
  });
  const retryAfterMs = readRetryAfter(only(answer.headers['retry-after']), Date.now());
  return {
    status: answer.statusCode,
    body: await readBody(answer.body),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

async function readBody(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop destroys the body.
    if (bytes > MOST_BYTES) throw new TooLongAnswer();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What a JSON answer says, `undefined` where it is none. */
export function jsonOf({ body }: Pick<HttpAnswer, 'body'>): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function only(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
