import type { Database } from 'better-sqlite3';
import type { Alert } from '../alerts/alert.ts';
import type { DeadLetter, OutboxItem } from '../sinks/queue.ts';
import { openBeside } from './database.ts';
import { severityRankIn } from './severity-rank.ts';

interface DeadLetterRow {
  event_id: string;
  sink: string;
  payload: string;
  because: string;
  created_at: number;
  refused_at: number;
}

/** What one sink refused and nobody has seen to. Times are ms since the epoch, by our clock. */
export interface Refused {
  readonly sink: string;
  readonly count: number;
  readonly sinceMs: number;
  readonly lastMs: number;
  /** Of one of the latest. */
  readonly because: string;
}

type Which = Pick<DeadLetter, 'eventId' | 'sink'>;

/** Notices that their destinations will never take. They wait here until an operator decides. */
export function deadLettersTable(db: Database) {
  const add = db.prepare<[string, number, number]>(`
    INSERT INTO dead_letters (event_id, sink, alert_id, payload, because, created_at, refused_at)
    SELECT event_id, sink, alert_id, payload, ?, created_at, ? FROM outbox WHERE seq = ?`);
  const all = db.prepare<[], DeadLetterRow>(`
    SELECT event_id, sink, payload, because, created_at, refused_at FROM dead_letters ORDER BY refused_at, event_id, sink`);
  // Of the row that max() chose, as SQLite promises ("Bare columns in an aggregate query").
  const bySink = db.prepare<[], Refused>(`
    SELECT sink, count(*) AS count, min(refused_at) AS sinceMs, max(refused_at) AS lastMs, because
    FROM dead_letters GROUP BY sink`);
  const requeue = db.prepare<[string, string]>(`
    INSERT INTO outbox (event_id, sink, alert_id, payload, severity_rank, attempts, next_attempt_at, created_at)
    SELECT event_id, sink, alert_id, payload, ${severityRankIn('payload')}, 0, 0, created_at
    FROM dead_letters WHERE event_id = ? AND sink = ?`);
  const record = db.prepare<[number, string, string]>(`
    INSERT INTO deliveries (event_id, sink, alert_id, outcome, because, created_at, settled_at)
    SELECT event_id, sink, alert_id, 'refused', because, created_at, ? FROM dead_letters WHERE event_id = ? AND sink = ?`);
  const remove = db.prepare<[string, string]>('DELETE FROM dead_letters WHERE event_id = ? AND sink = ?');
  return {
    /** Of an entry that still stands in the outbox. */
    add: ({ seq }: Pick<OutboxItem, 'seq'>, because: string, nowMs: number): void => {
      add.run(because, nowMs, seq);
    },
    all: (): readonly DeadLetter[] => all.all().map(toDeadLetter),
    bySink: (): readonly Refused[] => bySink.all(),
    /** Behind whatever waits already. */
    requeue: ({ eventId, sink }: Which): void => {
      requeue.run(eventId, sink);
      remove.run(eventId, sink);
    },
    /** That it was refused, and why, is kept for good. */
    drop: ({ eventId, sink }: Which, nowMs: number): void => {
      record.run(nowMs, eventId, sink);
      remove.run(eventId, sink);
    },
  };
}

/** The dead letters of a state, to be changed beside a running daemon or without one. */
export interface DeadLetters {
  all(): readonly DeadLetter[];
  /** All of these, in one transaction: sent again by the daemon, behind whatever waits already. */
  retry(which: readonly Which[]): void;
  /** All of these, in one transaction. */
  drop(which: readonly Which[], nowMs: number): void;
  close(): void;
}

/** @throws OperatorError `state.unreadable`, `state.from-newer-version` */
export function openDeadLetters(directory: string): DeadLetters {
  const db = openBeside(directory);
  const table = deadLettersTable(db);
  const retry = db.transaction((which: readonly Which[]) => which.forEach(table.requeue));
  const drop = db.transaction((which: readonly Which[], nowMs: number) => {
    for (const it of which) table.drop(it, nowMs);
  });
  return {
    all: table.all,
    retry: (which) => retry.immediate(which),
    drop: (which, nowMs) => drop.immediate(which, nowMs),
    close: () => db.close(),
  };
}

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  return {
    eventId: row.event_id,
    sink: row.sink,
    alert: JSON.parse(row.payload) as Alert,
    because: row.because,
    createdMs: row.created_at,
    refusedMs: row.refused_at,
  };
}
