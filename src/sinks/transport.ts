import type { Verdict } from './verdict.ts';

/** Takes encoded alerts somewhere. */
export interface Transport {
  /**
   * Resolves once the destination has them all, or says why not. Does not reject for what the destination did. When the
   * signal aborts, it gives up what it waits for and answers `again`.
   */
  send(messages: readonly string[], signal: AbortSignal): Promise<Verdict>;
  /** Safe to call more than once. */
  close(): Promise<void>;
}
