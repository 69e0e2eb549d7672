import type { Database } from 'better-sqlite3';
import type { Joining } from '../alerts/grouping.ts';
import type { Finding } from '../rules/finding.ts';

/** Every finding, whole. */
export function findingsTable(db: Database) {
  const add = db.prepare<[string, string, number, string, string, string, string | null, number, string]>(`
    INSERT INTO findings (id, alert_id, ledger_seq, rule, severity, source, vendor, time_ms, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const isKnown = db.prepare<[string], number>('SELECT 1 FROM findings WHERE id = ?').pluck();
  const ofAlert = db
    .prepare<[string], string>('SELECT body FROM findings WHERE alert_id = ? ORDER BY ledger_seq')
    .pluck();
  const all = db.prepare<[], string>('SELECT body FROM findings ORDER BY ledger_seq').pluck();
  return {
    add: ({ finding, alertId, ledger }: Joining): void => {
      const { id, rule, severity, source, vendor, timeMs } = finding;
      add.run(id, alertId, ledger.seq, rule, severity, source, vendor?.id ?? null, timeMs, JSON.stringify(finding));
    },
    /** Those that are not stored, each id once, in order. */
    unseen: (findings: readonly Finding[]): readonly Finding[] => {
      const ids = new Set<string>();
      return findings.filter(({ id }) => {
        if (ids.has(id) || isKnown.get(id) !== undefined) return false;
        ids.add(id);
        return true;
      });
    },
    ofAlert: (alertId: string): readonly Finding[] => ofAlert.all(alertId).map((body) => JSON.parse(body) as Finding),
    /** In the order in which they were made; read as they are asked for. */
    *all(): Iterable<Finding> {
      for (const body of all.iterate()) yield JSON.parse(body) as Finding;
    },
  };
}
