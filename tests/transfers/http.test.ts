import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/formats/record.ts';
import { httpTransfers } from '../../src/transfers/http.ts';
import { line, upload } from './examples.ts';

const seenBy = (inside: 'client' | 'server' | 'by-address', changes: Partial<LogRecord> = {}) =>
  httpTransfers({ line: line(), record: upload(changes) }, inside);

test('a forward proxy sends the request body to the origin server', () => {
  const [transfer, ...others] = seenBy('client');
  expect(others).toEqual([]);
  expect(transfer).toMatchObject({
    part: 'to-server',
    vehicle: 'body',
    protocol: 'https',
    sender: { ip: '10.1.2.3', user: 'jdoe' },
    receiver: { ip: '198.51.100.7', port: 443, host: 'upload.vendor.example' },
    bytes: 1_048_840,
    reach: 'delivered',
  });
});

test('the name of an uploaded file, where a gateway looked into the request, is the name of what moved', () => {
  const [transfer] = seenBy('client', { file: { path: 'claims-2026.837', operation: 'write' } });
  expect(transfer?.path).toBe('claims-2026.837');
});

test('a reverse proxy sends the response body to the client', () => {
  const [transfer, ...others] = seenBy('server', { client: { ip: '203.0.113.9' }, method: 'GET', status: 200 });
  expect(others).toEqual([]);
  expect(transfer).toMatchObject({
    part: 'to-client',
    receiver: { ip: '203.0.113.9' },
    bytes: 244,
    reach: 'delivered',
  });
});

test('by address, the end on a public address is the foreign one', () => {
  const out = seenBy('by-address', { server: { ip: '8.8.8.8' } });
  expect(out.map(({ part }) => part)).toEqual(['to-server']);
  const served = seenBy('by-address', { client: { ip: '8.8.8.8' }, server: { ip: '10.0.0.5' } });
  expect(served.map(({ part }) => part)).toEqual(['to-client']);
});

test('by address, between two public ends both directions are movements', () => {
  const both = seenBy('by-address', { client: { ip: '8.8.8.8' }, server: { ip: '9.9.9.9' } });
  expect(both.map(({ part }) => part)).toEqual(['to-server', 'to-client']);
});

test.each([
  ['a cache hit', { reached: 'nobody' as const }],
  ['a denial', { outcome: 'denied' as const, status: 403 }],
  ['the CONNECT row of a bumped connection', { reached: 'nobody' as const, method: 'CONNECT', bytesToServer: 140 }],
  ['a tunnel through which nothing went', { method: 'CONNECT', bytesToServer: 0 }],
])('%s moves nothing to the origin', (_, changes) => {
  expect(seenBy('client', changes)).toEqual([]);
});

test.each<[string, Partial<LogRecord>]>([
  ['an aborted upload', { outcome: 'aborted', status: 0, bytesToServer: 262_382 }],
  ["a 503 that may be the proxy's own", { outcome: 'failure', status: 503 }],
  ["a 502 that may be the proxy's own", { outcome: 'failure', status: 502 }],
])('%s is an attempt, with the bytes that the log tells', (_, changes) => {
  const [transfer] = seenBy('client', changes);
  expect(transfer?.reach).toBe('attempted');
  expect(transfer?.bytes).toBe(changes.bytesToServer ?? 1_048_840);
});

test('an origin that answers 500 has received the body all the same', () => {
  expect(seenBy('client', { status: 500, outcome: 'failure' })[0]?.reach).toBe('delivered');
});

test('an upload whose size the log does not tell has no size, not size 0', () => {
  const { bytesToServer: _, ...record } = upload();
  const [transfer] = httpTransfers({ line: line(), record }, 'client');
  expect(transfer).toBeDefined();
  expect(transfer).not.toHaveProperty('bytes');
});

test('a GET carries nothing but its URL', () => {
  expect(seenBy('client', { method: 'GET', bytesToServer: 312 })[0]?.vehicle).toBe('url');
});

test('behind a parent proxy the receiver has no address, and the transfer says why', () => {
  const [transfer] = seenBy('client', {
    reached: 'parent-proxy',
    server: { host: 'sync.vendor.example', port: 443 },
  });
  expect(transfer?.receiver).toEqual({ host: 'sync.vendor.example', port: 443 });
  expect(transfer?.addressMissing).toMatch(/parent proxy/);
});

test('a GET that sends more than any header section holds has a body', () => {
  expect(seenBy('client', { method: 'GET', bytesToServer: 65_537 })[0]?.vehicle).toBe('body');
  expect(seenBy('client', { method: 'GET', bytesToServer: 65_536 })[0]?.vehicle).toBe('url');
});

test('a method that is not known to go without a body may have one', () => {
  expect(seenBy('client', { method: 'UPLOAD', bytesToServer: 312 })[0]?.vehicle).toBe('body');
});

test('a tunnel that was refused carried nothing, whoever refused it', () => {
  expect(seenBy('client', { method: 'CONNECT', status: 200 })[0]?.reach).toBe('delivered');
  for (const status of [302, 403, 407, 503])
    expect(seenBy('client', { method: 'CONNECT', status })[0]?.reach).toBe('attempted');
});

test('a 407 is a proxy’s, so the server need not have got anything', () => {
  expect(seenBy('client', { status: 407, outcome: 'success', reached: 'parent-proxy' })[0]?.reach).toBe('attempted');
});
