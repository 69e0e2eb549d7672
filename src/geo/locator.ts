import { type Address, parseAddress } from '../net/address.ts';
import { type Unwrapped, unwrap } from '../net/unwrap.ts';
import type { DatabaseInfo } from './database.ts';
import { openDatabases } from './databases.ts';
import { climb, type LadderSettings } from './ladder.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import type { Evidence, Location } from './location.ts';
import { type Overrides, overrideTable, type Span, spansOf } from './overrides.ts';
import type { GeoSettings } from './settings.ts';

export interface Locator {
  /**
   * Where an address is at a moment (ms since the epoch; overrides expire). The same question has the same answer for
   * as long as the locator lives: no clock, no file, no network. Never throws.
   */
  readonly locate: (ip: string, atMs: number) => Location;
  /** Every database that was opened, also those that are not asked. */
  readonly databases: readonly DatabaseInfo[];
}

/** A busy gateway speaks with some thousand addresses a day; an entry takes about 1 KiB. */
const REMEMBERED = 16_384;

/**
 * Opens the databases and makes ready what does not change. To take up new databases or settings, open another.
 *
 * @throws OperatorError `geo.database-missing`, `geo.database-damaged`, `config.bad-value`
 */
export async function openLocator(settings: GeoSettings): Promise<Locator> {
  const overrides = overrideTable(settings.overrides);
  const databases = await openDatabases(settings);
  const ladder: LadderSettings = {
    databases: databases.filter(({ info }) => info.tellsCountry),
    usMilitaryAbroad: settings.usMilitaryAbroad,
  };
  const remembered = new LeastRecentlyUsed<string, readonly Span[]>(REMEMBERED);
  return { locate, databases: databases.map(({ info }) => info) };

  function locate(ip: string, atMs: number): Location {
    const spans = remembered.get(ip) ?? find(ip);
    for (const { untilMs, location } of spans) if (atMs < untilMs) return location;
    return NOT_AN_ADDRESS;
  }

  function find(ip: string): readonly Span[] {
    const address = parseAddress(ip);
    if (address === undefined) return [];
    const spans = locateAddress(ip, address, ladder, overrides);
    remembered.set(ip, spans);
    return spans;
  }
}

function locateAddress(ip: string, address: Address, ladder: LadderSettings, overrides: Overrides): readonly Span[] {
  const wrapped = unwrap(address);
  const located = climb(wrapped?.inner ?? address, ladder);
  const evidence = [...unwrapEvidence(ip, address, wrapped), ...located.evidence];
  const addresses = wrapped === undefined ? [address] : [address, wrapped.inner];
  return spansOf(addresses, overrides, { ...located, evidence });
}

/** Which address was looked up in place of the one in the log, and why. */
function unwrapEvidence(ip: string, address: Address, wrapped: Unwrapped | undefined): readonly Evidence[] {
  if (wrapped !== undefined) {
    const { mechanism, network, inner } = wrapped;
    return [{ step: 'unwrap', source: mechanism, network: network.text, said: `${address.text} holds ${inner.text}` }];
  }
  const isMapped = address.family === 4 && ip.includes(':');
  if (!isMapped) return [];
  const said = `an IPv4-mapped address that holds ${address.text}`;
  return [{ step: 'unwrap', source: 'IPv4-mapped (RFC 4291)', network: '::ffff:0:0/96', said }];
}

const NOT_AN_ADDRESS: Location = {
  standing: 'unknown',
  evidence: [{ step: 'log', source: 'log', said: 'what stands in place of the address is no IP address' }],
};
