import type { Database } from 'better-sqlite3';
import type { Alert } from '../alerts/alert.ts';
import type { OutboxEntry, OutboxItem, OutboxQueue } from '../sinks/queue.ts';

interface ItemRow {
  seq: number;
  event_id: string;
  sink: string;
  payload: string;
  attempts: number;
  next_attempt_at: number;
}

/** Notices on their way to the sinks, and the record of those that arrived. */
export function outboxTable(db: Database) {
  const add = db.prepare<[string, string, string, string, number]>(`
    INSERT INTO outbox (event_id, sink, alert_id, payload, attempts, next_attempt_at, created_at)
    VALUES (?, ?, ?, ?, 0, 0, ?)`);
  const next = db.prepare<[string, number], ItemRow>(`
    SELECT seq, event_id, sink, payload, attempts, next_attempt_at FROM outbox WHERE sink = ? ORDER BY seq LIMIT ?`);
  const record = db.prepare<[string, string | null, number, number]>(`
    INSERT INTO deliveries (event_id, sink, alert_id, outcome, because, created_at, settled_at)
    SELECT event_id, sink, alert_id, ?, ?, created_at, ? FROM outbox WHERE seq = ?`);
  const remove = db.prepare<[number]>('DELETE FROM outbox WHERE seq = ?');
  const postpone = db.prepare<[number, number]>(
    'UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ? WHERE seq = ?',
  );

  const settle = db.transaction(
    (items: readonly OutboxItem[], outcome: 'delivered' | 'refused', because: string | null, nowMs: number) => {
      for (const { seq } of items) {
        record.run(outcome, because, nowMs, seq);
        remove.run(seq);
      }
    },
  );
  const fail = db.transaction((items: readonly OutboxItem[], nextAttemptMs: number) => {
    for (const { seq } of items) postpone.run(nextAttemptMs, seq);
  });
  const queue: OutboxQueue = {
    next: (sink, limit) => next.all(sink, limit).map(toItem),
    delivered: (items, nowMs) => settle.immediate(items, 'delivered', null, nowMs),
    refused: (items, because, nowMs) => settle.immediate(items, 'refused', because, nowMs),
    failed: (items, nextAttemptMs) => fail.immediate(items, nextAttemptMs),
  };
  return {
    queue,
    add: ({ eventId, sink, alert }: OutboxEntry, nowMs: number): void => {
      add.run(eventId, sink, alert.id, JSON.stringify(alert), nowMs);
    },
  };
}

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
