import type { BatchLimits } from '../transport.ts';
import type { Verdict } from '../verdict.ts';
import type { HttpAnswer, HttpRequest } from './exchange.ts';

/** Messages that go together, and the id of each, the same when it is sent again. */
export interface ApiBatch {
  readonly messages: readonly string[];
  readonly eventIds: readonly string[];
}

/** Sends a request. Rejects with `Unanswered` where no whole answer came. */
export type Ask = (request: HttpRequest) => Promise<HttpAnswer>;

/** One product's API, as its document has it. */
export interface Api {
  readonly limits: BatchLimits;
  /** Rejects with `Unanswered`, or an OperatorError for what the operator must mend. */
  readonly deliver: (batch: ApiBatch, ask: Ask, signal: AbortSignal) => Promise<Verdict>;
}

/** No answer came, and what that means. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.kind);
    this.verdict = verdict;
  }
}
