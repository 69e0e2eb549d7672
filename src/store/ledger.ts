import type { Database } from 'better-sqlite3';
import type { LedgerEntry, LedgerHead, LedgerRecord } from '../evidence/ledger.ts';
import type { KeptEntry } from '../evidence/verify.ts';
import type { Finding } from '../rules/finding.ts';

interface EntryRow {
  seq: number;
  hash: string;
  record: string;
}

/** The hash chain. Rows are only ever added. */
export function ledgerTable(db: Database) {
  const add = db.prepare<[number, string, string, string, number]>(
    'INSERT INTO ledger (seq, kind, record, hash, recorded_at) VALUES (?, ?, ?, ?, ?)',
  );
  const head = db.prepare<[], LedgerHead>('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1');
  const configuration = db
    .prepare<[], string>("SELECT record FROM ledger WHERE kind = 'configuration' ORDER BY seq DESC LIMIT 1")
    .pluck();
  const kept = db.prepare<[], EntryRow & { body: string | null }>(`
    SELECT ledger.seq, ledger.hash, ledger.record, findings.body
    FROM ledger LEFT JOIN findings ON findings.ledger_seq = ledger.seq ORDER BY ledger.seq`);
  const anchors = db.prepare<[], LedgerHead>(
    "SELECT DISTINCT native ->> '$.ledger.seq' AS seq, native ->> '$.ledger.hash' AS hash FROM alerts",
  );
  return {
    add: ({ seq, hash, record }: LedgerEntry, nowMs: number): void => {
      add.run(seq, record.kind, JSON.stringify(record), hash, nowMs);
    },
    head: (): LedgerHead | undefined => head.get(),
    lastConfiguration: (): LedgerRecord | undefined => {
      const record = configuration.get();
      return record === undefined ? undefined : (JSON.parse(record) as LedgerRecord);
    },
    /** Every entry with its finding, in order, read as they are asked for. */
    *kept(): Generator<KeptEntry> {
      for (const { seq, hash, record, body } of kept.iterate()) {
        const entry = { seq, hash, record: JSON.parse(record) as LedgerRecord };
        yield { entry, ...(body !== null && { finding: JSON.parse(body) as Finding }) };
      }
    },
    /** The places in the chain that alerts were issued with. */
    anchors: (): readonly LedgerHead[] => anchors.all(),
  };
}
