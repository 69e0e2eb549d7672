import { STORED, type Verdict } from '../verdict.ts';
import type { HttpAnswer } from './exchange.ts';

export type Meaning = Exclude<Verdict['kind'], 'each'>;

/** Where an API departs from the common meaning of a status. */
export type Meanings = Readonly<Partial<Record<number, Meaning>>>;

/**
 * What a status means where the API's document says nothing else (RFC 9110 section 15). Whatever is not named here waits
 * for the operator, and nothing is lost: a redirect, a wrong path, a token that was withdrawn.
 */
const COMMON: Meanings = { 400: 'never', 408: 'again', 413: 'split', 422: 'never', 425: 'again', 429: 'again' };

const WORDS: Readonly<Record<number, string>> = {
  401: 'the credentials are not accepted',
  403: 'the credentials do not permit this',
  404: 'there is nothing at this address',
  407: 'the proxy asks for credentials',
  410: 'there is nothing at this address any more',
  413: 'it is too large',
  429: 'too much was sent',
};

/** The verdict by the status alone. No word of the body is repeated. */
export function verdictByStatus({ status, retryAfterMs }: HttpAnswer, own: Meanings = {}): Verdict {
  const kind = own[status] ?? COMMON[status] ?? meaningOfClass(status);
  if (kind === 'stored') return STORED;
  const because = statusInWords(status);
  return kind === 'again' && retryAfterMs !== undefined ? { kind, because, afterMs: retryAfterMs } : { kind, because };
}

export function statusInWords(status: number): string {
  if (status >= 300 && status < 400) return `status ${status}: redirects are not followed`;
  const words = WORDS[status];
  return words === undefined ? `status ${status}` : `status ${status}: ${words}`;
}

function meaningOfClass(status: number): Meaning {
  if (status >= 200 && status < 300) return 'stored';
  return status >= 500 ? 'again' : 'hold';
}
