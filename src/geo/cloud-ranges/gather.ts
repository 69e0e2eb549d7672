import { type Network, parseNetwork } from '../../net/network.ts';
import type { Pieces } from '../pieces.ts';
import type { CloudRange, RangePlace } from './range-file.ts';

/** One row of a provider's file: a network may have several, one for each service or tag. */
export interface RangeRow {
  /** CIDR, as written. */
  readonly cidr: string;
  /** Where it stands, for messages: `prefixes[17]`. */
  readonly at: string;
  readonly place: RangePlace;
  readonly said: string;
  /** See `CloudRange.isGeneral`. */
  readonly isGeneral?: true;
}

/** What is wrong with a file, in words. */
export interface Flaw {
  readonly because: string;
}

/**
 * Makes one range of all rows of a network. A row that is no network spoils the file: who knows what else is wrong with
 * it.
 */
export function* gather(rows: Iterable<RangeRow | Flaw>): Pieces<readonly CloudRange[] | Flaw> {
  const byNetwork = new Map<string, { readonly network: Network; readonly rows: RangeRow[] }>();
  let count = 0;
  for (const row of rows) {
    if ('because' in row) return row;
    const network = readNetwork(row.cidr);
    if (network === undefined) return { because: `${row.at} holds no network in CIDR notation` };
    if (network.length < LEAST_BITS[network.family])
      return { because: `${row.at} holds ${network.text}, which no provider has alone` };
    const known = byNetwork.get(network.text);
    if (known === undefined) byNetwork.set(network.text, { network, rows: [row] });
    else known.rows.push(row);
    if (count++ % PIECE_ROWS === 0) yield;
  }
  if (byNetwork.size === 0) return { because: 'it lists no network' };
  const ranges: CloudRange[] = [];
  for (const { network, rows } of byNetwork.values()) {
    ranges.push({ network, ...merge(rows) });
    if (ranges.length % PIECE_ROWS === 0) yield;
  }
  return ranges;
}

const PIECE_ROWS = 32;

/** A default route that slipped in would place the whole Internet. */
const LEAST_BITS = { 4: 8, 6: 16 } as const;

/** Host bits that are set are cleared: AWS's own documentation has such an example. */
function readNetwork(cidr: string): Network | undefined {
  const reading = parseNetwork(cidr);
  if ('network' in reading) return reading.network;
  const masked =
    cidr.includes('/') && reading.mistake.suggestion !== undefined ? parseNetwork(reading.mistake.suggestion) : reading;
  return 'network' in masked ? masked.network : undefined;
}

function merge(all: readonly RangeRow[]): Omit<CloudRange, 'network'> {
  const specific = all.filter(({ isGeneral }) => isGeneral === undefined);
  const rows = specific.length > 0 ? specific : all;
  const said = [...new Set(rows.map((row) => row.said))].join('; ');
  const place = mergePlaces(rows.map((row) => row.place));
  return { place, said, ...(specific.length === 0 && { isGeneral: true as const }) };
}

/** One service that is served from everywhere makes the address an edge, whatever else is there too. */
function mergePlaces(places: readonly RangePlace[]): RangePlace {
  const [first = UNTOLD] = places;
  if (places.some(({ kind }) => kind === 'edge')) return { kind: 'edge' };
  const isAgreed = places.every(
    (it) => it.kind === 'country' && first.kind === 'country' && it.country === first.country,
  );
  return isAgreed ? first : UNTOLD;
}

const UNTOLD: RangePlace = { kind: 'untold' };
