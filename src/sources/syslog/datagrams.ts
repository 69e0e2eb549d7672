import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { ListenSettings } from '../settings.ts';
import { withoutTrailers } from './framing.ts';
import { kernelDrops } from './kernel-drops.ts';
import type { MessageQueue } from './message-queue.ts';
import type { Reception } from './reception.ts';
import type { SenderGate } from './sender-gate.ts';

/** What is asked for; the system gives at most net.core.rmem_max. Bridges the time in which a batch is stored. */
const KERNEL_BUFFER_BYTES = 8 * 1024 * 1024;
/** How long what the kernel holds may take to be read after `drain`, while senders go on sending. */
const DRAIN_MS = 300;

/** Syslog over UDP (RFC 5426): a datagram is a message. Nobody holds a sender back; what does not fit is counted. */
export class DatagramReception implements Reception {
  readonly #listen: ListenSettings;
  readonly #queue: MessageQueue;
  readonly #gate: SenderGate;
  readonly #nowMs: () => number;
  readonly #socket: Socket;
  #dropped = 0;
  #kernelDropped = 0;
  #received = 0;
  #receivedAtLook = -1;
  #drainEndsMs = Number.POSITIVE_INFINITY;

  constructor(listen: ListenSettings, queue: MessageQueue, gate: SenderGate, nowMs: () => number) {
    this.#listen = listen;
    this.#queue = queue;
    this.#gate = gate;
    this.#nowMs = nowMs;
    const type = listen.address.includes(':') ? 'udp6' : 'udp4';
    this.#socket = createSocket({ type, recvBufferSize: KERNEL_BUFFER_BYTES });
    this.#socket.on('message', (bytes, remote) => this.#receive(bytes, remote));
  }

  async open(): Promise<void> {
    const { address, port } = this.#listen;
    this.#socket.bind({ address, port });
    // Rejects when an error comes first. Later ones are ICMP's, and mean nothing to who only receives.
    await once(this.#socket, 'listening');
    this.#socket.on('error', () => undefined);
  }

  tend(): void {
    // A datagram needs no care.
  }

  drain(): void {
    this.#drainEndsMs = this.#nowMs() + DRAIN_MS;
  }

  get isDrained(): boolean {
    const isQuiet = this.#received === this.#receivedAtLook;
    this.#receivedAtLook = this.#received;
    return isQuiet || this.#nowMs() >= this.#drainEndsMs;
  }

  async takeLosses(): Promise<{ kernel: number; buffer: number }> {
    const { address, port } = this.#listen;
    const dropped = (await kernelDrops(address, port)) ?? this.#kernelDropped;
    const losses = { kernel: Math.max(0, dropped - this.#kernelDropped), buffer: this.#dropped };
    this.#kernelDropped = dropped;
    this.#dropped = 0;
    return losses;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.close(resolve);
    }).catch(() => undefined);
  }

  #receive(datagram: Buffer, { address }: RemoteInfo): void {
    const receivedMs = this.#nowMs();
    if (!this.#gate.admits(address, receivedMs)) return;
    this.#received += 1;
    const bytes = withoutTrailers(datagram);
    if (bytes.length === 0) return;
    if (this.#queue.isFull) {
      this.#dropped += 1;
      return;
    }
    this.#queue.add({ text: bytes.toString('utf8'), bytes: bytes.length, cut: false, sender: address, receivedMs });
  }
}
