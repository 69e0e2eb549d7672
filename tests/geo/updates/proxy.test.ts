import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { scratch } from '../scratch.ts';
import { packed, sha256Line } from './packed.ts';
import { content, publisher } from './publisher.ts';
import { CITY, CITY_PATH, CITY_SHA256_PATH, inShort, settingsFor, updateFrom } from './updating.ts';

const ARCHIVE = packed(CITY, '2026-11-24');

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A forward proxy that knows CONNECT and nothing else. */
async function proxy({ refuses = false } = {}) {
  const connected: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket, head) => {
    connected.push(request.url ?? '');
    if (refuses) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connected,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function updateThrough(environment: Readonly<Record<string, string>>) {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, content(ARCHIVE));
  maxmind.answer(CITY_SHA256_PATH, content(sha256Line(ARCHIVE, 'x')));
  for (const name of ['HTTP_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NO_PROXY', 'HTTPS_PROXY'])
    vi.stubEnv(name, environment[name]);
  const { outcomes } = await updateFrom(maxmind.url, settingsFor(directory.path));
  return { outcome: inShort(outcomes[0]), origin: new URL(maxmind.url).host };
}

test('HTTPS_PROXY is gone through, and what is said there stays between us and the publisher', async () => {
  await using between = await proxy();
  const { outcome, origin } = await updateThrough({ HTTPS_PROXY: between.url });
  expect(outcome).toBe('updated GeoLite2-City');
  expect(new Set(between.connected)).toEqual(new Set([origin]));
});

test('NO_PROXY goes straight', async () => {
  await using between = await proxy();
  const { outcome } = await updateThrough({ HTTPS_PROXY: between.url, NO_PROXY: '127.0.0.1' });
  expect(outcome).toBe('updated GeoLite2-City');
  expect(between.connected).toEqual([]);
});

test('a proxy that refuses is told apart from a publisher that does', async () => {
  await using between = await proxy({ refuses: true });
  const { outcome } = await updateThrough({ HTTPS_PROXY: between.url });
  expect(outcome).toBe('the proxy refuses to connect');
});
