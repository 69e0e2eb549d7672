import type { Database } from 'better-sqlite3';
import type { Alert, AlertState } from '../alerts/alert.ts';
import type { Gap } from '../coverage/gap.ts';
import type { Span } from '../coverage/source-coverage.ts';
import type { LedgerHead } from '../evidence/ledger.ts';
import type { KeptEntry } from '../evidence/verify.ts';
import type { RememberedSighting } from '../geo/watch/sighting.ts';
import type { Finding } from '../rules/finding.ts';
import type { Severity } from '../rules/severity.ts';
import type { SourceCounts, UnreadableSample } from './batch.ts';
import { coverageTable } from './coverage.ts';
import { findingsTable } from './findings.ts';
import { type GeoEdition, geoEditionsTable, sightingsTable } from './geo.ts';
import { handlingTable, type KeptAct } from './handling.ts';
import { ledgerTable } from './ledger.ts';
import { countsTable, samplesTable } from './sources.ts';

/** Absent: whatever it is. */
export interface AlertFilter {
  readonly states?: readonly AlertState[];
  readonly severities?: readonly Severity[];
  /** A vendor's id. */
  readonly vendor?: string;
  /** Last seen at this time (ms since the epoch) or later. */
  readonly sinceMs?: number;
}

export type FoundAlert =
  /** `createdMs`: when it was made, ms since the epoch, by our clock. */
  | { readonly kind: 'found'; readonly alert: Alert; readonly createdMs: number }
  | { readonly kind: 'none' }
  /** The first few ids that begin so. */
  | { readonly kind: 'several'; readonly ids: readonly string[] };

/** One notice of an alert and one sink. Times are ms since the epoch, by our clock. */
export interface Delivery {
  readonly eventId: string;
  readonly sink: string;
  /** `dropped`: by us, because the outbox was full. */
  readonly outcome: 'waiting' | 'delivered' | 'refused' | 'dropped';
  readonly because?: string;
  readonly createdMs: number;
  /** When it was delivered, refused or dropped. */
  readonly settledMs?: number;
}

/** What waits for one sink. */
export interface OutboxDepth {
  readonly sink: string;
  /** At least 1. */
  readonly waiting: number;
  /** When the first of them was made; ms since the epoch, by our clock. */
  readonly oldestMs: number;
}

/** Absent: of any source, from the first, until now. */
export interface CoverageFilter {
  readonly source?: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
}

export interface CoverageRows {
  readonly spans: readonly Span[];
  readonly gaps: readonly Gap[];
}

export interface StatusCounts {
  readonly alerts: Readonly<Record<AlertState, number>>;
  readonly findings: number;
  readonly sources: readonly SourceCounts[];
  readonly samples: readonly UnreadableSample[];
  /** By sink; `refused` are alerts that a destination would never take, `dropped` those that did not fit into the outbox. */
  readonly sinks: readonly {
    readonly sink: string;
    readonly waiting: number;
    readonly delivered: number;
    readonly refused: number;
    readonly dropped: number;
  }[];
}

/** What the command line and the metrics ask. Nothing here writes. */
export interface Queries {
  /** The latest seen first. */
  listAlerts(filter: AlertFilter): readonly Alert[];
  /** By its id, or by a beginning of it that no other alert shares. */
  findAlert(idOrPrefix: string): FoundAlert;
  /** In the order in which they joined. */
  findingsOf(alertId: string): readonly Finding[];
  /** In the order in which they were made; read as they are asked for. */
  allFindings(): Iterable<Finding>;
  /** What verdicts have rested on, in the order of first use. */
  geoEditions(): readonly GeoEdition[];
  sightings(): readonly RememberedSighting[];
  deliveriesOf(alertId: string): readonly Delivery[];
  /** By sink; one for which nothing waits is not there. Quick, however much waits. */
  outboxDepths(): readonly OutboxDepth[];
  /** The sinks that have a notice. */
  deliveredTo(eventId: string): readonly string[];
  /** What people did about an alert, in order. */
  handlingOf(alertId: string): readonly KeptAct[];
  statusCounts(): StatusCounts;
  /** Spans and gaps that reach into a time (ms since the epoch), by source and beginning. */
  coverage(filter: CoverageFilter): CoverageRows;
  /** For `verifyLedger`. The entries are read as they are asked for. */
  ledger(): { readonly entries: Iterable<KeptEntry>; readonly anchors: readonly LedgerHead[] };
}

export function createQueries(db: Database): Queries {
  const findings = findingsTable(db);
  const editions = geoEditionsTable(db);
  const sightings = sightingsTable(db);
  const ledger = ledgerTable(db);
  const coverage = coverageTable(db);
  const counts = countsTable(db);
  const handling = handlingTable(db);
  const samples = samplesTable(db);

  // What the agent says of itself is shown by its id, and is neither listed nor counted.
  const isAlert = "rule NOT IN ('heartbeat', 'known-answer')";
  const list = db
    .prepare<Record<'states' | 'severities' | 'vendor' | 'sinceMs', string | number | null>, string>(`
      SELECT native FROM alerts
      WHERE ${isAlert} AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
        AND (@severities IS NULL OR severity IN (SELECT value FROM json_each(@severities)))
        AND (@vendor IS NULL OR vendor = @vendor)
        AND (@sinceMs IS NULL OR last_seen_ms >= @sinceMs)
      ORDER BY last_seen_ms DESC, id`)
    .pluck();
  // Half-open range of all texts that begin so; U+10FFFF sorts behind whatever an id holds.
  const byPrefix = db.prepare<{ prefix: string }, { id: string; native: string; created_at: number }>(
    'SELECT id, native, created_at FROM alerts WHERE id >= @prefix AND id < @prefix || char(1114111) ORDER BY id LIMIT 5',
  );
  const deliveries = db.prepare<{ alertId: string }, DeliveryRow>(`
    SELECT event_id, sink, 'waiting' AS outcome, NULL AS because, created_at, NULL AS settled_at
      FROM outbox WHERE alert_id = @alertId
    UNION ALL
    SELECT event_id, sink, 'refused', because, created_at, refused_at FROM dead_letters WHERE alert_id = @alertId
    UNION ALL
    SELECT event_id, sink, outcome, because, created_at, settled_at FROM deliveries WHERE alert_id = @alertId
    ORDER BY created_at, sink, event_id`);
  // Both counts come from the index; the payloads of thousands of notices are not touched.
  const depths = db.prepare<[], OutboxDepth>(`
    SELECT sink, waiting, (SELECT created_at FROM outbox WHERE seq = first) AS oldestMs
    FROM (SELECT sink, count(*) AS waiting, min(seq) AS first FROM outbox GROUP BY sink)`);
  const deliveredTo = db
    .prepare<[string], string>("SELECT sink FROM deliveries WHERE event_id = ? AND outcome = 'delivered'")
    .pluck();
  const byState = db.prepare<[], { state: AlertState; n: number }>(
    `SELECT state, count(*) AS n FROM alerts WHERE ${isAlert} GROUP BY state`,
  );
  const findingCount = db.prepare<[], number>('SELECT count(*) FROM findings').pluck();
  const bySink = db.prepare<[], StatusCounts['sinks'][number]>(`
    SELECT sink, sum(outcome = 'waiting') AS waiting, sum(outcome = 'delivered') AS delivered,
      sum(outcome = 'refused') AS refused, sum(outcome = 'dropped') AS dropped
    FROM (
      SELECT sink, 'waiting' AS outcome FROM outbox
      UNION ALL SELECT sink, 'refused' FROM dead_letters
      UNION ALL SELECT sink, outcome FROM deliveries
    )
    GROUP BY sink ORDER BY sink`);

  return {
    listAlerts: ({ states, severities, vendor, sinceMs }) =>
      list
        .all({
          states: states === undefined ? null : JSON.stringify(states),
          severities: severities === undefined ? null : JSON.stringify(severities),
          vendor: vendor ?? null,
          sinceMs: sinceMs ?? null,
        })
        .map((native) => JSON.parse(native) as Alert),
    findAlert: (prefix) => {
      const rows = byPrefix.all({ prefix });
      const [first] = rows;
      if (first === undefined) return { kind: 'none' };
      if (rows.length > 1 && first.id !== prefix) return { kind: 'several', ids: rows.map(({ id }) => id) };
      return { kind: 'found', alert: JSON.parse(first.native) as Alert, createdMs: first.created_at };
    },
    findingsOf: (alertId) => findings.ofAlert(alertId),
    allFindings: () => findings.all(),
    geoEditions: () => editions.all(),
    sightings: () => sightings.all(),
    deliveriesOf: (alertId) => deliveries.all({ alertId }).map(toDelivery),
    outboxDepths: () => depths.all(),
    deliveredTo: (eventId) => deliveredTo.all(eventId),
    handlingOf: (alertId) => handling.ofAlert(alertId),
    statusCounts: () => ({
      alerts: {
        open: 0,
        updated: 0,
        closed: 0,
        ...Object.fromEntries(byState.all().map(({ state, n }) => [state, n])),
      },
      findings: findingCount.get() ?? 0,
      sources: counts.all(),
      samples: samples.all(),
      sinks: bySink.all(),
    }),
    coverage: (filter) => coverage.within(filter),
    ledger: () => ({ entries: ledger.kept(), anchors: ledger.anchors() }),
  };
}

interface DeliveryRow {
  event_id: string;
  sink: string;
  outcome: Delivery['outcome'];
  because: string | null;
  created_at: number;
  settled_at: number | null;
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    eventId: row.event_id,
    sink: row.sink,
    outcome: row.outcome,
    ...(row.because !== null && { because: row.because }),
    createdMs: row.created_at,
    ...(row.settled_at !== null && { settledMs: row.settled_at }),
  };
}
