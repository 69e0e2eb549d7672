import { HeldBytes } from '../held-bytes.ts';

/** One message as it came, without what separates it from the next. */
export interface Frame {
  readonly bytes: Buffer;
  /** Only its beginning: it was longer than the limit, or the stream ended within it. */
  readonly cut: boolean;
}

/** RFC 5424 section 6.1 leaves the longest message to the receiver; nothing that can be read is longer than this. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A longer count is taken for text: no message is that long, and skipping one would swallow all that follows it. */
const MAX_COUNT_DIGITS = 7;

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const LESS_THAN = 0x3c;

/**
 * Cuts a stream into syslog messages, whichever way the sender frames them (RFC 6587 section 3.4), told anew at each:
 *
 *     34 <38>1 2026-11-24T04:11:28Z gw1 ...   octet counting; the only framing of RFC 5425
 *     <38>Nov 24 04:11:28 gw1 ...\n           ended by LF, or CR LF
 *
 * A message ended by LF may begin with a number as well. A number before `<` is a count in any case; before anything else
 * it is one as long as no message of the stream was ended by LF.
 *
 * What comes out does not depend on the pieces in which the stream arrives. At most one message of `maxMessageBytes` is
 * held.
 */
export class Framer {
  readonly #maxMessageBytes: number;
  #state: 'between' | 'within' | 'skipping' = 'between';
  /** What is still to come of a message that was counted. */
  #countedBytes: number | undefined;
  readonly #held = new HeldBytes();
  #sawLine = false;

  constructor(maxMessageBytes = MAX_MESSAGE_BYTES) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Bytes that wait for the rest of their message. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** @returns the messages that this piece completes, and those that are now known to be too long. Empty ones are none. */
  push(piece: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < piece.length) {
      if (this.#state === 'between') at = this.#begin(piece, at);
      else if (this.#state === 'within') at = this.#collect(piece, at, frames);
      else at = this.#skip(piece, at);
    }
    return frames;
  }

  /** The stream ended in order. @returns the message that it ended within: a last LF may have been left out. */
  end(): Frame | undefined {
    const isLine = this.#countedBytes === undefined;
    const frame = this.cutShort();
    return frame && { ...frame, cut: !isLine };
  }

  /** Waits no longer. @returns what is there of a message; its rest will be skipped. */
  cutShort(): Frame | undefined {
    if (this.#held.length === 0) return undefined;
    this.#state = 'skipping';
    return { bytes: withoutCr(this.#held.take()), cut: true };
  }

  /** Holds the first bytes of a message back until they tell how it is framed. */
  #begin(piece: Buffer, start: number): number {
    const heldBytes = this.#held.length;
    if (heldBytes === 0 && isStray(piece[start])) return start + 1;
    const rest = piece.subarray(start);
    const framing = framingOf(this.#held.with(rest), this.#sawLine);
    if (framing === undefined) {
      this.#held.add(rest);
      return piece.length;
    }
    this.#state = 'within';
    this.#countedBytes = framing.countedBytes;
    if (framing.headerBytes === 0) return start;
    this.#held.take();
    return start + framing.headerBytes - heldBytes;
  }

  #collect(piece: Buffer, start: number, frames: Frame[]): number {
    const counted = this.#countedBytes;
    const lf = counted === undefined ? piece.indexOf(LF, start) : -1;
    const end = counted === undefined ? (lf < 0 ? piece.length : lf) : Math.min(piece.length, start + counted);
    // One byte more than may be is enough to know that it is too long.
    const stop = Math.min(end, start + this.#maxMessageBytes + 1 - this.#held.length);
    const taken = piece.subarray(start, stop);
    if (counted !== undefined) this.#countedBytes = counted - taken.length;
    else this.#sawLine = true;

    if (this.#held.length + taken.length > this.#maxMessageBytes) {
      frames.push({ bytes: this.#held.take(taken).subarray(0, this.#maxMessageBytes), cut: true });
      this.#state = this.#countedBytes === 0 ? 'between' : 'skipping';
      return stop;
    }
    if (lf < 0 && this.#countedBytes !== 0) {
      this.#held.add(taken);
      return stop;
    }
    const bytes = withoutCr(this.#held.take(taken));
    if (bytes.length > 0) frames.push({ bytes, cut: false });
    this.#state = 'between';
    return lf < 0 ? stop : lf + 1;
  }

  #skip(piece: Buffer, start: number): number {
    const counted = this.#countedBytes;
    const lf = counted === undefined ? piece.indexOf(LF, start) : -1;
    const end = counted === undefined ? (lf < 0 ? piece.length : lf + 1) : Math.min(piece.length, start + counted);
    if (counted !== undefined) this.#countedBytes = counted - (end - start);
    if (lf >= 0 || this.#countedBytes === 0) this.#state = 'between';
    return end;
  }
}

/** What ends a line, or stands between two messages. */
export function withoutTrailers(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isStray(bytes[end - 1])) end--;
  return bytes.subarray(0, end);
}

interface Framing {
  /** Bytes of the count and the blank behind it. */
  readonly headerBytes: number;
  /** Absent: the message is ended by LF. */
  readonly countedBytes: number | undefined;
}

const LINE: Framing = { headerBytes: 0, countedBytes: undefined };

/** `undefined`: these bytes do not tell yet. */
function framingOf(head: Buffer, sawLine: boolean): Framing | undefined {
  let at = 0;
  while (at < head.length && at <= MAX_COUNT_DIGITS && isDigit(head[at])) at++;
  if (at > MAX_COUNT_DIGITS || head[0] === ZERO) return LINE;
  if (at === head.length) return undefined;
  if (at === 0 || head[at] !== SPACE) return LINE;
  const counted = { headerBytes: at + 1, countedBytes: Number(head.toString('latin1', 0, at)) };
  if (!sawLine) return counted;
  if (at + 1 === head.length) return undefined;
  return head[at + 1] === LESS_THAN ? counted : LINE;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Some senders put an LF behind a counted message, some end messages with NUL. */
function isStray(byte: number | undefined): boolean {
  return byte === LF || byte === CR || byte === NUL;
}

function withoutCr(bytes: Buffer): Buffer {
  return bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;
}
