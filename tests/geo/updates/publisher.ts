import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const TLS = new URL('../../fixtures/tls/', import.meta.url);
export const CA = fileURLToPath(new URL('ca.pem', TLS));

export interface Asked {
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface Publisher extends AsyncDisposable {
  /** `https://127.0.0.1:PORT/`. */
  readonly url: string;
  /** Everything that was asked for, in order. */
  readonly asked: readonly Asked[];
  /** What is answered for a path; the last of several goes on for ever. Anything else is 404. */
  answer(path: string, ...answers: readonly Answer[]): void;
}

/** A publisher on the loopback address, which misbehaves as it is told. */
export async function publisher(): Promise<Publisher> {
  const asked: Asked[] = [];
  const answers = new Map<string, Answer[]>();
  const server = createServer(
    { key: readFileSync(new URL('server.key', TLS)), cert: readFileSync(new URL('server.pem', TLS)) },
    (request, response) => {
      const path = request.url ?? '';
      asked.push({ path, headers: request.headers });
      const [answer, ...others] = answers.get(path) ?? [status(404)];
      if (others.length > 0) answers.set(path, others);
      answer?.(response, request);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/`,
    asked,
    answer: (path, ...list) => void answers.set(path, [...list]),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function content(bytes: Buffer | string, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => void response.writeHead(200, headers).end(bytes);
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => void response.writeHead(code, headers).end('not for the log');
}

/** Announces the whole, sends a part and cuts the connection. */
export function cutAfter(bytes: Buffer, sent: number): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, sent), () => response.destroy());
  };
}

/** As `content`, but 304 for whoever has it already. */
export function unlessKnown(bytes: Buffer, etag: string): Answer {
  return (response, request) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(bytes);
  };
}
