import type { Address } from '../../net/address.ts';
import type { Network } from '../../net/network.ts';
import { PrefixTable } from '../../net/prefix-table.ts';
import type { Evidence } from '../location.ts';
import type { Pieces } from '../pieces.ts';
import type { CloudRange, RangeFile, RangePlace } from './range-file.ts';

/** Of a range file, all but the ranges. */
export interface RangeFileInfo extends Omit<RangeFile, 'ranges'> {
  /** The file's name. */
  readonly name: string;
  readonly path: string;
  /** Of the whole file, hex. */
  readonly sha256: string;
  readonly networks: number;
  /** What it says of networks that cannot be placed: regions that are not known here, or two at once. */
  readonly unplaced: readonly string[];
}

export interface OpenedRangeFile {
  readonly info: RangeFileInfo;
  readonly ranges: readonly CloudRange[];
}

/** What a provider publishes about an address. */
export interface CloudAnswer {
  readonly place: RangePlace;
  readonly network: Network;
  /** See `CloudRange.isGeneral`. */
  readonly isGeneral?: true;
  readonly evidence: Evidence;
}

/** The ranges that providers publish, taken together. */
export interface CloudRanges {
  readonly files: readonly RangeFileInfo[];
  /** @returns `undefined` for an address that no provider lists. */
  readonly ask: (address: Address) => CloudAnswer | undefined;
}

/** The smallest range that holds an address tells its place; one that tells only whose it is stands behind all others. */
export function* cloudRanges(files: readonly OpenedRangeFile[]): Pieces<CloudRanges> {
  const table = new PrefixTable<{ readonly info: RangeFileInfo; readonly range: CloudRange }>();
  let count = 0;
  for (const { info, ranges } of files) {
    for (const range of ranges) {
      table.add(range.network, { info, range });
      if (count++ % PIECE_RANGES === 0) yield;
    }
  }
  return { files: files.map(({ info }) => info), ask };

  function ask(address: Address): CloudAnswer | undefined {
    const all = table.findAll(address);
    const match = all.find(({ value }) => value.range.isGeneral === undefined) ?? all[0];
    if (match === undefined) return undefined;
    const { info, range } = match.value;
    const { place, network, isGeneral } = range;
    return { place, network, ...(isGeneral && { isGeneral }), evidence: evidenceOf(info, range) };
  }
}

const PIECE_RANGES = 256;

function evidenceOf(
  { name, provider, edition, builtMs, sha256 }: RangeFileInfo,
  { network, place, said }: CloudRange,
): Evidence {
  const country = place.kind === 'country' ? `${place.country}: ` : '';
  return {
    step: 'cloud-range',
    source: name,
    edition: `${provider} ${edition}`,
    ...(builtMs !== undefined && { built: new Date(builtMs).toISOString() }),
    sha256,
    network: network.text,
    said: `${country}${said}`,
  };
}
