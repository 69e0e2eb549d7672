import type { Writable } from 'node:stream';
import type { Transport } from '../transport.ts';
import { reasonOf, STORED, type Verdict } from '../verdict.ts';

/** Standard output, or what stands in for it. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The other end is gone for good: a pager was quit, a pipe's reader has ended. */
const GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** Writes alerts to a stream for people. The stream is not ours: it is never closed. */
export class TerminalTransport implements Transport {
  readonly #stream: TerminalStream;
  /** A failed write is also an event, which ends the process where nobody listens; the verdict says it all. */
  readonly #ignore = (): void => {};

  constructor(stream: TerminalStream) {
    this.#stream = stream;
    stream.on('error', this.#ignore);
  }

  /** A write's callback comes when the stream has handed the text on, so waiting for it is waiting for the drain. */
  send(messages: readonly string[], signal: AbortSignal): Promise<Verdict> {
    return new Promise((resolve) => {
      const stop = (): void => resolve({ kind: 'again', because: 'stopped' });
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      this.#stream.write(messages.join(''), (error) => {
        signal.removeEventListener('abort', stop);
        resolve(error ? verdictOn(error) : STORED);
      });
    });
  }

  /** A stream that failed has its event still to come. */
  async close(): Promise<void> {
    if (!this.#stream.errored) this.#stream.off('error', this.#ignore);
  }
}

function verdictOn(error: Error): Verdict {
  const because = reasonOf(error);
  return GONE.has(because)
    ? { kind: 'never', because: `nobody reads the output any more (${because})` }
    : { kind: 'again', because };
}
