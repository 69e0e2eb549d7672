import type { Database } from 'better-sqlite3';
import type { Alert } from '../alerts/alert.ts';
import type { OutboxEntry, OutboxItem, OutboxQueue } from '../sinks/queue.ts';
import { deadLettersTable } from './dead-letters.ts';
import { CRITICAL_RANK, severityRankIn } from './severity-rank.ts';

interface ItemRow {
  seq: number;
  event_id: string;
  sink: string;
  payload: string;
  attempts: number;
  next_attempt_at: number;
}

/** Notices of one sink that were dropped. */
export interface Shed {
  readonly sink: string;
  readonly alerts: number;
}

/** Dropped at once where there are too many. */
const SHED_AT_ONCE = 100;

/** Notices on their way to the sinks, and the record of those that arrived. */
export function outboxTable(db: Database) {
  const add = db.prepare<{ event_id: string; sink: string; alert_id: string; payload: string; created_at: number }>(`
    INSERT INTO outbox (event_id, sink, alert_id, payload, severity_rank, attempts, next_attempt_at, created_at)
    VALUES (@event_id, @sink, @alert_id, @payload, ${severityRankIn('@payload')}, 0, 0, @created_at)`);
  const next = db.prepare<[string, number], ItemRow>(`
    SELECT seq, event_id, sink, payload, attempts, next_attempt_at FROM outbox WHERE sink = ? ORDER BY seq LIMIT ?`);
  const record = db.prepare<[Outcome, string | null, number, number]>(`
    INSERT INTO deliveries (event_id, sink, alert_id, outcome, because, created_at, settled_at)
    SELECT event_id, sink, alert_id, ?, ?, created_at, ? FROM outbox WHERE seq = ?`);
  const remove = db.prepare<[number]>('DELETE FROM outbox WHERE seq = ?');
  const postpone = db.prepare<[number, number]>(
    'UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ? WHERE seq = ?',
  );
  const bytes = db.prepare<[], number>('SELECT bytes FROM outbox_load').pluck();
  const leastSevere = db.prepare<[], { seq: number; sink: string }>(`
    SELECT seq, sink FROM outbox WHERE severity_rank < ${CRITICAL_RANK} ORDER BY severity_rank, seq LIMIT ${SHED_AT_ONCE}`);
  const deadLetters = deadLettersTable(db);

  const deliver = db.transaction((items: readonly OutboxItem[], nowMs: number) => {
    for (const { seq } of items) {
      record.run('delivered', null, nowMs, seq);
      remove.run(seq);
    }
  });
  const refuse = db.transaction((items: readonly OutboxItem[], because: string, nowMs: number) => {
    for (const item of items) {
      deadLetters.add(item, because, nowMs);
      remove.run(item.seq);
    }
  });
  const fail = db.transaction((items: readonly OutboxItem[], nextAttemptMs: number) => {
    for (const { seq } of items) postpone.run(nextAttemptMs, seq);
  });
  const shed = db.transaction((mostBytes: number, nowMs: number): readonly Shed[] => {
    const dropped = new Map<string, number>();
    while ((bytes.get() ?? 0) > mostBytes) {
      const rows = leastSevere.all();
      if (rows.length === 0) break;
      for (const { seq, sink } of rows) {
        if ((bytes.get() ?? 0) <= mostBytes) break;
        record.run('dropped', 'the outbox was full', nowMs, seq);
        remove.run(seq);
        dropped.set(sink, (dropped.get(sink) ?? 0) + 1);
      }
    }
    return [...dropped].map(([sink, alerts]) => ({ sink, alerts }));
  });
  const queue: OutboxQueue = {
    next: (sink, limit) => next.all(sink, limit).map(toItem),
    delivered: (items, nowMs) => deliver.immediate(items, nowMs),
    refused: (items, because, nowMs) => refuse.immediate(items, because, nowMs),
    failed: (items, nextAttemptMs) => fail.immediate(items, nextAttemptMs),
  };
  return {
    queue,
    add: ({ eventId, sink, alert }: OutboxEntry, nowMs: number): void => {
      add.run({ event_id: eventId, sink, alert_id: alert.id, payload: JSON.stringify(alert), created_at: nowMs });
    },
    shed: (mostBytes: number, nowMs: number): readonly Shed[] =>
      (bytes.get() ?? 0) > mostBytes ? shed.immediate(mostBytes, nowMs) : [],
  };
}

type Outcome = 'delivered' | 'dropped';

function toItem(row: ItemRow): OutboxItem {
  return {
    seq: row.seq,
    eventId: row.event_id,
    sink: row.sink,
    alert: JSON.parse(row.payload) as Alert,
    attempts: row.attempts,
    nextAttemptMs: row.next_attempt_at,
  };
}
