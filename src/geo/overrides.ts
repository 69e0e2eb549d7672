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
 */
export function spansOf(addresses: readonly Address[], overrides: Overrides, base: Location): readonly Span[] {
  const spans: Span[] = [];
  let expired: readonly Evidence[] = [];
  for (const match of addresses.flatMap((address) => overrides.findAll(address))) {
    const { country, expiresMs = Number.POSITIVE_INFINITY } = match.value;
    const evidence = [...expired, evidenceOf(match, 'in force'), ...base.evidence];
    const address = base.address === undefined ? {} : { address: base.address };
    spans.push({ untilMs: expiresMs, location: { standing: 'certain', country, ...address, evidence } });
    expired = [...expired, evidenceOf(match, 'expired')];
  }
  const location = expired.length === 0 ? base : { ...base, evidence: [...expired, ...base.evidence] };
  return [...spans, { untilMs: Number.POSITIVE_INFINITY, location }];
}

function evidenceOf({ network, value }: PrefixMatch<Override>, state: 'in force' | 'expired'): Evidence {
  const { country, reason, expiresMs } = value;
  const lastDay = expiresMs === undefined ? undefined : new Date(expiresMs - 1).toISOString().slice(0, 10);
  const until = lastDay === undefined ? '' : ` until ${lastDay}`;
  const said = state === 'expired' ? `${country}${until}, expired (${reason})` : `${country}${until} (${reason})`;
  return { step: 'override', source: 'geo.overrides', network: network.text, said };
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
