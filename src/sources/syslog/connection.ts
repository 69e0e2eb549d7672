import type { Socket } from 'node:net';
import { type Frame, Framer } from './framing.ts';
import type { MessageQueue } from './message-queue.ts';

/** A message must be whole within this time; a peer that sends a byte now and then would have us wait for ever. */
const MESSAGE_MS = 60_000;

/** What the connections of a listener have in common. */
export interface Shared {
  readonly queue: MessageQueue;
  readonly nowMs: () => number;
  /** Bytes of messages without an end, over all connections, and how many there may be. */
  readonly held: { bytes: number; readonly most: number };
  /** Called when something was received. */
  readonly onData: () => void;
}

/** One sender's stream, plain or secured. Takes itself out of what is held when it is closed. */
export class Connection {
  readonly #socket: Socket;
  readonly #sender: string;
  readonly #shared: Shared;
  readonly #framer = new Framer();
  /** When the message that is held began. */
  #begunMs = 0;
  #receivedMs: number;

  constructor(socket: Socket, sender: string, shared: Shared) {
    this.#socket = socket;
    this.#sender = sender;
    this.#shared = shared;
    this.#receivedMs = shared.nowMs();
    // What went wrong shows in how the stream ends.
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => this.#receive(piece));
    socket.once('end', () => {
      this.#handOn(() => [this.#framer.end()]);
      socket.end();
    });
    socket.once('close', () => this.#handOn(() => [this.#framer.cutShort()]));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(nowMs: number): void {
    this.#begunMs = nowMs;
    this.#receivedMs = nowMs;
    this.#socket.resume();
  }

  /** A message that does not end is handed on as far as it came. */
  giveUpIfStuck(nowMs: number): void {
    if (this.#framer.heldBytes > 0 && nowMs - this.#begunMs >= MESSAGE_MS)
      this.#handOn(() => [this.#framer.cutShort()]);
  }

  /** Nothing has come for so long, and no message is begun: nothing is likely to be on its way. */
  isQuiet(nowMs: number, forMs: number): boolean {
    return this.#framer.heldBytes === 0 && nowMs - this.#receivedMs >= forMs;
  }

  #receive(piece: Buffer): void {
    const { held, onData } = this.#shared;
    this.#handOn(() => this.#framer.push(piece));
    if (held.bytes > held.most) this.#handOn(() => [this.#framer.cutShort()]);
    onData();
  }

  #handOn(advance: () => readonly (Frame | undefined)[]): void {
    const { queue, nowMs, held } = this.#shared;
    const receivedMs = nowMs();
    this.#receivedMs = receivedMs;
    const before = this.#framer.heldBytes;
    const frames = advance();
    const after = this.#framer.heldBytes;
    held.bytes += after - before;
    if (after > 0 && (before === 0 || frames.length > 0)) this.#begunMs = receivedMs;
    for (const frame of frames) {
      if (frame === undefined) continue;
      const { bytes, cut } = frame;
      queue.add({ text: bytes.toString('utf8'), bytes: bytes.length, cut, sender: this.#sender, receivedMs });
    }
  }
}
