import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SyslogSinkSettings } from '../settings.ts';
import type { Transport } from '../transport.ts';
import { reasonOf, STORED, type Verdict } from '../verdict.ts';

const CONNECT_MS = 10_000;
/**
 * How long a connection must hold after a write: a peer that is gone answers within a round trip. Whatever comes meanwhile
 * waits for it.
 */
const HOLD_MS = 100;
/** What was written so shortly before a connection broke is written again. */
const RESEND_MS = 5_000;
const MOST_RESENT = 500;

/**
 * Syslog over TCP (RFC 6587) or TLS (RFC 5425). The protocol has no acknowledgement: messages count as stored when they
 * were written and the connection held a moment longer, and what was written in the last seconds before it broke is
 * written again on the next one. What a peer that dies had taken in and not yet stored may be lost all the same.
 */
export class SyslogStreamTransport implements Transport {
  readonly #settings: SyslogSinkSettings;
  readonly #nowMs: () => number;
  #connection: Connection | undefined;
  /** The latest frames, the oldest first. */
  #recent: readonly { readonly frame: string; readonly atMs: number }[] = [];
  /** To be written before anything else. */
  #toResend: readonly string[] = [];

  constructor(settings: SyslogSinkSettings, nowMs: () => number = Date.now) {
    this.#settings = settings;
    this.#nowMs = nowMs;
  }

  async send(messages: readonly string[], signal: AbortSignal): Promise<Verdict> {
    try {
      const { socket, broken } = this.#connection ?? (await this.#connect(signal));
      const frames = [...this.#toResend, ...messages.map((it) => this.#frame(it))];
      await unlessAborted(Promise.race([write(socket, frames.join('')), broken]), signal);
      await unlessAborted(Promise.race([elapsed(HOLD_MS), broken]), signal);
      this.#toResend = [];
      this.#remember(frames);
      return STORED;
    } catch (error) {
      this.#drop();
      const { host, port } = this.#settings;
      return { kind: 'again', because: `cannot send to ${host}:${port} (${reasonOf(error)})` };
    }
  }

  async close(): Promise<void> {
    const socket = this.#connection?.socket;
    this.#connection = undefined;
    if (socket === undefined || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      // Under TLS this sends close_notify (RFC 5425 section 4.4).
      socket.end(() => socket.destroy());
    });
  }

  /** Certificates are read anew, so that a renewed one is taken up. */
  async #connect(signal: AbortSignal): Promise<Connection> {
    const { host, port, protocol } = this.#settings;
    const socket = protocol === 'tcp' ? connect({ host, port }) : connectTls(await this.#tlsOptions());
    socket.setKeepAlive(true, 60_000);
    socket.setTimeout(CONNECT_MS, () => socket.destroy(errorOf('ETIMEDOUT')));
    // Nothing is ever answered; reading shows the end of the stream.
    socket.resume();
    const connection = { socket, broken: breakageOf(socket) };
    const ready = new Promise<void>((resolve) => {
      socket.once(protocol === 'tcp' ? 'connect' : 'secureConnect', () => resolve());
    });
    try {
      await unlessAborted(Promise.race([ready, connection.broken]), signal);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    socket.setTimeout(0);
    socket.once('close', () => {
      if (this.#connection === connection) this.#drop();
    });
    this.#connection = connection;
    return connection;
  }

  async #tlsOptions() {
    const { host, port, tls = {} } = this.#settings;
    const read = (file: string | undefined) => (file === undefined ? undefined : readFile(file));
    const [ca, cert, key] = await Promise.all([read(tls.ca), read(tls.cert), read(tls.key)]);
    return {
      host,
      port,
      minVersion: 'TLSv1.2' as const,
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    };
  }

  /** Octet counting carries any text; LF framing, for old receivers, only what has no line end, as our formats have none. */
  #frame(message: string): string {
    return this.#settings.framing === 'octet-counting' ? `${Buffer.byteLength(message)} ${message}` : `${message}\n`;
  }

  #remember(frames: readonly string[]): void {
    const atMs = this.#nowMs();
    const young = this.#recent.filter((it) => atMs - it.atMs < RESEND_MS);
    this.#recent = [...young, ...frames.map((frame) => ({ frame, atMs }))].slice(-MOST_RESENT);
  }

  #drop(): void {
    this.#connection?.socket.destroy();
    this.#connection = undefined;
    const nowMs = this.#nowMs();
    const lost = this.#recent.filter(({ atMs }) => nowMs - atMs < RESEND_MS).map(({ frame }) => frame);
    this.#toResend = [...this.#toResend, ...lost].slice(-MOST_RESENT);
    this.#recent = [];
  }
}

interface Connection {
  readonly socket: Socket;
  /** Rejects when the connection ends in whatever way; never resolves. */
  readonly broken: Promise<never>;
}

function breakageOf(socket: Socket): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    socket.once('error', reject);
    socket.once('end', () => reject(errorOf('EPIPE')));
    socket.once('close', () => reject(errorOf('ECONNRESET')));
  });
  // Whoever still waits hears of it; when nobody does, it is no fault of ours.
  broken.catch(() => undefined);
  return broken;
}

function write(socket: Socket, bytes: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** Rejects as soon as the signal aborts. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(errorOf('ECANCELED'));
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function errorOf(code: string): Error {
  return Object.assign(new Error(code), { code });
}
