import { expect, test } from 'vitest';
import type { Resolution } from '../../../src/geo/names/resolution.ts';
import { openResolver } from '../../../src/geo/names/resolver.ts';
import { type DnsAnswer, dnsServer } from './dns-server.ts';

const NOW_MS = Date.UTC(2026, 10, 25);

async function ask(answer: DnsAnswer): Promise<{ resolution: Resolution; by: string; asked: readonly string[] }> {
  await using dns = await dnsServer();
  dns.answer('upload.acme.example', answer);
  const { resolve } = openResolver({ servers: [dns.address], timeout: 200 }, () => NOW_MS);
  return { resolution: await resolve('upload.acme.example'), by: dns.address, asked: dns.asked };
}

test('all addresses of both families are told, with who was asked and when', async () => {
  const { resolution, by, asked } = await ask(['203.0.113.9', '2001:DB8:5::0:7', '203.0.113.10']);
  expect(resolution).toEqual({
    kind: 'answered',
    addresses: ['2001:db8:5::7', '203.0.113.10', '203.0.113.9'],
    atMs: NOW_MS,
    by,
  });
  expect([...asked].sort()).toEqual(['upload.acme.example A', 'upload.acme.example AAAA']);
});

test.each<[DnsAnswer, object]>([
  ['nxdomain', { kind: 'none' }],
  [[], { kind: 'none' }],
  ['servfail', { kind: 'failed', because: 'the DNS servers failed to find out' }],
  ['silent', { kind: 'failed', because: 'the DNS servers do not answer in time' }],
  ['half', { kind: 'failed', because: 'the DNS servers do not answer in time' }],
  ['nonsense', { kind: 'failed' }],
])('an answer "%s" is told apart from a name without addresses', async (answer, outcome) => {
  const { resolution, by } = await ask(answer);
  expect(resolution).toMatchObject({ ...outcome, atMs: NOW_MS, by });
});

test('nobody listening is a failure, not a name without addresses', async () => {
  const gone = await dnsServer();
  await gone[Symbol.asyncDispose]();
  const { resolve } = openResolver({ servers: [gone.address], timeout: 200 }, () => NOW_MS);
  expect((await resolve('acme.example')).kind).toBe('failed');
});
