import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AlertNotice } from '../alerts/notice.ts';
import type { Gap } from '../coverage/gap.ts';
import type { SinkEvent } from '../sinks/outbox.ts';
import type { CommitBatch, SourceCounts } from '../store/batch.ts';
import { gaugesOf, type Sample, type Standing } from './gauges.ts';
import { COUNTERS, type CounterKey, GAUGES, type GaugeKey, HISTOGRAMS } from './metrics-table.ts';

/** A batch of one source's lines that is stored. */
export interface StoredBatch {
  readonly counts: SourceCounts;
  readonly bytes: number;
  readonly durationMs: number;
  readonly stored: Pick<CommitBatch, 'alerts' | 'joinings'>;
}

/** What the agent counts, in the form of Prometheus. It is told of what happened, and looks at nothing by itself. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = each(COUNTERS, ({ name, help, labels }) => this.#with(Counter, name, help, labels));
  readonly #gauges = each(GAUGES, ({ name, help, labels }) => this.#with(Gauge, name, help, labels));
  readonly #batchDuration: Histogram;

  /** The counters of these sources and sinks are there from the start, so that their first step is seen. */
  constructor(sources: readonly string[], sinks: readonly string[]) {
    const { name, help, labels, buckets } = HISTOGRAMS.batchDuration;
    this.#batchDuration = new Histogram({
      name,
      help,
      labelNames: [...labels],
      buckets: [...buckets],
      registers: [this.#registry],
    });
    for (const source of sources) {
      this.#batchDuration.zero({ source });
      for (const key of LINE_COUNTERS) this.#add(key, { source }, 0);
    }
    for (const sink of sinks) {
      this.#add('delivered', { sink }, 0);
      this.#add('refused', { sink }, 0);
      this.#add('dropped', { sink }, 0);
      this.#gauges.sinkFailing.set({ sink }, 0);
    }
  }

  batchStored({ counts, bytes, durationMs, stored }: StoredBatch): void {
    const { source } = counts;
    for (const key of LINE_COUNTERS) this.#add(key, { source }, key === 'bytes' ? bytes : counts[key]);
    this.#batchDuration.observe({ source }, durationMs / 1_000);
    for (const { finding } of stored.joinings ?? []) {
      this.#add('findings', { rule: finding.rule, severity: finding.severity }, 1);
    }
    for (const { rule, severity } of openedIn(stored)) this.#add('opened', { rule, severity }, 1);
  }

  storeFailed(): void {
    this.#add('storeFailures', {}, 1);
  }

  /** Gaps that were not known before. */
  gapsNoted(gaps: readonly Pick<Gap, 'source' | 'kind'>[]): void {
    for (const { source, kind } of gaps) this.#add('gaps', { source, kind }, 1);
  }

  /** Notices of alerts about the watch itself. */
  conditionsTold(notices: readonly AlertNotice[]): void {
    for (const { kind, alert } of notices) {
      if (kind === 'opened') this.#add('opened', { rule: alert.rule, severity: alert.severity }, 1);
    }
  }

  sinkEvent(event: SinkEvent): void {
    const { sink } = event;
    switch (event.name) {
      case 'AlertsDelivered':
        this.#add('delivered', { sink }, event.alerts);
        return;
      case 'AlertsRefused':
        this.#add('refused', { sink }, event.alerts);
        return;
      case 'AlertsDropped':
        this.#add('dropped', { sink }, event.alerts);
        return;
      case 'SinkFailed':
      case 'SinkHeld':
        this.#gauges.sinkFailing.set({ sink }, 1);
        return;
      case 'SinkRecovered':
        this.#gauges.sinkFailing.set({ sink }, 0);
        return;
      default:
        event satisfies never;
    }
  }

  /** The text format of Prometheus, version 0.0.4. */
  async exposition(standing: Standing): Promise<{ readonly contentType: string; readonly text: string }> {
    for (const [key, samples] of Object.entries(gaugesOf(standing))) {
      const gauge = this.#gauges[key as GaugeKey];
      gauge.reset();
      for (const { labels, value } of samples) gauge.set({ ...labels }, value);
    }
    const all = Registry.merge([this.#registry, processRegistry()]);
    return { contentType: all.contentType, text: await all.metrics() };
  }

  #add(key: CounterKey, labels: Sample['labels'], by: number): void {
    this.#counters[key].inc({ ...labels }, by);
  }

  #with<M>(Kind: MetricClass<M>, name: string, help: string, labels: readonly string[]): M {
    return new Kind({ name, help, labelNames: [...labels], registers: [this.#registry] });
  }
}

type MetricClass<M> = new (configuration: {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
}) => M;

const LINE_COUNTERS = ['lines', 'bytes', 'parsed', 'skipped', 'unreadable', 'cut'] as const satisfies CounterKey[];

/** Alerts that began with these findings: every finding that they have is among them. */
function openedIn({ alerts = [], joinings = [] }: StoredBatch['stored']) {
  return alerts.flatMap(({ alert }) =>
    alert.count === joinings.filter(({ alertId }) => alertId === alert.id).length ? [alert] : [],
  );
}

function each<Row, Key extends string, M>(
  table: Readonly<Record<Key, Row>>,
  make: (row: Row) => M,
): Readonly<Record<Key, M>> {
  const made = Object.entries<Row>(table).map(([key, row]) => [key, make(row)]);
  return Object.fromEntries(made) as Record<Key, M>;
}

/** Between two looks at how late the event loop is (ms). prom-client's own 10 ms would wake an idle gateway all the time. */
const LOOP_LOOK_MS = 100;

let shared: Registry | undefined;

/** CPU, memory, descriptors and the like. One for the process, for its observers cannot be taken away again. */
function processRegistry(): Registry {
  if (shared === undefined) {
    shared = new Registry();
    collectDefaultMetrics({ register: shared, eventLoopMonitoringPrecision: LOOP_LOOK_MS });
  }
  return shared;
}
