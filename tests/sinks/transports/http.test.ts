import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { isHostInReach, lookupInReach } from '../../../src/sinks/http/reach.ts';
import type { DatadogSettings } from '../../../src/sinks/settings.ts';
import { type Answer, CA, fixture, HTTP, receiver, secret, senderTo } from '../apis/receiver.ts';

/** Datadog's API is the plainest of all: what is tested here, all have in common. */
function settings(url: string, differences: Partial<DatadogSettings> = {}): DatadogSettings {
  return { ...HTTP, type: 'datadog', url, apiKey: secret('key-7c1d'), ...differences };
}

async function verdictOn(answer: Answer, patience?: Parameters<typeof senderTo>[1]) {
  const { url } = await receiver(answer);
  return senderTo(settings(url), patience).send(['{"patient":"Quillfeather"}']);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a redirect is not followed, and waits for the operator', async () => {
  const elsewhere = await receiver(() => ({ status: 202 }));
  const verdict = await verdictOn(() => ({ status: 307, headers: { location: `${elsewhere.url}/api/v2/logs` } }));
  expect(verdict).toEqual({ kind: 'hold', because: 'status 307: redirects are not followed' });
  expect(elsewhere.received).toEqual([]);
});

test.each([
  [200, { kind: 'stored' }],
  [400, { kind: 'never', because: 'status 400' }],
  [401, { kind: 'hold', because: 'status 401: the credentials are not accepted' }],
  [403, { kind: 'hold', because: 'status 403: the credentials do not permit this' }],
  [404, { kind: 'hold', because: 'status 404: there is nothing at this address' }],
  [408, { kind: 'again', because: 'status 408' }],
  [413, { kind: 'split', because: 'status 413: it is too large' }],
  [418, { kind: 'hold', because: 'status 418' }],
  [500, { kind: 'again', because: 'status 500' }],
  [503, { kind: 'again', because: 'status 503' }],
])('status %i has a meaning, and nothing of the answer is repeated', async (status, verdict) => {
  expect(await verdictOn(({ body }) => ({ status, body: `bad event ${body}` }))).toEqual(verdict);
});

test('Retry-After is heeded as seconds and as a date', async () => {
  const because = 'status 429: too much was sent';
  expect(await verdictOn(() => ({ status: 429, headers: { 'retry-after': '17' } }))).toEqual({
    kind: 'again',
    because,
    afterMs: 17_000,
  });
  const date = new Date(Date.now() + 60_000).toUTCString();
  const dated = await verdictOn(() => ({ status: 503, headers: { 'retry-after': date } }));
  expect(dated).toMatchObject({ kind: 'again', afterMs: expect.any(Number) });
  const { afterMs } = dated as { afterMs: number };
  expect(afterMs).toBeGreaterThan(50_000);
  expect(afterMs).toBeLessThanOrEqual(60_000);
});

test('a server that says nothing, one that drips, one without end and one that hangs up are given up', async () => {
  const patience = { connectMs: 5_000, silenceMs: 60_000, wholeMs: 300 };
  const tooLong = { kind: 'again', because: 'the server takes too long to answer' };
  expect(await verdictOn(() => 'silent', { patience })).toEqual(tooLong);
  expect(await verdictOn(() => 'dripping', { patience })).toEqual(tooLong);
  expect(await verdictOn(() => 'silent', { patience: { ...patience, silenceMs: 300, wholeMs: 60_000 } })).toEqual({
    kind: 'again',
    because: 'the server does not answer in time',
  });
  expect(await verdictOn(() => 'endless')).toEqual({
    kind: 'again',
    because: 'the answer is longer than any that is known',
  });
  expect(await verdictOn(() => 'cut')).toEqual({ kind: 'again', because: 'the connection was cut' });
});

test('after a cut connection the next try goes through', async () => {
  const answers = ['cut', { status: 202 }] as const;
  let at = 0;
  const { url, received } = await receiver(() => answers[at++] ?? { status: 500 });
  const { send } = senderTo(settings(url));
  expect(await send(['{}'])).toMatchObject({ kind: 'again' });
  expect(await send(['{}'])).toEqual({ kind: 'stored' });
  expect(received).toHaveLength(2);
});

test('nobody there is tried again', async () => {
  const { url } = await receiver(() => ({ status: 202 }));
  const nobody = new URL(url);
  nobody.port = '1';
  expect(await senderTo(settings(nobody.origin)).send(['{}'])).toEqual({
    kind: 'again',
    because: 'nobody listens there',
  });
});

test('a certificate that has expired, or of an issuer that is not known, waits for the operator', async () => {
  const expired = await receiver(() => ({ status: 202 }), {
    key: readFileSync(fixture('expired.key')),
    cert: readFileSync(fixture('expired.pem')),
  });
  const trusting = settings(expired.url, { tls: { ca: fixture('expired-ca.pem') } });
  expect(await senderTo(trusting).send(['{}'])).toEqual({
    kind: 'hold',
    because: "the server's certificate is refused (it has expired)",
  });
  const other = await receiver(() => ({ status: 202 }));
  expect(await senderTo(settings(other.url, { tls: {} })).send(['{}'])).toEqual({
    kind: 'hold',
    because: "the server's certificate is refused (its issuer is not known)",
  });
  expect([expired.received, other.received]).toEqual([[], []]);
});

test('a server that speaks no TLS 1.2 is not spoken to', async () => {
  const old = await receiver(() => ({ status: 202 }), {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  expect(await senderTo(settings(old.url)).send(['{}'])).toMatchObject({ kind: 'again' });
  expect(old.received).toEqual([]);
});

test('our own certificate is shown where it is asked for, and one that cannot be read is told', async () => {
  const { url, received } = await receiver(() => ({ status: 202 }), {
    requestCert: true,
    rejectUnauthorized: true,
    ca: readFileSync(fixture('expired-ca.pem')),
  });
  const tls = { ca: CA, cert: fixture('client.pem'), key: fixture('client.key') };
  expect(await senderTo(settings(url, { tls })).send(['{}'])).toEqual({ kind: 'stored' });
  expect(await senderTo(settings(url)).send(['{}'])).toMatchObject({ kind: 'again' });
  expect(await senderTo(settings(url, { tls: { ca: '/nowhere/ca.pem' } })).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'cannot read a PEM file of the sink (ENOENT)',
  });
  expect(received).toHaveLength(1);
});

test('link-local addresses and those of metadata services are out of reach, private ones are not', () => {
  const out = ['169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '[::ffff:169.254.169.254]', '0.0.0.0', '224.0.0.1'];
  const also = ['[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::1]', '168.63.129.16', '100.100.100.200'];
  expect([...out, ...also].filter(isHostInReach)).toEqual([]);
  const within = [
    '10.20.0.5',
    '172.16.1.1',
    '192.168.1.9',
    '[fd12::9]',
    '127.0.0.1',
    'siem.hospital.example',
    '8.8.8.8',
  ];
  expect(within.filter((it) => !isHostInReach(it))).toEqual([]);
});

test('a name is judged by its addresses, too', async () => {
  const found = (host: string, all: boolean) =>
    new Promise((resolve) => {
      lookupInReach(host, { all, family: 4 }, (error, address, family) => resolve(error?.code ?? [address, family]));
    });
  // getaddrinfo(3) reads a number as an address, as inet_aton(3) does: 169.254.169.254.
  expect(await found('0xa9fea9fe', true)).toBe('ERR_OUT_OF_REACH');
  expect(await found('0xa9fea9fe', false)).toBe('ERR_OUT_OF_REACH');
  expect(await found('0x7f000001', false)).toEqual(['127.0.0.1', 4]);
});

test('a URL that is a secret is held to the same rules when it is known', async () => {
  const send = (url: string) => senderTo({ ...HTTP, type: 'slack', url: secret(url) }).send(['{}']);
  expect(await send('http://siem.hospital.example/in')).toEqual({
    kind: 'hold',
    because: 'the URL is not https, and allow-http is not set',
  });
  expect(await send('https://169.254.169.254/in')).toMatchObject({
    kind: 'hold',
    because: expect.stringContaining('link-local'),
  });
  expect(await send('no url')).toEqual({
    kind: 'hold',
    because: 'The secret that holds the URL of the sink is no URL',
  });
});

test('what is long is packed, what is short is not', async () => {
  const { url, received } = await receiver(() => ({ status: 202 }));
  const { send } = senderTo(settings(url));
  const long = JSON.stringify({ text: 'x'.repeat(2_000) });
  await send([long]);
  await send(['{}']);
  expect(received.map(({ headers, body }) => [headers['content-encoding'], body])).toEqual([
    ['gzip', `[${long}]`],
    [undefined, '[{}]'],
  ]);
});

test('a run that ends waits for no answer', async () => {
  const stopping = new AbortController();
  const { url } = await receiver(() => {
    stopping.abort();
    return 'silent';
  });
  expect(await senderTo(settings(url)).send(['{}'], stopping.signal)).toEqual({ kind: 'again', because: 'stopped' });
});

/** A forward proxy that knows CONNECT and nothing else. */
async function proxy() {
  const connected: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket, head) => {
    connected.push(request.url ?? '');
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
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connected };
}

test('HTTPS_PROXY is gone through with TLS to the destination itself, and NO_PROXY goes straight', async () => {
  const between = await proxy();
  const { url, received } = await receiver(() => ({ status: 202 }));
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'NO_PROXY']) vi.stubEnv(name, undefined);
  vi.stubEnv('HTTPS_PROXY', between.url);
  expect(await senderTo(settings(url)).send(['{}'])).toEqual({ kind: 'stored' });
  expect(between.connected).toEqual([new URL(url).host]);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  expect(await senderTo(settings(url)).send(['{}'])).toEqual({ kind: 'stored' });
  expect(between.connected).toHaveLength(1);
  expect(received).toHaveLength(2);
});
