import type { Ask } from './api.ts';
import { Unanswered } from './api.ts';
import { type HttpAnswer, type HttpRequest, jsonOf } from './exchange.ts';
import { statusInWords, verdictByStatus } from './status.ts';

/** A token is asked for anew so long before it expires; ms. */
const AHEAD_MS = 5 * 60_000;

/** Adds an OAuth 2 access token to requests (RFC 6750), and keeps it for as long as it is good. */
export class Bearer {
  readonly #grant: () => Promise<HttpRequest>;
  readonly #nowMs: () => number;
  #kept: { readonly token: string; readonly untilMs: number } | undefined;

  /** @param grant the request that a token is asked for with (RFC 6749 section 4.4, RFC 7523). */
  constructor(grant: () => Promise<HttpRequest>, nowMs: () => number) {
    this.#grant = grant;
    this.#nowMs = nowMs;
  }

  /** A token that was kept may have been withdrawn: then the request is made once more with a new one. */
  async ask(ask: Ask, request: HttpRequest): Promise<HttpAnswer> {
    const kept = this.#kept !== undefined && this.#kept.untilMs > this.#nowMs() ? this.#kept : undefined;
    const answer = await ask(withToken(request, kept?.token ?? (await this.#renew(ask))));
    if (answer.status !== 401) return answer;
    this.#kept = undefined;
    return kept === undefined ? answer : ask(withToken(request, await this.#renew(ask)));
  }

  async #renew(ask: Ask): Promise<string> {
    const answer = await ask(await this.#grant());
    if (answer.status !== 200) throw refused(answer);
    const { access_token: token, expires_in: seconds } = (jsonOf(answer) ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof token !== 'string' || typeof seconds !== 'number')
      throw new Unanswered({ kind: 'again', because: 'the answer to the request for a token holds none' });
    this.#kept = { token, untilMs: this.#nowMs() + seconds * 1_000 - AHEAD_MS };
    return token;
  }
}

/** `invalid_client` and `invalid_grant` are status 400 (RFC 6749 section 5.2). */
function refused(answer: HttpAnswer): Unanswered {
  const because = `no token is granted (${statusInWords(answer.status)})`;
  const verdict = verdictByStatus(answer, { 400: 'hold' });
  return new Unanswered(verdict.kind === 'again' ? { ...verdict, because } : { kind: 'hold', because });
}

function withToken(request: HttpRequest, token: string): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}
