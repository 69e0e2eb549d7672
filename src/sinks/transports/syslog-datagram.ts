import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { SyslogSinkSettings } from '../settings.ts';
import type { Transport } from '../transport.ts';
import { reasonOf, STORED, type Verdict } from '../verdict.ts';

/** Syslog over UDP (RFC 5426): a message is a datagram, and nobody can say whether one arrived. */
export class SyslogDatagramTransport implements Transport {
  readonly #settings: SyslogSinkSettings;
  #socket: Socket | undefined;

  constructor(settings: SyslogSinkSettings) {
    this.#settings = settings;
  }

  async send(messages: readonly string[]): Promise<Verdict> {
    const { host, port } = this.#settings;
    try {
      const { address, family } = await lookup(host);
      this.#socket ??= createSocket(family === 6 ? 'udp6' : 'udp4').on('error', () => undefined);
      for (const message of messages) await sendTo(this.#socket, message, port, address);
      return STORED;
    } catch (error) {
      await this.close();
      const because = reasonOf(error);
      if (because === 'EMSGSIZE') return { kind: 'never', because: 'it does not fit into a datagram; use tcp or tls' };
      return { kind: 'again', because: `cannot send to ${host}:${port} (${because})` };
    }
  }

  async close(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
  }
}

function sendTo(socket: Socket, message: string, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, port, address, (error) => (error ? reject(error) : resolve()));
  });
}
