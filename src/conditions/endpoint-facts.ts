import type { WatchedDomain } from '../geo/watch/look.ts';
import type { EndpointSighting } from '../geo/watch/sighting.ts';
import type { EndpointFacts } from './facts.ts';

/** The watched domains before anything was looked up. */
export function unseenEndpoints(domains: readonly WatchedDomain[]): readonly EndpointFacts[] {
  return domains.map(({ vendor: { id, name }, domain }) => ({ vendor: { id, name }, domain }));
}

/** What is known of them after a round: a domain that told no address this time is what it was before. */
export function endpointsAfter(
  before: readonly EndpointFacts[],
  sightings: readonly EndpointSighting[],
  atMs: number,
): readonly EndpointFacts[] {
  return before.map((endpoint) => {
    const seen = sightings.filter((it) => it.vendor === endpoint.vendor.id && it.domain === endpoint.domain);
    if (seen.length === 0) return endpoint;
    const outside = seen
      .filter(({ verdict }) => verdict === 'outside' || verdict === 'concern')
      .map(({ address, place, verdict }) => ({ address, place, isConcern: verdict === 'concern' }));
    return { ...endpoint, look: { atMs, outside } };
  });
}
