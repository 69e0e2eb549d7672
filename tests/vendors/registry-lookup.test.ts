import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { parseAddress } from '../../src/net/address.ts';
import { contains, parseNetwork } from '../../src/net/network.ts';
import type { Access } from '../../src/transfers/transfer.ts';
import { buildRegistry } from '../../src/vendors/registry-lookup.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';

const KEY = `SHA256:${'a'.repeat(43)}`;

test('a vendor is found by the strongest of key, account, domain and network', () => {
  const registry = buildRegistry([
    vendor('by-network', { networks: ['203.0.113.0/24'] }),
    vendor('by-domain', { domains: ['up.example'] }),
    vendor('by-account', { accounts: ['coder'] }),
    vendor('by-key', { keys: [KEY] }),
  ]);
  const everything = { ip: '203.0.113.9', host: 'up.example', account: 'coder', key: KEY };
  const seen = [
    everything,
    { ...everything, key: `SHA256:${'b'.repeat(43)}` },
    { ip: '203.0.113.9', host: 'up.example' },
    { ip: '203.0.113.9', host: 'other.example' },
    { ip: '203.0.114.9', host: 'other.example' },
    {},
  ].map((party) => registry.match(access(party)));
  expect(seen.map((it) => it?.vendor.id)).toEqual([
    'by-key',
    'by-account',
    'by-domain',
    'by-network',
    undefined,
    undefined,
  ]);
  expect(seen.map((it) => it?.entry)).toEqual([KEY, 'coder', 'up.example', '203.0.113.0/24', undefined, undefined]);
  expect(seen.map((it) => it?.by)).toEqual(['key', 'account', 'domain', 'network', undefined, undefined]);
});

test('a wildcard means every host below a domain, at any depth, and not the domain itself', () => {
  const registry = buildRegistry([vendor('wild', { domains: ['*.x.example'] })]);
  const found = (host: string) => registry.match(access({ host }))?.entry;
  expect(found('a.x.example')).toBe('*.x.example');
  expect(found('a.b.x.example')).toBe('*.x.example');
  expect(found('x.example')).toBeUndefined();
  expect(found('ax.example')).toBeUndefined();
  expect(found('x.example.org')).toBeUndefined();
});

test('an exact name wins over a wildcard, and a nearer wildcard over a farther one', () => {
  const registry = buildRegistry([
    vendor('far', { domains: ['*.example'] }),
    vendor('near', { domains: ['*.x.example'] }),
    vendor('exact', { domains: ['a.x.example'] }),
  ]);
  const found = (host: string) => registry.match(access({ host }))?.vendor.id;
  expect(found('a.x.example')).toBe('exact');
  expect(found('b.x.example')).toBe('near');
  expect(found('b.y.example')).toBe('far');
});

test('host names and accounts are compared without letter case, hosts without a trailing dot', () => {
  const registry = buildRegistry([vendor('v', { domains: ['up.example'], accounts: ['Coder', 'Acme_*'] })]);
  expect(registry.match(access({ host: 'UP.Example.' }))?.entry).toBe('up.example');
  expect(registry.match(access({ account: 'CODER' }))?.entry).toBe('Coder');
  expect(registry.match(access({ account: 'ACME_7' }))?.entry).toBe('Acme_*');
});

test('of account prefixes the longest wins, and an exact account over all', () => {
  const registry = buildRegistry([
    vendor('short', { accounts: ['ac*'] }),
    vendor('long', { accounts: ['acme_*'] }),
    vendor('exact', { accounts: ['acme_1'] }),
  ]);
  const found = (account: string) => registry.match(access({ account }))?.vendor.id;
  expect(found('acme_1')).toBe('exact');
  expect(found('acme_2')).toBe('long');
  expect(found('acme')).toBe('short');
  expect(found('a')).toBeUndefined();
});

test('the longest network wins, and an IPv4-mapped address is that IPv4 address', () => {
  const registry = buildRegistry([
    vendor('wide', { networks: ['198.51.100.0/24'] }),
    vendor('narrow', { networks: ['198.51.100.128/25', '2001:db8:5::/48'] }),
  ]);
  const found = (ip: string) => registry.match(access({ ip }))?.vendor.id;
  expect(found('198.51.100.127')).toBe('wide');
  expect(found('198.51.100.128')).toBe('narrow');
  expect(found('::ffff:198.51.100.1')).toBe('wide');
  expect(found('2001:db8:5:ffff::1')).toBe('narrow');
  expect(found('2001:db8:6::1')).toBeUndefined();
  expect(found('no address')).toBeUndefined();
});

test('what is too long to be a host name matches nothing', () => {
  const registry = buildRegistry([vendor('wild', { domains: ['*.x.example'] })]);
  expect(registry.match(access({ host: `${'a.'.repeat(121)}x.example` }))?.vendor.id).toBe('wild');
  expect(registry.match(access({ host: `${'a.'.repeat(500_000)}x.example` }))).toBeUndefined();
});

test('the registry finds what a scan over all vendors finds', () => {
  const label = fc.constantFrom('a', 'b', 'c');
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const domain = fc.tuple(fc.boolean(), host).map(([wild, name]) => (wild ? `*.${name}` : name));
  const name = fc.string({ unit: fc.constantFrom('x', 'y'), minLength: 1, maxLength: 4 });
  const account = fc.tuple(fc.boolean(), name).map(([prefix, text]) => (prefix ? `${text}*` : text));
  const octet = fc.constantFrom(0, 128);
  const network = fc
    .tuple(octet, octet, fc.constantFrom(24, 25, 32))
    .map(([third, fourth, length]) => `10.0.${third}.${length === 24 ? 0 : fourth}/${length}`);
  const endpoints = fc.record({
    domains: fc.array(domain, { maxLength: 3 }),
    networks: fc.array(network, { maxLength: 3 }),
    accounts: fc.array(account, { maxLength: 3 }),
    keys: fc.array(fc.constantFrom('k1', 'k2'), { maxLength: 1 }),
  });
  const party = fc.record(
    {
      host,
      ip: fc.tuple(octet, fc.constantFrom(0, 1, 128, 129)).map(([third, fourth]) => `10.0.${third}.${fourth}`),
      account: name,
      key: fc.constantFrom('k1', 'k2', 'k3'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(endpoints, { maxLength: 6 }), party, (all, seen) => {
      const vendors = all.map((it, at) => vendor(`v${at}`, it));
      const match = buildRegistry(vendors).match(access(seen));
      expect(match && { vendor: match.vendor.id, by: match.by, entry: match.entry }).toEqual(scan(vendors, seen));
    }),
    { numRuns: 2_000 },
  );
});

test('a match takes as many look-ups among 20,000 vendors as among two', () => {
  const endpointsOf = (at: number) => ({
    domains: [`v${at}.example`, `*.files.v${at}.example`],
    networks: [`10.${at >> 8}.${at & 255}.0/24`],
    accounts: [`v${at}`, `v${String(at).padStart(5, '0')}_*`],
  });
  const registryOf = (count: number) =>
    buildRegistry(Array.from({ length: count }, (_, at) => vendor(`v${at}`, endpointsOf(at))));
  const two = registryOf(2);
  const many = registryOf(20_000);
  for (const seen of [
    { host: 'up.nobody.example', ip: '192.0.2.1', account: 'nobody_at_all', key: 'none' },
    { host: 'a.files.v1.example' },
    { ip: '10.0.1.9' },
    { account: 'v00001_batch' },
  ]) {
    expect(lookUps(() => many.match(access(seen)))).toBe(lookUps(() => two.match(access(seen))));
  }
  expect(many.match(access({ host: 'a.files.v19999.example' }))?.vendor.id).toBe('v19999');
});

interface Seen {
  readonly host?: string;
  readonly ip?: string;
  readonly account?: string;
  readonly key?: string;
}

/** How often a map is asked during the work. */
function lookUps(work: () => unknown): number {
  const get = vi.spyOn(Map.prototype, 'get');
  try {
    work();
    const { length } = get.mock.calls;
    expect(length).toBeGreaterThan(0);
    return length;
  } finally {
    get.mockRestore();
  }
}

/** The same answer by looking at every entry of every vendor. */
function scan(vendors: readonly Vendor[], { key, account, host, ip }: Seen) {
  const candidates = vendors.flatMap(({ id, endpoints }) => [
    ...endpoints.keys.filter((it) => it === key).map((entry) => ({ id, by: 'key', entry, rank: 4_000 })),
    ...endpoints.accounts
      .filter((it) => (it.endsWith('*') ? account?.startsWith(it.slice(0, -1)) : account === it))
      .map((entry) => ({ id, by: 'account', entry, rank: 3_000 + (entry === account ? 500 : entry.length) })),
    ...endpoints.domains
      .filter((it) => (it.startsWith('*') ? host?.endsWith(it.slice(1)) : host === it))
      .map((entry) => ({ id, by: 'domain', entry, rank: 2_000 + (entry === host ? 500 : entry.length) })),
    ...endpoints.networks
      .filter((it) => ip !== undefined && isIn(ip, it))
      .map((entry) => ({ id, by: 'network', entry, rank: 1_000 + Number(entry.split('/')[1]) })),
  ]);
  const [best] = candidates.sort((one, other) => other.rank - one.rank);
  return best && { vendor: best.id, by: best.by, entry: best.entry };
}

function isIn(ip: string, cidr: string): boolean {
  const address = parseAddress(ip);
  const reading = parseNetwork(cidr);
  return address !== undefined && 'network' in reading && contains(reading.network, address);
}

function vendor(id: string, endpoints: Partial<Vendor['endpoints']>): Vendor {
  return {
    id,
    name: id,
    terms: [],
    declared: { networks: [], asns: [] },
    endpoints: { domains: [], networks: [], accounts: [], keys: [], ...endpoints },
    carries: 'phi',
  };
}

function access({ host, ip, account, key }: Seen): Access {
  return {
    kind: 'access',
    source: 'sftp',
    place: { file: '0123456789abcdef', offset: 0, bytes: 1 },
    part: 'access',
    timeMs: 0,
    protocol: 'ssh',
    sender: {},
    receiver: { ...(host !== undefined && { host }), ...(ip !== undefined && { ip }) },
    ...(account !== undefined && { account }),
    ...(key !== undefined && { key }),
  };
}
