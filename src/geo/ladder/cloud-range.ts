import { NOTHING, type Rung } from './rung.ts';
import type { Subject } from './subject.ts';

/**
 * A provider knows where its own networks are: better than any database, and also where it names a region that is not
 * known here, which then is nowhere rather than where a database guesses.
 */
export function byCloudRange({ cloud }: Subject): Rung {
  if (cloud === undefined) return NOTHING;
  const { place, evidence } = cloud;
  switch (place.kind) {
    case 'country':
      return { evidence: [evidence], verdict: { standing: 'certain', country: place.country } };
    case 'untold':
      return { evidence: [evidence], verdict: { standing: 'unknown' } };
    case 'edge':
      return { evidence: [evidence] };
    default:
      return place satisfies never;
  }
}
