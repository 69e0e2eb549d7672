import { parseAddress } from '../net/address.ts';
import { type Network, parseNetwork } from '../net/network.ts';
import { PrefixTable } from '../net/prefix-table.ts';
import type { VendorMatch, VendorRegistry } from './registry.ts';
import type { Vendor } from './vendor.ts';

/**
 * Finds a vendor by hash tables alone: one look-up for a key, one for each length of account prefix, one for each label
 * of a host name, one for each prefix length of a network. None of these grows with the number of vendors.
 *
 * Host names and accounts are compared in lower case. Where two vendors have one endpoint, the first has it.
 */
export function buildRegistry(vendors: readonly Vendor[]): VendorRegistry {
  const keys = table(vendors, 'key', ({ keys }) => keys);
  const accounts = table(vendors, 'account', ({ accounts }) => accounts.filter((it) => !it.endsWith('*')));
  const prefixes = table(vendors, 'account', ({ accounts }) => accounts.filter((it) => it.endsWith('*')));
  const prefixLengths = [...new Set([...prefixes.keys()].map((it) => it.length - 1))].sort((one, other) => other - one);
  const domains = table(vendors, 'domain', ({ domains }) => domains.filter((it) => !it.startsWith('*')));
  const wildcards = table(vendors, 'domain', ({ domains }) => domains.filter((it) => it.startsWith('*')));
  // `.acme.example` for `*.acme.example`, so that the end of a name can be looked up as it stands.
  const parents = new Map([...wildcards].map(([entry, match]) => [entry.slice(1), match]));
  const hasNetworks = vendors.some(({ endpoints }) => endpoints.networks.length > 0);
  const networks = new PrefixTable(vendors.flatMap(networksOf));

  const byAccount = (account: string): VendorMatch | undefined => {
    const name = account.toLowerCase();
    const exact = accounts.get(name);
    if (exact !== undefined) return exact;
    for (const length of prefixLengths) {
      const match = length <= name.length ? prefixes.get(`${name.slice(0, length)}*`) : undefined;
      if (match !== undefined) return match;
    }
    return undefined;
  };

  const byDomain = (host: string): VendorMatch | undefined => {
    const lower = host.toLowerCase();
    const name = lower.endsWith('.') ? lower.slice(0, -1) : lower;
    if (name.length > LONGEST_NAME) return undefined;
    const exact = domains.get(name);
    if (exact !== undefined) return exact;
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
      const match = parents.get(name.slice(dot));
      if (match !== undefined) return match;
    }
    return undefined;
  };

  const byNetwork = (ip: string): VendorMatch | undefined => {
    const address = hasNetworks ? parseAddress(ip) : undefined;
    return address && networks.find(address)?.value;
  };

  return {
    vendors,
    match: ({ key, account, receiver: { host, ip } }) =>
      (key === undefined ? undefined : keys.get(key)) ??
      (account === undefined ? undefined : byAccount(account)) ??
      (host === undefined ? undefined : byDomain(host)) ??
      (ip === undefined ? undefined : byNetwork(ip)),
  };
}

/** RFC 1035 section 2.3.4, in text. What is longer is no name, whatever a client wrote. */
const LONGEST_NAME = 253;

function table(
  vendors: readonly Vendor[],
  by: VendorMatch['by'],
  entriesOf: (endpoints: Vendor['endpoints']) => readonly string[],
): ReadonlyMap<string, VendorMatch> {
  const matches = new Map<string, VendorMatch>();
  for (const vendor of vendors) {
    for (const entry of entriesOf(vendor.endpoints)) {
      const name = by === 'key' ? entry : entry.toLowerCase();
      if (!matches.has(name)) matches.set(name, { vendor, by, entry });
    }
  }
  return matches;
}

function networksOf(vendor: Vendor): readonly (readonly [Network, VendorMatch])[] {
  return vendor.endpoints.networks.map((entry) => {
    const reading = parseNetwork(entry);
    if ('mistake' in reading) throw new Error('A vendor has a network that is none');
    return [reading.network, { vendor, by: 'network', entry }] as const;
  });
}
