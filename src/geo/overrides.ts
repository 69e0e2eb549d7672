import { OperatorError } from '../errors/problem.ts';
import type { Address } from '../net/address.ts';
import { type Network, parseNetwork } from '../net/network.ts';
import { type PrefixMatch, PrefixTable } from '../net/prefix-table.ts';
import type { Evidence, Location } from './location.ts';
import type { Override } from './settings.ts';

/** A location and the time at which it ends to hold (ms since the epoch, exclusive). */
export interface Span {
  readonly untilMs: number;
  readonly location: Location;
}

export type Overrides = PrefixTable<Override>;

/** @throws OperatorError `config.bad-value` for what is no network */
export function overrideTable(overrides: readonly Override[]): Overrides {
  return new PrefixTable(
    overrides.flatMap((override) => override.networks.map((cidr) => [readNetwork(cidr), override] as const)),
  );
}

/**
 * What holds until when for an address that is found at `base`: the override of the smallest network, after its expiry
 * that of the next, and at last `base` itself, whose evidence stays in sight under every override. `addresses` are the
 * address as logged and, if it holds another, that one.
 *
 * @param edge the network that is an edge as a whole. An override of a wider one was not written with the edge in mind:
 * it is told, and does not hold.
 */
export function spansOf(
  addresses: readonly Address[],
  overrides: Overrides,
  base: Location,
  edge?: Network,
): readonly Span[] {
  const spans: Span[] = [];
  let before: readonly Evidence[] = [];
  for (const match of addresses.flatMap((address) => overrides.findAll(address))) {
    const { country, expiresMs = Number.POSITIVE_INFINITY } = match.value;
    if (isWider(match.network, edge)) {
      before = [...before, evidenceOf(match, 'wider than the edge that the address belongs to, and not held for it')];
      continue;
    }
    const evidence = [...before, evidenceOf(match), ...base.evidence];
    const address = base.address === undefined ? {} : { address: base.address };
    spans.push({
      untilMs: expiresMs,
      location: { standing: 'certain', country, ...address, decidedBy: 'override', evidence },
    });
    before = [...before, evidenceOf(match, 'expired')];
  }
  const location = before.length === 0 ? base : { ...base, evidence: [...before, ...base.evidence] };
  return [...spans, { untilMs: Number.POSITIVE_INFINITY, location }];
}

function isWider(network: Network, edge: Network | undefined): boolean {
  return edge !== undefined && network.family === edge.family && network.length < edge.length;
}

function evidenceOf({ network, value }: PrefixMatch<Override>, state?: string): Evidence {
  const { country, reason, expiresMs, vendor } = value;
  const lastDay = expiresMs === undefined ? undefined : new Date(expiresMs - 1).toISOString().slice(0, 10);
  const until = lastDay === undefined ? '' : ` until ${lastDay}`;
  const said = `${country}${until}${state === undefined ? '' : `, ${state}`} (${reason})`;
  const source = vendor === undefined ? 'geo.overrides' : `vendors.${vendor}.confirmed`;
  return { step: 'override', source, network: network.text, said };
}

function readNetwork(cidr: string): Network {
  const reading = parseNetwork(cidr);
  if ('network' in reading) return reading.network;
  const { because, suggestion } = reading.mistake;
  throw new OperatorError([
    {
      code: 'config.bad-value',
      what: `"${cidr}" in geo.overrides is no network: ${because}`,
      todo: suggestion === undefined ? 'write a network such as 192.0.2.0/24' : `write ${suggestion}`,
    },
  ]);
}
