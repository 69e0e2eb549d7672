import type { Evidence } from '../location.ts';
import type { Rung, Verdict } from './rung.ts';
import { NOTHING } from './rung.ts';
import type { Subject } from './subject.ts';

/** What the IANA registries set aside is nowhere, unless the operator has a database for a network in it. */
export function bySpecialPurpose({ special, answers }: Subject): Rung {
  if (special === undefined) return NOTHING;
  const { network, name, source, use } = special;
  const registry = `IANA ${network.family === 4 ? 'IPv4' : 'IPv6'} special-purpose registry`;
  const evidence: readonly Evidence[] = [
    { step: 'special-purpose', source: registry, network: network.text, said: `${name} (${source})` },
  ];
  if (use === 'internal' && answers.some(({ country }) => country !== undefined)) return { evidence };
  return { evidence, verdict: VERDICTS[use] };
}

const VERDICTS: Readonly<Record<'internal' | 'anycast' | 'untold', Verdict>> = {
  internal: { standing: 'internal' },
  anycast: { standing: 'edge' },
  untold: { standing: 'unknown' },
};
