import type { Address } from '../../net/address.ts';
import { contains } from '../../net/network.ts';
import type { PrefixMatch } from '../../net/prefix-table.ts';
import { type SpecialPurpose, specialPurposeOf } from '../../net/special-purpose.ts';
import type { CloudAnswer, CloudRanges } from '../cloud-ranges/cloud-ranges.ts';
import type { Answer, Database } from '../database.ts';
import { type Edge, edgeOf } from '../edges/edge-networks.ts';
import type { HostRegion } from '../host-region.ts';

/** Whom the ladder asks. */
export interface Sources {
  /** In the order in which they are to stand in the evidence. */
  readonly databases: readonly Database[];
  readonly cloud: CloudRanges;
  readonly usMilitaryAbroad: boolean;
}

/** All that is known of one address before anything is made of it. */
export interface Subject {
  readonly address: Address;
  readonly special?: SpecialPurpose;
  readonly edge?: PrefixMatch<Edge>;
  readonly cloud?: CloudAnswer;
  readonly hostRegion?: HostRegion;
  readonly answers: readonly Answer[];
  /** How many databases could have told a country. */
  readonly opinions: number;
  readonly usMilitaryAbroad: boolean;
}

/** Asks every source. A special-purpose address is no provider's, and nobody but the operator can know where it is. */
export function inquire(address: Address, sources: Sources, hostRegion: HostRegion | undefined): Subject {
  const { databases, usMilitaryAbroad } = sources;
  const special = specialPurposeOf(address);
  const opinions = databases.filter(({ info }) => info.tellsCountry).length;
  const common = { address, opinions, usMilitaryAbroad };
  if (special !== undefined) return { ...common, special, answers: askOperators(address, special, databases) };
  const edge = edgeOf(address);
  const cloud = sources.cloud.ask(address);
  return {
    ...common,
    answers: databases.map(({ ask }) => ask(address)),
    ...(edge !== undefined && { edge }),
    ...(cloud !== undefined && { cloud }),
    ...(hostRegion !== undefined && { hostRegion }),
  };
}

/**
 * Nobody but the operator can know where an internal address is, say that of a vendor behind a site-to-site VPN. So an
 * operator's own database is believed if it has an entry for a network inside the block.
 */
function askOperators(address: Address, special: SpecialPurpose, databases: readonly Database[]): readonly Answer[] {
  if (special.use !== 'internal') return [];
  return databases
    .filter(({ info }) => info.origin === 'operator' && info.tellsCountry)
    .map(({ ask }) => ask(address))
    .filter(({ network }) => network !== undefined && contains(special.network, network));
}
