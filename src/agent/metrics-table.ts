/** What one metric is. The names follow https://prometheus.io/docs/practices/naming/. */
interface MetricRow {
  readonly name: `phi_egress_${string}`;
  readonly help: string;
  readonly labels: readonly LabelName[];
}

/**
 * The only labels there are. Their values are names that the operator gave (sources, sinks), file names of databases, and
 * words of ours. Nothing of a log line, no vendor and no address is ever a label.
 */
export type LabelName = 'source' | 'sink' | 'rule' | 'severity' | 'kind' | 'database' | 'version';

/** They begin at 0 when the process starts, and when it reads its configuration again. */
export const COUNTERS = {
  lines: { name: 'phi_egress_source_lines_total', help: 'Lines read', labels: ['source'] },
  bytes: { name: 'phi_egress_source_bytes_total', help: 'Bytes of the lines read', labels: ['source'] },
  parsed: {
    name: 'phi_egress_source_lines_parsed_total',
    help: 'Lines read that gave a record',
    labels: ['source'],
  },
  skipped: {
    name: 'phi_egress_source_lines_skipped_total',
    help: 'Lines read that are of no interest in their format, as headers and other programs are',
    labels: ['source'],
  },
  unreadable: {
    name: 'phi_egress_source_lines_unreadable_total',
    help: 'Lines read that are not in the format of their source; they are not judged',
    labels: ['source'],
  },
  cut: {
    name: 'phi_egress_source_lines_cut_total',
    help: 'Lines longer than the limit, counted among the others too',
    labels: ['source'],
  },
  gaps: {
    name: 'phi_egress_source_gaps_total',
    help: 'Times in which something of the source was not seen, or may not have been',
    labels: ['source', 'kind'],
  },
  findings: {
    name: 'phi_egress_findings_total',
    help: 'Findings that were not known before',
    labels: ['rule', 'severity'],
  },
  opened: {
    name: 'phi_egress_alerts_opened_total',
    help: 'Alerts opened, those about the watch itself among them; severity is that of the first notice',
    labels: ['rule', 'severity'],
  },
  delivered: {
    name: 'phi_egress_sink_delivered_total',
    help: 'Notices of alerts that the sink has taken',
    labels: ['sink'],
  },
  refused: {
    name: 'phi_egress_sink_refused_total',
    help: 'Notices of alerts that the sink will never take',
    labels: ['sink'],
  },
  dropped: {
    name: 'phi_egress_sink_dropped_total',
    help: 'Notices of alerts that did not fit into agent.outbox',
    labels: ['sink'],
  },
  storeFailures: {
    name: 'phi_egress_store_failures_total',
    help: 'Batches that could not be stored, and were read again',
    labels: [],
  },
} as const satisfies Record<string, MetricRow>;

/** Read when somebody asks. What is not known is not there. */
export const GAUGES = {
  ready: {
    name: 'phi_egress_ready',
    help: '1: every source can be read and what is read can be stored, as /readyz says',
    labels: [],
  },
  buildInfo: { name: 'phi_egress_build_info', help: 'Always 1', labels: ['version'] },
  lastLineAge: {
    name: 'phi_egress_source_last_line_age_seconds',
    help: 'Time since a line was last read; not there before the first since the start',
    labels: ['source'],
  },
  openAlerts: {
    name: 'phi_egress_alerts_open',
    help: 'Alerts about data that are open',
    labels: ['rule', 'severity'],
  },
  openConditions: {
    name: 'phi_egress_conditions_open',
    help: 'Alerts about the watch itself that are open; source is not there where they are about something else',
    labels: ['rule', 'source', 'severity'],
  },
  waiting: { name: 'phi_egress_outbox_waiting', help: 'Notices on their way to the sink', labels: ['sink'] },
  oldestAge: {
    name: 'phi_egress_outbox_oldest_age_seconds',
    help: 'Age of the notice that has waited longest; 0 when none waits',
    labels: ['sink'],
  },
  sinkFailing: {
    name: 'phi_egress_sink_failing',
    help: '1: the last try to deliver failed; it is tried again, or waits for the configuration to be mended',
    labels: ['sink'],
  },
  databaseBuilt: {
    name: 'phi_egress_geo_database_build_timestamp_seconds',
    help: 'When the database or address range file was built, as it says itself',
    labels: ['database'],
  },
} as const satisfies Record<string, MetricRow>;

export const HISTOGRAMS = {
  batchDuration: {
    name: 'phi_egress_batch_duration_seconds',
    help: 'Time from lines in hand to what they gave stored on the disk',
    labels: ['source'],
    /** A few lines with their fsync take a millisecond or so; a full batch on a slow disk, seconds. */
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
} as const satisfies Record<string, MetricRow & { readonly buckets: readonly number[] }>;

export type CounterKey = keyof typeof COUNTERS;
export type GaugeKey = keyof typeof GAUGES;
