import type { KeptAct } from '../store/handling.ts';
import type { Delivery } from '../store/queries.ts';

/** When what happened to an alert, ISO 8601 UTC, by the clock of this machine. A period in an agreement may count from any of them. */
export interface AlertTimes {
  readonly created: string;
  /** By sink: when it first had a notice of it, as far as it can say so. A sink that had none is absent. */
  readonly delivered: Readonly<Record<string, string>>;
  /** The first time. */
  readonly acknowledged?: string;
  /** The last disposition. */
  readonly closed?: string;
}

export function timesOf(createdMs: number, deliveries: readonly Delivery[], handling: readonly KeptAct[]): AlertTimes {
  const delivered = new Map<string, number>();
  for (const { sink, outcome, settledMs } of deliveries) {
    if (outcome !== 'delivered' || settledMs === undefined) continue;
    delivered.set(sink, Math.min(settledMs, delivered.get(sink) ?? settledMs));
  }
  const acknowledged = handling.find(({ act }) => act.kind === 'acknowledged');
  const closed = handling.findLast(({ act }) => act.kind === 'closed');
  return {
    created: iso(createdMs),
    delivered: Object.fromEntries([...delivered].map(([sink, ms]) => [sink, iso(ms)])),
    ...(acknowledged !== undefined && { acknowledged: iso(acknowledged.act.atMs) }),
    ...(closed !== undefined && { closed: iso(closed.act.atMs) }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
