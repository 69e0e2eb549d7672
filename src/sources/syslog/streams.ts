import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from 'node:tls';
import { parseAddress } from '../../net/address.ts';
import type { ListenSettings } from '../settings.ts';
import { Connection } from './connection.ts';
import type { MessageQueue } from './message-queue.ts';
import type { Reception } from './reception.ts';
import type { SenderGate } from './sender-gate.ts';

const MOST_CONNECTIONS = 512;
const MOST_PER_SENDER = 64;
/** Bytes of messages without an end, over all connections. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;
const HANDSHAKE_MS = 10_000;
/** After `drain`, a connection on which nothing came for so long is reset; after a while a shorter pause must do. */
const LONG_QUIET_MS = 100;
const SHORT_QUIET_MS = 3;
const PATIENT_MS = 2_000;
/** A peer that is gone without a word is noticed by this. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Syslog over TCP (RFC 6587) and TLS (RFC 5425). When the queue is full nothing is read, so that senders are held back by
 * the window of TCP.
 */
export class StreamReception implements Reception {
  readonly #listen: ListenSettings;
  readonly #queue: MessageQueue;
  readonly #gate: SenderGate;
  readonly #nowMs: () => number;
  readonly #server: Server;
  readonly #tls: TlsServer | undefined;
  /** By the peer's address and port: every connection, also one whose handshake is under way. */
  readonly #peers = new Map<string, Peer>();
  readonly #held = { bytes: 0, most: MOST_HELD_BYTES };
  #isHeldBack = false;
  /** When senders were asked to stop. */
  #drainedMs: number | undefined;

  /** @param tls certificate and key; without it, the connections are plain. */
  constructor(
    listen: ListenSettings,
    queue: MessageQueue,
    gate: SenderGate,
    nowMs: () => number,
    tls: SecureOptions | undefined,
  ) {
    this.#listen = listen;
    this.#queue = queue;
    this.#gate = gate;
    this.#nowMs = nowMs;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#tls = tls && createTlsServer(tlsOptions(tls), (socket) => this.#follow(socket));
    // Told once the connection is closed without having been secured.
    this.#tls?.on('tlsClientError', (_, socket) => socket.destroy());
  }

  async open(): Promise<void> {
    this.#server.listen({ host: this.#listen.address, port: this.#listen.port });
    await once(this.#server, 'listening');
    this.#server.on('error', () => undefined);
  }

  tend(nowMs: number): void {
    if (this.#isHeldBack) {
      if (!this.#queue.hasRoom) return;
      this.#isHeldBack = false;
      for (const { connection } of this.#peers.values()) connection?.resume(nowMs);
    }
    for (const { connection } of this.#peers.values()) connection?.giveUpIfStuck(nowMs);
    this.#resetQuiet(nowMs);
  }

  /**
   * The end of our direction, in which nothing is ever sent, tells a sender that looks at it to stop. Under TLS it is not
   * announced by close_notify: rsyslog, which never reads, finds out by peeking for the end of the stream.
   */
  drain(): void {
    this.#drainedMs = this.#nowMs();
    this.#server.close();
    for (const { connection, socket } of this.#peers.values()) {
      if (connection === undefined) socket.destroy();
      else socket.end();
    }
  }

  get isDrained(): boolean {
    return this.#peers.size === 0;
  }

  async takeLosses(): Promise<{ kernel: number; buffer: number }> {
    return { kernel: 0, buffer: 0 };
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    for (const { socket } of this.#peers.values()) socket.resetAndDestroy();
    await closed;
  }

  /**
   * Senders that do not look are told by a reset, in a moment in which nothing is on its way: then the next they write
   * fails, whereas after an orderly end it would seem to be sent and be lost.
   */
  #resetQuiet(nowMs: number): void {
    if (this.#drainedMs === undefined) return;
    const quietMs = nowMs - this.#drainedMs < PATIENT_MS ? LONG_QUIET_MS : SHORT_QUIET_MS;
    for (const { socket, connection } of this.#peers.values()) {
      if (connection?.isQuiet(nowMs, quietMs) === true) socket.resetAndDestroy();
    }
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    const { remoteAddress, remotePort } = socket;
    const nowMs = this.#nowMs();
    if (remoteAddress === undefined || !this.#gate.admits(remoteAddress, nowMs)) {
      socket.destroy();
      return;
    }
    const sender = parseAddress(remoteAddress)?.text ?? remoteAddress;
    if (this.#isCrowded(sender)) {
      this.#gate.refuse(sender, 'too-many-connections', nowMs);
      socket.destroy();
      return;
    }
    const key = `${remoteAddress} ${remotePort}`;
    this.#peers.set(key, { sender, socket });
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.once('close', () => {
      const isSecured = this.#peers.get(key)?.connection !== undefined;
      if (!isSecured && this.#drainedMs === undefined) this.#gate.refuse(sender, 'handshake', this.#nowMs());
      this.#peers.delete(key);
    });
    if (this.#tls === undefined) this.#follow(socket);
    else this.#tls.emit('connection', socket);
  }

  #isCrowded(sender: string): boolean {
    if (this.#peers.size >= MOST_CONNECTIONS) return true;
    return [...this.#peers.values()].filter((it) => it.sender === sender).length >= MOST_PER_SENDER;
  }

  /** @param socket plain, or secured. */
  #follow(socket: Socket): void {
    const peer = this.#peers.get(`${socket.remoteAddress} ${socket.remotePort}`);
    if (peer === undefined || this.#drainedMs !== undefined) {
      socket.destroy();
      return;
    }
    peer.connection = new Connection(socket, peer.sender, {
      queue: this.#queue,
      nowMs: this.#nowMs,
      held: this.#held,
      onData: () => this.#holdBackIfFull(),
    });
    if (this.#isHeldBack) peer.connection.pause();
  }

  #holdBackIfFull(): void {
    if (this.#isHeldBack || !this.#queue.isFull) return;
    this.#isHeldBack = true;
    for (const { connection } of this.#peers.values()) connection?.pause();
  }
}

interface Peer {
  readonly sender: string;
  /** As it was accepted. */
  readonly socket: Socket;
  /** Absent until the handshake is done. */
  connection?: Connection;
}

/** Certificates, and the newest version that is spoken. */
export type SecureOptions = Pick<TlsOptions, 'cert' | 'key' | 'ca' | 'maxVersion'>;

/** Of TLS 1.2, those with forward secrecy and authenticated encryption: RFC 9662 section 4, RFC 9325 section 4.2. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

function tlsOptions(options: SecureOptions): TlsOptions {
  const mustShowCertificate = options.ca !== undefined;
  return {
    ...options,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    requestCert: mustShowCertificate,
    rejectUnauthorized: mustShowCertificate,
    handshakeTimeout: HANDSHAKE_MS,
    allowHalfOpen: true,
  };
}
