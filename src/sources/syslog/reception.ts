/** Receives messages over one transport and puts them into a queue. */
export interface Reception {
  /** Begins. Rejects with the error of the system, which has a `code`, when the address cannot be had. */
  open(): Promise<void>;
  /** To be called now and then: lets senders go on that were held back, gives up messages that do not end. */
  tend(nowMs: number): void;
  /** Takes no new senders, and asks those that are there to stop. What they have sent is still received. */
  drain(): void;
  /** Nothing more will come. Only after `drain`. */
  readonly isDrained: boolean;
  /** Datagrams that did not reach the queue since this was last asked. */
  takeLosses(): Promise<{ readonly kernel: number; readonly buffer: number }>;
  close(): Promise<void>;
}
