import type { Problem } from '../errors/problem.ts';
import { listenAddress } from '../sources/describe.ts';
import { lineOf, type Placed, problemAt } from './mistake.ts';
import type { Sections } from './sections.ts';

/** What only one source can have: a port, and standard input. */
export function checkListeners({ sources }: Sections): readonly Problem[] {
  const owners = new Map<string, Placed<unknown>>();
  return sources.flatMap((source) => {
    const wanted = wantedBy(source.value);
    if (wanted === undefined) return [];
    const { key, below, what, todo } = wanted;
    const owner = owners.get(key);
    if (owner === undefined) {
      owners.set(key, source);
      return [];
    }
    return [problemAt(source, below, 'config.clash', `${what}; the other is at ${lineOf(owner, below)}`, todo)];
  });
}

interface Wanted {
  /** The same for two sources that cannot both have it. */
  readonly key: string;
  readonly below: readonly string[];
  readonly what: string;
  readonly todo: string;
}

function wantedBy(source: Sections['sources'][number]['value']): Wanted | undefined {
  if (source.type === 'stdin')
    return { key: 'stdin', below: ['type'], what: 'Two sources read standard input', todo: 'read it once' };
  if (source.type !== 'syslog') return undefined;
  const { protocol, address, port } = source.listen;
  // TLS is spoken over TCP.
  const transport = protocol === 'udp' ? 'udp' : 'tcp';
  return {
    key: `${transport} ${address} ${port}`,
    below: ['listen', 'port'],
    what: `Two sources listen at ${listenAddress(source.listen)}`,
    todo: 'give one of them another port',
  };
}
