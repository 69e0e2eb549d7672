import type { Evidence } from '../location.ts';
import { NOTHING, type Rung, type Step } from './rung.ts';
import type { Subject } from './subject.ts';

/**
 * An address that is in many places, or that hides who is behind it: its country, if a database names one, is that of an
 * edge or an office. What a provider's current file lists outranks the table that came with the program.
 */
export const EDGE_STEPS: readonly Step[] = [
  { name: 'edge', take: byPublishedEdge },
  { name: 'cloud-range', take: byCloudEdge },
  { name: 'host-name', take: byHostOfEdge },
  { name: 'anycast', take: byAnycast },
  { name: 'edge', take: byHidingPlace },
];

function byPublishedEdge({ edge, cloud }: Subject): Rung {
  if (edge === undefined || (cloud !== undefined && cloud.isGeneral !== true)) return NOTHING;
  const { network, value } = edge;
  const said = `${WORDS[value.kind]} of ${value.operator}`;
  const evidence: Evidence = { step: 'edge', source: value.document, network: network.text, said };
  return { evidence: [evidence], verdict: { standing: 'edge', network } };
}

const WORDS = { 'content-network': 'content network', anycast: 'anycast address', relay: 'relay' } as const;

/** The range's evidence is given by the step that reads it for its country. */
function byCloudEdge({ cloud }: Subject): Rung {
  if (cloud?.place.kind !== 'edge') return NOTHING;
  return { evidence: [], verdict: { standing: 'edge', network: cloud.network } };
}

/** An address that its provider places is not hidden by a name, which is no more than a claim. */
function byHostOfEdge({ hostRegion, cloud }: Subject): Rung {
  if (hostRegion?.kind !== 'edge') return NOTHING;
  const { provider, service } = hostRegion;
  const evidence: readonly Evidence[] = [
    { step: 'host-name', source: provider, said: `a name of ${service}, which is in many places` },
  ];
  return cloud?.place.kind === 'country' ? { evidence } : { evidence, verdict: { standing: 'edge' } };
}

function byAnycast({ answers }: Subject): Rung {
  const told = answers.filter(({ anycast }) => anycast);
  const [first] = told;
  if (first === undefined) return NOTHING;
  const evidence = told.map(({ database }): Evidence => ({ step: 'anycast', source: database.name, said: 'anycast' }));
  return { evidence, verdict: { standing: 'edge', ...(first.network && { network: first.network }) } };
}

function byHidingPlace({ answers }: Subject): Rung {
  const told = answers.find(({ hides }) => hides !== undefined);
  if (told === undefined) return NOTHING;
  const said = `${told.hides}, behind which anybody can be`;
  const evidence: Evidence = { step: 'edge', source: told.database.name, said };
  return { evidence: [evidence], verdict: { standing: 'edge', ...(told.network && { network: told.network }) } };
}
