import type { Resolution, Resolve } from '../names/resolution.ts';
import { type EndpointMoved, judgeEndpoint, type Terms, type WatchedDomain } from './look.ts';
import type { EndpointSighting, RememberedSighting } from './sighting.ts';

/** One look at all domains. */
export interface WatchRound {
  readonly sightings: readonly EndpointSighting[];
  readonly moved: readonly EndpointMoved[];
  /** Domains that nothing could be found out about. A wildcard's parent need not have an address. */
  readonly silent: readonly { readonly domain: string; readonly vendor: string; readonly because: string }[];
}

const AT_ONCE = 4;

/**
 * Looks every name up once, a few at a time, and judges what it answers.
 *
 * @param onAnswer hears of each answer, to keep it for lines without an address.
 */
export async function lookRound(
  domains: readonly WatchedDomain[],
  remembered: readonly RememberedSighting[],
  terms: Terms,
  resolve: Resolve,
  signal: AbortSignal,
  onAnswer: (name: string, resolution: Resolution) => void = () => {},
): Promise<WatchRound> {
  const names = [...new Set(domains.map(({ name }) => name))];
  const answers = new Map<string, Resolution>();
  const turns = names.values();
  // Workers that share one iterator: each name is taken once.
  const work = async (): Promise<void> => {
    for (const name of turns) {
      signal.throwIfAborted();
      const resolution = await resolve(name);
      answers.set(name, resolution);
      onAnswer(name, resolution);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  signal.throwIfAborted();

  const looks = domains.flatMap((watched) => {
    const resolution = answers.get(watched.name);
    return resolution === undefined ? [] : [{ watched, resolution }];
  });
  const judged = looks.map(({ watched, resolution }) => judgeEndpoint(watched, resolution, remembered, terms));
  return {
    sightings: judged.flatMap(({ sightings }) => sightings),
    moved: judged.flatMap(({ moved }) => moved),
    silent: looks.flatMap(({ watched: { domain, vendor }, resolution }) => {
      const because = whySilent(domain, resolution);
      return because === undefined ? [] : [{ domain, vendor: vendor.id, because }];
    }),
  };
}

function whySilent(domain: string, resolution: Resolution): string | undefined {
  if (resolution.kind === 'failed') return resolution.because;
  return resolution.kind === 'none' && !domain.startsWith('*.') ? 'the name has no address' : undefined;
}
