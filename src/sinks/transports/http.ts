import type { Dispatcher } from 'undici';
import { OperatorError } from '../../errors/problem.ts';
import { describeConnectionFailure } from '../../net/connection-failure.ts';
import { type Api, Unanswered } from '../http/api.ts';
import { openClient, PATIENCE, type Patience } from '../http/client.ts';
import { exchange, type HttpAnswer, type HttpRequest, TooLongAnswer } from '../http/exchange.ts';
import { isHostInReach, isLoopback, OUT_OF_REACH_CODE } from '../http/reach.ts';
import type { TlsFiles } from '../settings.ts';
import type { BatchLimits, Transport } from '../transport.ts';
import { reasonOf, type Verdict } from '../verdict.ts';

export interface HttpTransportSettings {
  readonly tls: TlsFiles;
  /** The operator permits that alerts cross the network unencrypted. */
  readonly allowHttp: boolean;
  readonly patience?: Patience;
}

/**
 * Takes alerts to an API over HTTPS, one request after the other. Certificates are read anew after each failure, so that a
 * renewed one is taken up.
 */
export class HttpTransport implements Transport {
  readonly #api: Api;
  readonly #settings: HttpTransportSettings;
  #client: Dispatcher | undefined;

  constructor(api: Api, settings: HttpTransportSettings) {
    this.#api = api;
    this.#settings = settings;
  }

  get limits(): BatchLimits {
    return this.#api.limits;
  }

  async send(messages: readonly string[], signal: AbortSignal, eventIds: readonly string[]): Promise<Verdict> {
    try {
      return await this.#api.deliver({ messages, eventIds }, (request) => this.#ask(request, signal), signal);
    } catch (error) {
      if (error instanceof Unanswered) return error.verdict;
      if (error instanceof OperatorError) return { kind: 'hold', because: error.problems[0]?.what ?? error.name };
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.destroy();
  }

  async #ask(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    refuseUnsafe(request.url, this.#settings.allowHttp);
    const { patience = PATIENCE, tls } = this.#settings;
    const whole = new AbortController();
    const timer = setTimeout(() => whole.abort(), patience.wholeMs);
    try {
      this.#client ??= await openClient(tls, patience);
      return await exchange(this.#client, request, AbortSignal.any([signal, whole.signal]));
    } catch (error) {
      await this.close();
      throw new Unanswered(signal.aborted ? STOPPED : whole.signal.aborted ? TOO_SLOW : meaningOf(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

const STOPPED: Verdict = { kind: 'again', because: 'stopped' };
const TOO_SLOW: Verdict = { kind: 'again', because: 'the server takes too long to answer' };

/** Asked of every URL, for an API may name others than the operator did. */
function refuseUnsafe({ protocol, hostname }: URL, allowHttp: boolean): void {
  const isSafe = protocol === 'https:' || (protocol === 'http:' && (allowHttp || isLoopback(hostname)));
  if (!isSafe) throw new Unanswered({ kind: 'hold', because: 'the URL is not https, and allow-http is not set' });
  if (!isHostInReach(hostname)) throw new Unanswered(OUT_OF_REACH);
}

const OUT_OF_REACH: Verdict = {
  kind: 'hold',
  because: 'the address is link-local, or where a cloud keeps credentials: alerts are not sent there',
};

function meaningOf(error: unknown): Verdict {
  if (error instanceof TooLongAnswer) return { kind: 'again', because: 'the answer is longer than any that is known' };
  const code = reasonOf(error);
  if (code === OUT_OF_REACH_CODE) return OUT_OF_REACH;
  if (error instanceof Error && 'path' in error && 'syscall' in error)
    return { kind: 'hold', because: `cannot read a PEM file of the sink (${code})` };
  if (code.startsWith('ERR_OSSL')) return { kind: 'hold', because: `cannot use a PEM file of the sink (${code})` };
  const { isCertificate, because } = describeConnectionFailure(error);
  return { kind: isCertificate ? 'hold' : 'again', because };
}
