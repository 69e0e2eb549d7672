import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';

const CONFIG = `
sources:
  - { name: squid, type: file, paths: [/var/log/squid/access.log], format: squid, inside: client }
vendors:
  - id: acme
    name: Acme
    endpoints: { domains: [acme.example], networks: [203.0.113.0/24] }
    declared: { networks: [203.0.113.128/25] }
    confirmed:
      - { networks: [203.0.113.0/26], country: us, reason: lease seen, expires: 2027-06-30 }
geo:
  directory: geoip
  overrides:
    - { networks: [198.51.100.0/24], country: IN, reason: visited }
  nat64: ["2001:db8:64::/96"]
  weights: { geo-whois-asn-country.mmdb: 0.25 }
  gateway: { latitude: 39.96, longitude: -83 }
`;

test('the geo settings are read, a vendor’s confirmed networks among the overrides, and what it declares not', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'phi-egress-config-'));
  try {
    await writeFile(path.join(directory, 'phi-egress.yaml'), CONFIG);
    const { geo, vendors } = await loadSettings(path.join(directory, 'phi-egress.yaml'));
    expect(geo).toMatchObject({
      directory: path.join(directory, 'geoip'),
      overrides: [
        { networks: ['198.51.100.0/24'], country: 'IN', reason: 'visited' },
        {
          networks: ['203.0.113.0/26'],
          country: 'US',
          reason: 'lease seen',
          expiresMs: Date.parse('2027-07-01T00:00:00Z'),
          vendor: 'acme',
        },
      ],
      nat64: ['2001:db8:64::/96'],
      weights: { 'geo-whois-asn-country.mmdb': 0.25 },
      gateway: { latitude: 39.96, longitude: -83 },
    });
    expect(geo.overrides).toHaveLength(2);
    expect(vendors[0]).not.toHaveProperty('confirmed');
  } finally {
    await rm(directory, { recursive: true });
  }
});
