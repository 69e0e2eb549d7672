import type { Verdict } from './verdict.ts';

/** How much a destination takes at once. */
export interface BatchLimits {
  readonly messages: number;
  /** Of all messages together, in UTF-8. One that is longer goes alone. */
  readonly bytes: number;
}

/** Takes encoded alerts somewhere. */
export interface Transport {
  /** Absent: whatever comes. */
  readonly limits?: BatchLimits;
  /**
   * Resolves once the destination has them all, or says why not. Does not reject for what the destination did. When the
   * signal aborts, it gives up what it waits for and answers `again`.
   *
   * @param eventIds one for each message, the same when it is sent again: for destinations that know again what they have.
   */
  send(messages: readonly string[], signal: AbortSignal, eventIds: readonly string[]): Promise<Verdict>;
  /** Safe to call more than once. */
  close(): Promise<void>;
}
