import { readFile } from 'node:fs/promises';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { OperatorError } from '../../errors/problem.ts';
import { describeConnectionFailure } from '../../net/connection-failure.ts';
import type { NatsSinkSettings } from '../settings.ts';
import type { BatchLimits, Transport } from '../transport.ts';
import { type ItemVerdict, reasonOf, STORED, type Verdict } from '../verdict.ts';

const CONNECT_MS = 10_000;
/** For the acknowledgement of one message. */
const ACK_MS = 10_000;

/**
 * NATS JetStream: a message counts as stored when the server acknowledges that its stream has it ("PubAck"). It carries
 * the event's id as `Nats-Msg-Id`, so that a stream drops what it was sent twice within its `duplicate_window`.
 */
export class NatsTransport implements Transport {
  readonly limits: BatchLimits = { messages: 100, bytes: 5_000_000 };
  readonly #settings: NatsSinkSettings;
  #open: { readonly connection: NatsConnection; readonly stream: JetStreamClient } | undefined;

  constructor(settings: NatsSinkSettings) {
    this.#settings = settings;
  }

  async send(messages: readonly string[], signal: AbortSignal, eventIds: readonly string[]): Promise<Verdict> {
    try {
      const { stream } = await this.#ready();
      const items = await Promise.race([
        // On one connection they are published, and stored, in this order.
        Promise.all(messages.map((it, at) => this.#publish(stream, it.trimEnd(), eventIds[at] ?? ''))),
        aborted(signal),
      ]);
      const barred = items.find((it) => it.kind === 'hold');
      if (barred !== undefined) return barred;
      return { kind: 'each', items: items.flatMap((it) => (it.kind === 'hold' ? [] : [it])) };
    } catch (error) {
      await this.close();
      if (signal.aborted) return { kind: 'again', because: 'stopped' };
      return meaningOf(error);
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.connection.close();
  }

  async #ready() {
    if (this.#open !== undefined && !this.#open.connection.isClosed()) return this.#open;
    const { host, port, protocol, tls, credentials } = this.#settings;
    // Loaded by those who need it.
    const [{ connect }, { jetstream }] = await Promise.all([
      import('@nats-io/transport-node'),
      import('@nats-io/jetstream'),
    ]);
    const connection = await connect({
      servers: `${host.includes(':') ? `[${host}]` : host}:${port}`,
      name: 'phi-egress',
      timeout: CONNECT_MS,
      // The outbox tries again, with the waits that it keeps.
      reconnect: false,
      ...(protocol === 'tls' && { tls: await readFiles(tls) }),
      ...('token' in credentials && { token: credentials.token.reveal() }),
      ...('username' in credentials && { user: credentials.username, pass: credentials.password.reveal() }),
    });
    this.#open = { connection, stream: jetstream(connection, { timeout: ACK_MS }) };
    return this.#open;
  }

  async #publish(stream: JetStreamClient, message: string, msgID: string): Promise<ItemVerdict | Hold> {
    try {
      await stream.publish(this.#settings.subject, message, { msgID });
      return STORED;
    } catch (error) {
      return meaningOf(error);
    }
  }
}

type Hold = Extract<Verdict, { kind: 'hold' }>;

/** By the error's name: its message quotes the subject, or the server. */
const MEANINGS: Readonly<Record<string, ItemVerdict | Hold>> = {
  AuthorizationError: { kind: 'hold', because: 'the credentials are not accepted' },
  UserAuthenticationExpiredError: { kind: 'hold', because: 'the credentials have expired' },
  PermissionViolationError: { kind: 'hold', because: 'the credentials do not permit to publish there' },
  NoResponders: { kind: 'hold', because: 'no stream takes the subject' },
  JetStreamNotEnabled: { kind: 'hold', because: 'no stream takes the subject, or the server has no JetStream' },
  InvalidArgumentError: { kind: 'never', because: 'it is larger than the server takes' },
  JetStreamApiError: { kind: 'again', because: 'the stream does not take it now' },
  ClosedConnectionError: { kind: 'again', because: 'the connection was cut' },
  TimeoutError: { kind: 'again', because: 'the server does not answer in time' },
};

function meaningOf(error: unknown): ItemVerdict | Hold {
  if (error instanceof OperatorError) return { kind: 'hold', because: error.problems[0]?.what ?? error.name };
  // What the library wraps in errors of its own is told most exactly further in.
  const chain = causesOf(error);
  const known = chain.flatMap(({ name }) => MEANINGS[name] ?? [])[0];
  if (known !== undefined) return known;
  const innermost = chain.at(-1);
  const code = reasonOf(innermost);
  if (code === 'ENOENT' || code === 'EACCES')
    return { kind: 'hold', because: `cannot read a PEM file of the sink (${code})` };
  if (innermost?.name === 'RequestError') return { kind: 'again', because: 'the connection was cut' };
  const { isCertificate, because } = describeConnectionFailure(innermost);
  return { kind: isCertificate ? 'hold' : 'again', because };
}

function causesOf(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

/** Read anew for each connection, so that a renewed certificate is taken up. */
async function readFiles({ ca, cert, key }: NatsSinkSettings['tls']) {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
  const [authority, certificate, privateKey] = await Promise.all([read(ca), read(cert), read(key)]);
  return {
    ...(authority !== undefined && { ca: authority }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(privateKey !== undefined && { key: privateKey }),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
}
