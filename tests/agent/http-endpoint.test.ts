import { once } from 'node:events';
import { rename, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type HttpAnswer, type HttpBounds, HttpEndpoint, type HttpRoutes } from '../../src/agent/http-endpoint.ts';
import type { HttpListen } from '../../src/config/http-listen.ts';
import { eventually, scratch } from '../command.ts';

const ANY_PORT: HttpListen = { kind: 'tcp', address: '127.0.0.1', port: 0 };
const PLAIN = { contentType: 'text/plain', status: 200 } as const;

const ROUTES: HttpRoutes = new Map<string, () => HttpAnswer>([
  ['/healthz', () => ({ ...PLAIN, text: 'alive\n' })],
  ['/readyz', () => ({ ...PLAIN, status: 503, text: 'the agent is stopping\n' })],
  [
    '/broken',
    () => {
      throw Object.assign(new Error('John Doe, MRN 123'), { code: 'SQLITE_IOERR' });
    },
  ],
]);

/** Short enough that a test sees them pass. */
const BOUNDS: HttpBounds = { connections: 3, headersMs: 300, exchangeMs: 600, retryMs: 50 };

async function serve(listen: HttpListen = ANY_PORT, isAwaited = true) {
  const said: string[] = [];
  const logger = pino(
    { level: 'info', base: null, timestamp: false },
    { write: (line: string) => void said.push(line) },
  );
  const endpoint = new HttpEndpoint(listen, ROUTES, logger, BOUNDS);
  endpoint.start();
  if (isAwaited) await eventually(async () => endpoint.address, 10_000, 'the endpoint to listen');
  return { endpoint, said, [Symbol.asyncDispose]: () => endpoint.stop() };
}

function whereOf({ address }: HttpEndpoint) {
  if (address === undefined) throw new Error('It does not listen');
  return address.kind === 'unix' ? { socketPath: address.path } : { host: address.address, port: address.port };
}

/** @returns the status, the headers and the body. */
async function ask(endpoint: HttpEndpoint, path: string, method = 'GET') {
  const asking = request({ ...whereOf(endpoint), path, method }).end();
  const [response] = await once(asking, 'response');
  let text = '';
  for await (const piece of response) text += piece;
  return { status: response.statusCode as number, headers: response.headers, text };
}

/** Whatever is written to it, and whether the other side closed it. */
async function raw(endpoint: HttpEndpoint, bytes: string) {
  const where = whereOf(endpoint);
  const socket: Socket = 'socketPath' in where ? connect(where.socketPath) : connect(where.port, where.host);
  let answer = '';
  socket.on('data', (piece) => {
    answer += String(piece);
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  socket.write(bytes);
  return { socket, closed, answer: () => answer };
}

test('GET and HEAD are answered, by the path alone, and the connection is closed', async () => {
  await using it = await serve();
  expect(await ask(it.endpoint, '/healthz')).toMatchObject({ status: 200, text: 'alive\n' });
  expect(await ask(it.endpoint, '/healthz?verbose=1')).toMatchObject({ status: 200, text: 'alive\n' });
  expect(await ask(it.endpoint, '/readyz')).toMatchObject({ status: 503, text: 'the agent is stopping\n' });
  expect(await ask(it.endpoint, '/healthz', 'HEAD')).toMatchObject({
    status: 200,
    text: '',
    headers: { connection: 'close', 'content-length': '6', 'cache-control': 'no-store' },
  });
});

test('what is not there is 404, and what changes something is 405', async () => {
  await using it = await serve();
  for (const path of ['/', '/metrics/', '/healthz/../etc/passwd', '/constructor', '//healthz'])
    expect([path, (await ask(it.endpoint, path)).status]).toEqual([path, 404]);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
    expect(await ask(it.endpoint, '/healthz', method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test('an answer that cannot be made is 500, and neither it nor the log repeats the error', async () => {
  await using it = await serve();
  const { status, text } = await ask(it.endpoint, '/broken');
  expect([status, text]).toEqual([500, 'it failed; see the log of the agent\n']);
  expect(it.said.join('')).toContain('"because":"SQLITE_IOERR"');
  expect(it.said.join('')).not.toContain('John Doe');
});

test('who sends nothing, or a head that does not end, is let go', async () => {
  await using it = await serve();
  const silent = await raw(it.endpoint, '');
  const slow = await raw(it.endpoint, 'GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: ');
  await Promise.all([silent.closed, slow.closed]);
  expect(slow.answer()).toMatch(/^HTTP\/1\.1 408 /);
  expect(await ask(it.endpoint, '/healthz')).toMatchObject({ status: 200 });
});

test('a head that is too long is refused', async () => {
  await using it = await serve();
  const long = await raw(it.endpoint, `GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`);
  await long.closed;
  expect(long.answer()).toMatch(/^HTTP\/1\.1 431 /);
});

test('a body that does not end holds nothing up', async () => {
  await using it = await serve();
  const endless = await raw(it.endpoint, 'GET /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\nabc');
  await endless.closed;
  expect(endless.answer()).toMatch(/^HTTP\/1\.1 200 /);
});

test('no more than so many connections are held at once, and there is room again afterwards', async () => {
  await using it = await serve();
  const held = await Promise.all([1, 2, 3].map(() => raw(it.endpoint, '')));
  const fourth = await raw(it.endpoint, 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n');
  await fourth.closed;
  expect(fourth.answer()).toBe('');
  for (const { socket } of held) socket.destroy();
  const answered = async () => {
    const { status } = await ask(it.endpoint, '/healthz').catch(() => ({ status: undefined }));
    return status;
  };
  expect(await eventually(answered, 10_000, 'room for a connection')).toBe(200);
});

test('a unix socket is its owner’s alone, and gone afterwards', async () => {
  await using dir = await scratch();
  const path = join(dir.path, 'http.sock');
  const it = await serve({ kind: 'unix', path });
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
  expect(await ask(it.endpoint, '/healthz')).toMatchObject({ status: 200, text: 'alive\n' });
  await it.endpoint.stop();
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('the socket of a process that was killed is taken over; a socket in use, a file and a link to one are not', async () => {
  await using dir = await scratch();
  const left = join(dir.path, 'left.sock');
  await leaveSocket(left);
  {
    await using it = await serve({ kind: 'unix', path: left });
    expect(await ask(it.endpoint, '/healthz')).toMatchObject({ status: 200 });
    await using second = await serve({ kind: 'unix', path: left }, false);
    await eventually(async () => (second.said.length > 0 ? true : undefined), 10_000, 'its complaint');
    expect(second.said.join('')).toContain('"because":"EADDRINUSE"');
    expect(await ask(it.endpoint, '/healthz')).toMatchObject({ status: 200 });
  }
  const file = join(dir.path, 'file');
  await writeFile(file, 'kept');
  const link = join(dir.path, 'link');
  await symlink(file, link);
  for (const path of [file, link]) {
    await using it = await serve({ kind: 'unix', path }, false);
    await eventually(async () => (it.said.length > 0 ? true : undefined), 10_000, 'its complaint');
    expect(it.endpoint.address).toBeUndefined();
  }
  expect((await stat(file)).size).toBe(4);
});

test('an address that is taken is an error that is told once, and is had when it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await using it = await serve({ kind: 'tcp', address: '127.0.0.1', port }, false);
  await eventually(async () => (it.said.length > 0 ? true : undefined), 10_000, 'its complaint');
  await new Promise((resolve) => setTimeout(resolve, 5 * BOUNDS.retryMs));
  expect(it.said).toEqual([
    `{"level":50,"listen":"127.0.0.1:${port}","because":"EADDRINUSE","todo":"stop the other program that listens there, or write another address under agent.http.listen, or null","msg":"health and metrics cannot be served; the watch goes on"}\n`,
  ]);
  other.close();
  await eventually(async () => it.endpoint.address, 10_000, 'the endpoint to listen');
  expect(await ask(it.endpoint, '/healthz')).toMatchObject({ status: 200 });
});

test('stopping does not wait for a client, nor for an address that is taken', async () => {
  const it = await serve();
  const { closed } = await raw(it.endpoint, 'GET /healthz HTTP/1.1\r\n');
  await it.endpoint.stop();
  await closed;
  await using dir = await scratch();
  const awaiting = await serve({ kind: 'unix', path: join(dir.path, 'nowhere', 'http.sock') }, false);
  await awaiting.endpoint.stop();
  expect(awaiting.endpoint.address).toBeUndefined();
});

/** A socket file with nobody behind it: its listener renames it away, closes, and it is put back. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer().listen(path);
  await once(server, 'listening');
  await rename(path, `${path}.kept`);
  await new Promise((resolve) => server.close(resolve));
  await rename(`${path}.kept`, path);
}
