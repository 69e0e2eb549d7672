import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { Secret } from '../../../src/errors/secret.ts';
import type { Patience } from '../../../src/sinks/http/client.ts';
import { httpProduct } from '../../../src/sinks/http/products.ts';
import type { HttpSinkSettings } from '../../../src/sinks/settings.ts';
import { HttpTransport } from '../../../src/sinks/transports/http.ts';
import type { Verdict } from '../../../src/sinks/verdict.ts';

const TLS = new URL('../../fixtures/tls/', import.meta.url);
export const fixture = (name: string) => fileURLToPath(new URL(name, TLS));
export const CA = fixture('ca.pem');

/** A request as it came, its body unpacked. */
export interface Received {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

/** How a server misbehaves below HTTP. */
export type Misbehaviour = 'silent' | 'dripping' | 'cut' | 'endless';

export type Answer = (request: Received) => Reply | Misbehaviour | Promise<Reply | Misbehaviour>;

/** An HTTPS server on the loopback address. What it answers is written from the API's document, in each test. */
export async function receiver(answer: Answer, options: ServerOptions = {}) {
  const received: Received[] = [];
  const identity = { key: readFileSync(fixture('server.key')), cert: readFileSync(fixture('server.pem')) };
  const server = createServer({ ...identity, ...options }, async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const { method = '', url: path = '', headers } = request;
    const raw = Buffer.concat(chunks);
    const body = String(headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
    received.push({ method, path, headers, body });
    reply(response, await answer({ method, path, headers, body }));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, received };
}

function reply(response: ServerResponse, answer: Reply | Misbehaviour): void {
  if (typeof answer === 'object') {
    const { status, headers = {}, body = '' } = answer;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  } else if (answer === 'cut') {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write('{"half":', () => response.destroy());
  } else if (answer === 'dripping') {
    response.writeHead(200);
    const drops = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drops));
  } else if (answer === 'endless') {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more);
    };
    response.on('error', () => undefined);
    more();
  }
}

const HASTY: Patience = { connectMs: 5_000, silenceMs: 60_000, wholeMs: 60_000 };

/** Common to all HTTP sinks in tests. */
export const HTTP = { name: 'siem', minSeverity: 'info', allowHttp: false, tls: { ca: CA } } as const;

export function secret(value: string): Secret {
  return new Secret({ value });
}

/** What stands between the outbox and a product: hands messages over as the dispatcher does. */
export function senderTo(settings: HttpSinkSettings, { patience = HASTY, nowMs = Date.now } = {}) {
  const waits: number[] = [];
  const clock = {
    nowMs,
    wait: async (ms: number) => {
      waits.push(ms);
    },
  };
  const { encode, api } = httpProduct(settings, clock);
  const transport = new HttpTransport(api, { ...settings, patience });
  onTestFinished(() => transport.close());
  const unhurried = new AbortController().signal;
  return {
    encode,
    transport,
    /** What the transport waited for, ms each. */
    waits,
    send: (messages: readonly string[], signal: AbortSignal = unhurried): Promise<Verdict> =>
      transport.send(
        messages,
        signal,
        messages.map((_, at) => `a-${at + 1}.open.1`),
      ),
  };
}
