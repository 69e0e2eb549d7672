import type { Database } from 'better-sqlite3';
import type { Alert, EgressAlert } from '../alerts/alert.ts';
import type { TrackedAlert, TrackedCondition, TrackedEgress, TrackedOther } from '../alerts/book.ts';
import type { Told, ToldOfFindings } from '../alerts/notice.ts';

interface AlertRow {
  id: string;
  dedupe_key: string;
  rule: string;
  severity: string;
  state: string;
  vendor: string | null;
  first_seen_ms: number;
  last_seen_ms: number;
  ledger_seq: number;
  native: string;
  told_count: number;
  told_severity: ToldOfFindings['severity'];
  /** Null for a condition, which claims nothing about a transfer. */
  told_claim: ToldOfFindings['claim'] | null;
  told_at: number;
  touched_at: number;
  created_at: number;
}

/** Alerts in their native form, with what was told of them. */
export function alertsTable(db: Database) {
  const save = db.prepare<AlertRow>(`
    INSERT INTO alerts (id, dedupe_key, rule, severity, state, vendor, first_seen_ms, last_seen_ms, ledger_seq, native,
      told_count, told_severity, told_claim, told_at, touched_at, created_at)
    VALUES (@id, @dedupe_key, @rule, @severity, @state, @vendor, @first_seen_ms, @last_seen_ms, @ledger_seq, @native,
      @told_count, @told_severity, @told_claim, @told_at, @touched_at, @created_at)
    ON CONFLICT (id) DO UPDATE SET
      severity = excluded.severity, state = excluded.state, vendor = excluded.vendor,
      first_seen_ms = excluded.first_seen_ms, last_seen_ms = excluded.last_seen_ms, ledger_seq = excluded.ledger_seq,
      native = excluded.native, told_count = excluded.told_count, told_severity = excluded.told_severity,
      told_claim = excluded.told_claim, told_at = excluded.told_at, touched_at = excluded.touched_at`);
  const open = db.prepare<[], AlertRow>("SELECT * FROM alerts WHERE state <> 'closed' ORDER BY ledger_seq");
  const byId = db.prepare<[string], AlertRow>('SELECT * FROM alerts WHERE id = ?');
  return {
    save: (tracked: TrackedAlert): void => {
      save.run(toRow(tracked));
    },
    /** Open or closed. */
    find: (id: string): TrackedAlert | undefined => {
      const row = byId.get(id);
      if (row === undefined) return undefined;
      const alert = JSON.parse(row.native) as Alert;
      return alert.kind === 'egress' ? toEgress(row, alert) : toOther(row, alert);
    },
    open: (): { readonly findings: readonly TrackedEgress[]; readonly conditions: readonly TrackedCondition[] } => {
      const rows = open.all().map((row) => ({ row, alert: JSON.parse(row.native) as Alert }));
      return {
        findings: rows.flatMap(({ row, alert }) => (alert.kind === 'egress' ? toEgress(row, alert) : [])),
        conditions: rows.flatMap(({ row, alert }) => (alert.kind === 'condition' ? toOther(row, alert) : [])),
      };
    },
  };
}

function toRow({ alert, told, openedMs, touchedMs }: TrackedAlert): AlertRow {
  return {
    id: alert.id,
    dedupe_key: alert.dedupeKey,
    rule: alert.rule,
    severity: alert.severity,
    state: alert.state,
    vendor: alert.vendor?.id ?? null,
    first_seen_ms: Date.parse(alert.firstSeen),
    last_seen_ms: Date.parse(alert.lastSeen),
    ledger_seq: alert.ledger.seq,
    native: JSON.stringify(alert),
    told_count: told.count,
    told_severity: told.severity,
    told_claim: 'claim' in told ? told.claim : null,
    told_at: told.atMs,
    touched_at: touchedMs,
    created_at: openedMs,
  };
}

function toEgress(row: AlertRow, alert: EgressAlert): TrackedEgress {
  // Never null in a row of this kind; what it would mean is that nothing was told.
  const told = { ...toldOf(row), claim: row.told_claim ?? ('indicator' as const) };
  return { alert, told, openedMs: row.created_at, touchedMs: row.touched_at };
}

function toOther<T extends TrackedOther['alert']>(row: AlertRow, alert: T): TrackedOther & { readonly alert: T } {
  return { alert, told: toldOf(row), openedMs: row.created_at, touchedMs: row.touched_at };
}

function toldOf(row: AlertRow): Told {
  return { count: row.told_count, severity: row.told_severity, atMs: row.told_at };
}
