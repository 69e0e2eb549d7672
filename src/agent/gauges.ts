import type { Alert } from '../alerts/alert.ts';
import type { SourceFacts } from '../conditions/facts.ts';
import type { OutboxDepth } from '../store/queries.ts';
import type { GaugeKey, LabelName } from './metrics-table.ts';
import type { Readiness } from './readiness.ts';

/** How the agent stands at a moment. */
export interface Standing {
  /** ms since the epoch, by our clock. */
  readonly nowMs: number;
  readonly version: string;
  readonly readiness: Readiness;
  readonly sources: readonly Pick<SourceFacts, 'name' | 'quietMs' | 'hasSpoken'>[];
  readonly sinks: readonly string[];
  /** Those that are open. */
  readonly alerts: readonly Pick<Alert, 'rule' | 'severity'>[];
  /** Those about the watch itself that are open. */
  readonly conditions: readonly (Pick<Alert, 'rule' | 'severity'> & { readonly source?: string })[];
  /** `undefined`: the store cannot tell. A sink that is not in it has nothing waiting. */
  readonly outbox: readonly OutboxDepth[] | undefined;
  readonly geoFiles: readonly { readonly name: string; readonly builtMs?: number }[];
}

export interface Sample {
  readonly labels: Readonly<Partial<Record<LabelName, string>>>;
  readonly value: number;
}

/** What the gauges show of it. Times in seconds, as Prometheus has them. */
export function gaugesOf(standing: Standing): Readonly<Record<Exclude<GaugeKey, 'sinkFailing'>, readonly Sample[]>> {
  const { nowMs, version, readiness, sources, sinks, alerts, conditions, outbox, geoFiles } = standing;
  const depths = new Map(outbox?.map((it) => [it.sink, it]));
  const known = outbox === undefined ? [] : sinks;
  return {
    ready: [{ labels: {}, value: readiness.kind === 'ready' ? 1 : 0 }],
    buildInfo: [{ labels: { version }, value: 1 }],
    lastLineAge: sources.flatMap(({ name, quietMs, hasSpoken }) =>
      hasSpoken ? [{ labels: { source: name }, value: quietMs / 1_000 }] : [],
    ),
    openAlerts: countBy(alerts.map(({ rule, severity }) => ({ rule, severity }))),
    openConditions: countBy(
      conditions.map(({ rule, severity, source }) => ({ rule, severity, ...(source !== undefined && { source }) })),
    ),
    waiting: known.map((sink) => ({ labels: { sink }, value: depths.get(sink)?.waiting ?? 0 })),
    oldestAge: known.map((sink) => ({ labels: { sink }, value: ageSeconds(depths.get(sink), nowMs) })),
    databaseBuilt: geoFiles.flatMap(({ name, builtMs }) =>
      builtMs === undefined ? [] : [{ labels: { database: name }, value: builtMs / 1_000 }],
    ),
  };
}

/** A clock that was set back makes nothing younger than now. */
function ageSeconds(depth: OutboxDepth | undefined, nowMs: number): number {
  return depth === undefined ? 0 : Math.max(0, nowMs - depth.oldestMs) / 1_000;
}

/** One sample for all that have the same labels. */
function countBy(all: readonly Sample['labels'][]): readonly Sample[] {
  const counted = new Map<string, Sample>();
  for (const labels of all) {
    const key = JSON.stringify(labels);
    counted.set(key, { labels, value: (counted.get(key)?.value ?? 0) + 1 });
  }
  return [...counted.values()];
}
