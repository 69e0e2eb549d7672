import { quote } from '../errors/field.ts';
import type { Problem } from '../errors/problem.ts';
import type { Network } from '../net/network.ts';
import { parseNetwork } from '../net/network.ts';
import type { PlacedNetworks } from '../net/placed-networks.ts';
import { PrefixTable } from '../net/prefix-table.ts';
import type { Path } from './document.ts';
import { lineOf, type Placed, problemAt } from './mistake.ts';
import type { Sections } from './sections.ts';

const ENDPOINTS = ['domains', 'networks', 'accounts', 'keys'] as const;

/** An endpoint that two vendors claim would belong to whichever comes first. */
export function checkEndpoints({ vendors }: Sections): readonly Problem[] {
  const owners = new Map<string, { readonly vendor: Sections['vendors'][number]; readonly below: Path }>();
  return vendors.flatMap((vendor) =>
    ENDPOINTS.flatMap((kind) =>
      vendor.value.endpoints[kind].flatMap((entry, at) => {
        const key = `${kind} ${kind === 'accounts' ? entry.toLowerCase() : entry}`;
        const below = ['endpoints', kind, at];
        const owner = owners.get(key);
        if (owner === undefined) owners.set(key, { vendor, below });
        if (owner === undefined || owner.vendor === vendor) return [];
        const { id } = owner.vendor.value;
        const what = `${quote(entry)} is an endpoint of vendor ${quote(id)} too, at ${lineOf(owner.vendor, owner.below)}`;
        return [problemAt(vendor, below, 'config.clash', what, 'leave it with one of them')];
      }),
    ),
  );
}

/** Two of the operator's words on one address that disagree: neither can be what is meant. */
export function checkOverrides({ geo, vendors }: Sections): readonly Problem[] {
  const overrides = geo?.value.overrides ?? [];
  const claims = [
    ...(geo === undefined ? [] : claimsIn(geo, 'overrides', overrides)),
    ...vendors.flatMap((vendor) => claimsIn(vendor, 'confirmed', vendor.value.confirmed)),
  ];
  const placed = claims.flatMap((claim, order) => {
    const reading = parseNetwork(claim.text);
    return 'network' in reading ? [[reading.network, { ...claim, order }] as const] : [];
  });
  const table = new PrefixTable(placed);
  return placed.flatMap(([network, claim]) => {
    const rival = table
      .findAll(network.first)
      .find((it) => it.value.country !== claim.country && isEarlier(it, { network, order: claim.order }));
    return rival === undefined ? [] : [disagreement(claim, rival.value)];
  });
}

function claimsIn(section: Placed<unknown>, key: string, entries: readonly PlacedNetworks[]): readonly Claim[] {
  return entries.flatMap(({ networks, country }, entry) =>
    networks.map((text, at) => ({ section, text, country, below: [key, entry, 'networks', at] })),
  );
}

/** Of two networks of which one holds the other, the wider; of equal ones, the one that stands first. */
function isEarlier(
  rival: { readonly network: Network; readonly value: { readonly order: number } },
  own: { readonly network: Network; readonly order: number },
): boolean {
  if (rival.network.length !== own.network.length) return rival.network.length < own.network.length;
  return rival.value.order < own.order;
}

interface Claim {
  readonly section: Placed<unknown>;
  readonly text: string;
  readonly country: string;
  readonly below: Path;
}

function disagreement(claim: Claim, rival: Claim): Problem {
  const what = `${quote(claim.text)} is in ${claim.country} here, and in ${rival.country} by ${rival.text} at ${lineOf(rival.section, rival.below)}`;
  return problemAt(
    claim.section,
    claim.below,
    'config.clash',
    what,
    'let the networks not overlap, or name one country',
  );
}
