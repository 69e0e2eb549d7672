import type { SinkFacts } from '../conditions/facts.ts';
import type { SinkHealth } from '../sinks/health.ts';
import type { Refused } from '../store/dead-letters.ts';

/** What is known of each sink, for the conditions to be judged by. */
export function sinkFacts(health: readonly SinkHealth[], refusedBySink: readonly Refused[]): readonly SinkFacts[] {
  const refusals = new Map(refusedBySink.map(({ sink, ...refused }) => [sink, refused]));
  return health.map(({ sink: name, ...rest }) => {
    const refused = refusals.get(name);
    return { name, ...rest, ...(refused !== undefined && { refused }) };
  });
}
