import { NOTHING, type Rung } from './rung.ts';
import type { Subject } from './subject.ts';

/** Tells what the name says. It is a claim of the client's, so it counts as one voice among the databases, not above. */
export function noteHostRegion({ hostRegion }: Subject): Rung {
  if (hostRegion?.kind !== 'region') return NOTHING;
  const { provider, region, country } = hostRegion;
  return { evidence: [{ step: 'host-name', source: provider, said: `${country}: ${region}` }] };
}
