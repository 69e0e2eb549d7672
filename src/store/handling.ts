import type { Database } from 'better-sqlite3';
import type { Disposition } from '../alerts/disposition.ts';
import type { HandlingAct } from '../alerts/handling.ts';

/** An act that the ledger does not hold yet. */
export interface WaitingAct {
  /** Order in which they were done. */
  readonly seq: number;
  readonly act: HandlingAct;
}

/** An act and the ledger record that holds it, which is absent while it waits for the agent. */
export interface KeptAct {
  readonly act: HandlingAct;
  readonly ledgerSeq?: number;
}

/** An act that the ledger took in. */
export interface TakenAct {
  readonly seq: number;
  readonly ledgerSeq: number;
}

interface ActRow {
  seq: number;
  alert_id: string;
  kind: HandlingAct['kind'];
  disposition: Disposition | null;
  reason: string | null;
  done_by: string;
  account: string;
  done_at: number;
  ledger_seq: number | null;
}

/** What people did about alerts: a queue for the agent until it stands in the ledger, and the record of it after that. */
export function createHandlingTable(db: Database): void {
  db.exec(`
    CREATE TABLE alert_handling (
      seq         INTEGER PRIMARY KEY AUTOINCREMENT,
      alert_id    TEXT NOT NULL REFERENCES alerts (id),
      kind        TEXT NOT NULL,
      disposition TEXT,
      reason      TEXT,
      done_by     TEXT NOT NULL,
      account     TEXT NOT NULL,
      done_at     INTEGER NOT NULL,
      ledger_seq  INTEGER REFERENCES ledger (seq)
    ) STRICT;
    CREATE INDEX alert_handling_waiting ON alert_handling (seq) WHERE ledger_seq IS NULL;
    CREATE INDEX alert_handling_by_alert ON alert_handling (alert_id, seq);
  `);
}

/** The columns of this table that hold the time of a clock. */
export const HANDLING_CLOCK_COLUMNS: Readonly<Record<string, readonly string[]>> = { alert_handling: ['done_at'] };

export function handlingTable(db: Database) {
  const add = db.prepare<Omit<ActRow, 'seq' | 'ledger_seq'>>(`
    INSERT INTO alert_handling (alert_id, kind, disposition, reason, done_by, account, done_at)
    VALUES (@alert_id, @kind, @disposition, @reason, @done_by, @account, @done_at)`);
  const waiting = db.prepare<[], ActRow>('SELECT * FROM alert_handling WHERE ledger_seq IS NULL ORDER BY seq');
  const take = db.prepare<TakenAct>('UPDATE alert_handling SET ledger_seq = @ledgerSeq WHERE seq = @seq');
  const ofAlert = db.prepare<[string], ActRow>('SELECT * FROM alert_handling WHERE alert_id = ? ORDER BY seq');
  return {
    add: (act: HandlingAct): void => {
      add.run(toRow(act));
    },
    waiting: (): readonly WaitingAct[] => waiting.all().map((row) => ({ seq: row.seq, act: toAct(row) })),
    take: (taken: TakenAct): void => {
      take.run(taken);
    },
    ofAlert: (alertId: string): readonly KeptAct[] =>
      ofAlert.all(alertId).map((row) => ({
        act: toAct(row),
        ...(row.ledger_seq !== null && { ledgerSeq: row.ledger_seq }),
      })),
  };
}

function toRow(act: HandlingAct): Omit<ActRow, 'seq' | 'ledger_seq'> {
  return {
    alert_id: act.alertId,
    kind: act.kind,
    disposition: act.kind === 'closed' ? act.disposition : null,
    reason: act.reason ?? null,
    done_by: act.by,
    account: act.account,
    done_at: act.atMs,
  };
}

function toAct({ alert_id, kind, disposition, reason, done_by, account, done_at }: ActRow): HandlingAct {
  const common = { alertId: alert_id, by: done_by, account, atMs: done_at };
  if (kind === 'acknowledged') return { ...common, kind, ...(reason !== null && { reason }) };
  return { ...common, kind, disposition: disposition ?? 'undetermined', reason: reason ?? '' };
}
