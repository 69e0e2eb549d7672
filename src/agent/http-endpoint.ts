import { lstat, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describeHttpListen, type HttpListen } from '../config/http-listen.ts';
import { SYSTEM_CLOCK } from '../sinks/clock.ts';
import type { Logger } from './logger.ts';
import { causeOf } from './report.ts';

export interface HttpAnswer {
  readonly status: 200 | 503;
  readonly contentType: string;
  readonly text: string;
}

/** By the path of the URL. */
export type HttpRoutes = ReadonlyMap<string, () => HttpAnswer | Promise<HttpAnswer>>;

/** What keeps a client from holding the agent up; times in ms. */
export interface HttpBounds {
  readonly connections: number;
  /** Until the head of the request is there. */
  readonly headersMs: number;
  /** For a whole exchange. */
  readonly exchangeMs: number;
  /** Before an address that could not be had is tried again. */
  readonly retryMs: number;
}

const BOUNDS: HttpBounds = { connections: 16, headersMs: 5_000, exchangeMs: 10_000, retryMs: 30_000 };
const HEAD_BYTES = 8 * 1024;

/**
 * Answers GET and HEAD, one request a connection, to whoever reaches it: it tells nothing that is secret.
 *
 * Where its address cannot be had, that is an error in the agent's log and is tried again; it keeps nothing from being
 * watched. Whoever asks for metrics sees by their absence that something is wrong, and a missed upload nobody would see.
 */
export class HttpEndpoint {
  readonly #listen: HttpListen;
  readonly #routes: HttpRoutes;
  readonly #logger: Logger;
  readonly #bounds: HttpBounds;
  readonly #server: Server;
  readonly #stopping = new AbortController();
  #trouble: string | undefined;
  #opening: Promise<void> = Promise.resolve();

  constructor(listen: HttpListen, routes: HttpRoutes, logger: Logger, bounds: HttpBounds = BOUNDS) {
    this.#listen = listen;
    this.#routes = routes;
    this.#logger = logger;
    this.#bounds = bounds;
    this.#server = createServer(
      {
        headersTimeout: bounds.headersMs,
        requestTimeout: bounds.exchangeMs,
        connectionsCheckingInterval: Math.min(1_000, bounds.headersMs),
        maxHeaderSize: HEAD_BYTES,
        keepAlive: false,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = bounds.connections;
    this.#server.setTimeout(bounds.exchangeMs);
    // A connection that could not be accepted, for want of descriptors as a rule, must not end the agent.
    this.#server.on('error', (error) => this.#tell(causeOf(error)));
  }

  /** Begins to listen, and waits for nothing. Call once. */
  start(): void {
    this.#opening = this.#open(this.#stopping.signal);
  }

  /** Where it listens; `undefined` while it does not. */
  get address(): HttpListen | undefined {
    if (!this.#server.listening) return undefined;
    if (this.#listen.kind === 'unix') return this.#listen;
    return { ...this.#listen, port: (this.#server.address() as AddressInfo).port };
  }

  /** Ends what is going on. The socket's file is gone afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#opening;
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #open(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await listenOn(this.#server, this.#listen);
        this.#trouble = undefined;
        this.#logger.info(
          { listen: describeHttpListen(this.address ?? this.#listen) },
          'health and metrics are served',
        );
        return;
      } catch (error) {
        this.#tell(causeOf(error));
        await SYSTEM_CLOCK.wait(this.#bounds.retryMs, signal);
      }
    }
  }

  /** Once, and again when it changes. */
  #tell(because: string): void {
    if (because === this.#trouble) return;
    this.#trouble = because;
    const todo = REMEDIES[because] ?? 'see agent.http.listen in the configuration; null turns it off';
    const listen = describeHttpListen(this.#listen);
    this.#logger.error({ listen, because, todo }, 'health and metrics cannot be served; the watch goes on');
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = this.#routes.get(url?.split('?', 1)[0] ?? '');
    if (route === undefined) return reply(response, 404, `there is only ${[...this.#routes.keys()].join(', ')}\n`);
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return reply(response, 405, 'only GET and HEAD\n');
    }
    try {
      const { status, contentType, text } = await route();
      reply(response, status, text, contentType);
    } catch (error) {
      this.#logger.error({ because: causeOf(error) }, 'a request for health or metrics failed');
      reply(response, 500, 'it failed; see the log of the agent\n');
    }
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'stop the other program that listens there, or write another address under agent.http.listen, or null',
  EADDRNOTAVAIL: 'write an address of this host under agent.http.listen',
  EACCES: 'take a port from 1024 on, or a directory in which the account that runs phi-egress may write',
  EAFNOSUPPORT: 'let the service have network sockets (RestrictAddressFamilies= of its unit), or take a unix socket',
  ENOENT: 'make the directory of the unix socket',
};

function reply(response: ServerResponse, status: number, text: string, contentType = 'text/plain; charset=utf-8') {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(text);
}

async function listenOn(server: Server, listen: HttpListen): Promise<void> {
  if (listen.kind === 'tcp') return listening(server, () => server.listen(listen.port, listen.address));
  const { path } = listen;
  try {
    await listening(server, () => listenPrivately(server, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || !(await isLeftOver(path))) throw error;
    await unlink(path);
    await listening(server, () => listenPrivately(server, path));
  }
}

/** The file is made in `listen`, at once, and never has another mode than 0600. */
function listenPrivately(server: Server, path: string): void {
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
}

function listening(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      server.off('listening', settle).off('error', settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    server.once('listening', settle).once('error', settle);
    listen();
  });
}

/** A socket that nobody listens on, as a killed process leaves it. Nothing else is ever taken away. */
async function isLeftOver(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) return false;
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(false);
    });
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'));
  });
}
