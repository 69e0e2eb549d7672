import { type Address, parseAddress } from '../net/address.ts';
import { type Unwrapped, unwrap } from '../net/unwrap.ts';
import { cloudRanges, type RangeFileInfo } from './cloud-ranges/cloud-ranges.ts';
import { openRangeFiles } from './cloud-ranges/open-range-files.ts';
import type { Database, DatabaseInfo } from './database.ts';
import { openDatabases } from './databases.ts';
import { type HostRegion, hostRegionOf } from './host-region.ts';
import { climb } from './ladder/climb.ts';
import type { Sources } from './ladder/subject.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import type { Evidence, Location } from './location.ts';
import { nat64Prefixes } from './nat64.ts';
import { overrideTable, type Span, spansOf } from './overrides.ts';
import { inTurns } from './pieces.ts';
import { refuteByRoundTrip } from './round-trip/refute.ts';
import type { GeoSettings } from './settings.ts';
import type { Sighting } from './sighting.ts';
import { type Aging, agedSpans } from './staleness.ts';

export interface Locator {
  /**
   * Where an address is at a moment (ms since the epoch; overrides expire, databases grow old). The same question has the same answer for
   * as long as the locator lives: no clock, no file, no network. Never throws.
   */
  readonly locate: (ip: string, atMs: number, sighting?: Sighting) => Location;
  /** Every database that was opened. */
  readonly databases: readonly DatabaseInfo[];
  /** Every file of cloud ranges that is used. */
  readonly ranges: readonly RangeFileInfo[];
}

/** A busy gateway speaks with some thousand addresses a day; an entry takes about 1 KiB. */
const REMEMBERED = 16_384;

/**
 * Opens the databases and makes ready what does not change. To take up new databases or settings, open another.
 *
 * @throws OperatorError `geo.database-missing`, `geo.database-damaged`, `geo.ranges-damaged`, `config.bad-value`
 */
export async function openLocator(settings: GeoSettings): Promise<Locator> {
  const { gateway } = settings;
  const overrides = overrideTable(settings.overrides);
  const nat64 = nat64Prefixes(settings.nat64 ?? []);
  const databases = await openDatabases(settings);
  const cloud = await inTurns(cloudRanges(await openRangeFiles(settings.directory)));
  const sources: Sources = { databases, cloud, usMilitaryAbroad: settings.usMilitaryAbroad };
  const aging = agingOf(settings, databases);
  const remembered = new LeastRecentlyUsed<string, readonly Span[]>(REMEMBERED);
  return { locate, databases: databases.map(({ info }) => info), ranges: cloud.files };

  function locate(ip: string, atMs: number, sighting: Sighting = {}): Location {
    // Almost no name tells anything, and one that does not need not be told apart.
    const region = sighting.host === undefined ? undefined : hostRegionOf(sighting.host);
    const spans = region === undefined ? recall(ip, ip) : recall(`${ip} ${wordsOf(region)}`, ip, region);
    const location = locationAt(spans, atMs);
    const { connectMs } = sighting;
    if (connectMs === undefined || gateway === undefined) return location;
    return refuteByRoundTrip(location, connectMs, gateway);
  }

  function recall(key: string, ip: string, region?: HostRegion): readonly Span[] {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const address = parseAddress(ip);
    if (address === undefined) return [];
    const spans = find(ip, address, region);
    remembered.set(key, spans);
    return spans;
  }

  function find(ip: string, address: Address, region: HostRegion | undefined): readonly Span[] {
    const wrapped = unwrap(address, nat64);
    const { location, edge } = climb(wrapped?.inner ?? address, sources, region);
    const evidence = [...unwrapEvidence(ip, address, wrapped), ...location.evidence];
    const addresses = wrapped === undefined ? [address] : [address, wrapped.inner];
    const spans = spansOf(addresses, overrides, { ...location, evidence }, edge);
    return aging === undefined ? spans : agedSpans(spans, aging);
  }
}

function agingOf({ staleAfterMs }: GeoSettings, databases: readonly Database[]): Aging | undefined {
  if (staleAfterMs === undefined) return undefined;
  const counted = databases.filter(({ info }) => info.tellsCountry && info.weight > 0);
  return { staleAfterMs, counted: new Set(counted.map(({ info }) => info.sha256)) };
}

/** What of a name makes a difference: names without number say the same. */
function wordsOf(region: HostRegion): string {
  return `${region.provider} ${region.kind === 'edge' ? region.service : region.region}`;
}

/** A loop, for every line of a busy gateway comes through here. */
function locationAt(spans: readonly Span[], atMs: number): Location {
  for (const { untilMs, location } of spans) if (atMs < untilMs) return location;
  return NOT_AN_ADDRESS;
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
