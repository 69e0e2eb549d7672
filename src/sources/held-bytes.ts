const NONE = Buffer.alloc(0);

/** Bytes that wait for more, copied out of the pieces they came in. Grows by doubling: they may come one by one. */
export class HeldBytes {
  #buffer = NONE;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#buffer.length));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  /** All of them, and `more`; they stay held. */
  with(more: Buffer): Buffer {
    return this.#length === 0 ? more : Buffer.concat([this.#buffer.subarray(0, this.#length), more]);
  }

  /** All of them, and `more`; none is held any longer. */
  take(more: Buffer = NONE): Buffer {
    const bytes = this.with(more);
    this.#buffer = NONE;
    this.#length = 0;
    return bytes;
  }
}
