/** A message that was received and not yet read. */
export interface ReceivedMessage {
  readonly text: string;
  /** As received; of a message that was cut, what is left of it. */
  readonly bytes: number;
  readonly cut: boolean;
  /** The sender's address. */
  readonly sender: string;
  /** ms since the epoch. */
  readonly receivedMs: number;
}

/** What a message costs beside its text. */
const OVERHEAD_BYTES = 200;

/**
 * Messages in the order of their arrival, from all senders. What was taken is kept until it is settled, so that it can be
 * given again after a commit that failed.
 */
export class MessageQueue {
  readonly #maxBytes: number;
  #waiting: ReceivedMessage[] = [];
  /** Of `#waiting`, those before it are taken and not settled. */
  #taken = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#maxBytes;
  }

  /** There is so much room again that it is worth to let held senders go on. */
  get hasRoom(): boolean {
    return this.#bytes <= this.#maxBytes / 2;
  }

  /** Nothing is left to take. */
  get isEmpty(): boolean {
    return this.#taken === this.#waiting.length;
  }

  /** Takes a message in even when it is full: whoever calls is to ask before, or to hold the sender back after. */
  add(message: ReceivedMessage): void {
    this.#waiting.push(message);
    this.#bytes += message.bytes + OVERHEAD_BYTES;
  }

  take(maxMessages: number, maxBytes: number): readonly ReceivedMessage[] {
    const start = this.#taken;
    let bytes = 0;
    while (this.#taken < this.#waiting.length && this.#taken - start < maxMessages && bytes < maxBytes) {
      bytes += this.#waiting[this.#taken]?.bytes ?? 0;
      this.#taken += 1;
    }
    return this.#waiting.slice(start, this.#taken);
  }

  /** What was taken is stored. */
  settle(): void {
    for (const { bytes } of this.#waiting.splice(0, this.#taken)) this.#bytes -= bytes + OVERHEAD_BYTES;
    this.#taken = 0;
  }

  /** What was taken was not stored, and is to be taken again. */
  rewind(): void {
    this.#taken = 0;
  }
}
