import type { Address } from '../../net/address.ts';
import type { Network } from '../../net/network.ts';
import type { HostRegion } from '../host-region.ts';
import type { Evidence, Location } from '../location.ts';
import { byCloudRange } from './cloud-range.ts';
import { byComparison } from './compare.ts';
import { EDGE_STEPS } from './edges.ts';
import { noteHostRegion } from './host-name.ts';
import { byRepresentedCountry } from './represented-country.ts';
import type { Rung, Step, Verdict } from './rung.ts';
import { bySpecialPurpose } from './special-purpose.ts';
import { inquire, type Sources, type Subject } from './subject.ts';

export interface Climbed {
  readonly location: Location;
  /** The network that is an edge as a whole, where the location is one. */
  readonly edge?: Network;
}

/**
 * Locates one address. Every step gives its evidence; the first that can tell decides, and a last one knows of bases
 * abroad. What the operator says of the address is put above this by `spansOf`, for it can expire.
 */
export function climb(address: Address, sources: Sources, hostRegion?: HostRegion): Climbed {
  const subject = inquire(address, sources, hostRegion);
  const evidence: Evidence[] = [];
  let decision: Decision | undefined;
  for (const { name, take } of LADDER) {
    const rung = take(subject);
    evidence.push(...rung.evidence);
    if (rung.verdict !== undefined) decision ??= { by: name, verdict: rung.verdict };
  }
  if (decision === undefined) {
    const compared = byComparison(subject);
    evidence.push(...compared.evidence);
    decision = compared.verdict && { by: 'database', verdict: compared.verdict };
  }
  const represented = byRepresentedCountry(subject, decision?.verdict ?? UNKNOWN);
  evidence.push(...represented.evidence);
  if (represented.verdict !== undefined) decision = { by: 'represented-country', verdict: represented.verdict };
  return finish(address, decision, evidence);
}

interface Decision {
  readonly by: Evidence['step'];
  readonly verdict: Verdict;
}

const UNKNOWN: Verdict = { standing: 'unknown' };

/** Steps that are taken also where an earlier one has decided: what they have to say stands in the evidence. */
const LADDER: readonly Step[] = [
  { name: 'special-purpose', take: bySpecialPurpose },
  ...EDGE_STEPS,
  { name: 'cloud-range', take: byCloudRange },
  { name: 'host-name', take: noteHostRegion },
  { name: 'database', take: noteAnswers },
];

/**
 * Each database that was asked, in its order, whoever decides in the end. What one that tells countries knows of the
 * network stands apart, so that its word on the country is nothing but that.
 */
function noteAnswers({ answers }: Subject): Rung {
  const evidence = answers.flatMap(({ database, evidence, ownership }): readonly Evidence[] => {
    if (ownership === undefined || !database.tellsCountry) return [evidence];
    return [evidence, { ...evidence, step: 'network', said: ownership }];
  });
  return { evidence };
}

function finish(address: Address, decision: Decision | undefined, evidence: readonly Evidence[]): Climbed {
  const proof = { address: address.text, evidence, ...(decision && { decidedBy: decision.by }) };
  const { verdict } = decision ?? { verdict: UNKNOWN };
  if (verdict.standing !== 'edge') return { location: { ...verdict, ...proof } };
  return { location: { standing: 'edge', ...proof }, ...(verdict.network && { edge: verdict.network }) };
}
