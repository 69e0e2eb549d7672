import type { Database } from 'better-sqlite3';
import type { Finding } from '../rules/finding.ts';
import type { OutboxQueue } from '../sinks/queue.ts';
import { alertsTable } from './alerts.ts';
import type { CommitBatch, StoredState } from './batch.ts';
import { openForWriting } from './database.ts';
import { createStateDirectory, explainOpening } from './files.ts';
import { findingsTable } from './findings.ts';
import { ledgerTable } from './ledger.ts';
import { lockState } from './lock.ts';
import { readMaskingKey } from './masking-key.ts';
import { outboxTable } from './outbox.ts';
import { createQueries, type Queries } from './queries.ts';
import { countsTable, formatsTable, positionsTable, samplesTable, sessionsTable } from './sources.ts';

/** The daemon's database. One process holds it at a time. */
export interface Store {
  /** 32 random bytes, made with the database. Whoever knows them can test guesses against masked tokens. */
  readonly maskingKey: Buffer;
  readonly outbox: OutboxQueue;
  readonly queries: Queries;
  loadState(): StoredState;
  /** The findings that are new, each id once: what was found before is neither recorded nor counted again. */
  unseen(findings: readonly Finding[]): readonly Finding[];
  /**
   * Stores a batch in one transaction, on the disk when this returns. On an error nothing of it is stored, and the
   * values it came from (the alert book, the sessions) are ahead of the store: load the state anew before going on.
   */
  commit(batch: CommitBatch): void;
  close(): void;
}

/**
 * Opens a state directory for the daemon; makes it where there is none.
 *
 * @throws OperatorError `state.in-use`, `state.unreadable`, `state.from-newer-version`
 */
export function openStore(directory: string, nowMs: () => number): Store {
  const lock = lockDirectory(directory);
  try {
    return createStore(openForWriting(directory), nowMs, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function lockDirectory(directory: string) {
  try {
    createStateDirectory(directory);
    return lockState(directory);
  } catch (error) {
    throw explainOpening(error, directory);
  }
}

function createStore(db: Database, nowMs: () => number, release: () => void): Store {
  const positions = positionsTable(db);
  const sessions = sessionsTable(db);
  const counts = countsTable(db);
  const samples = samplesTable(db);
  const formats = formatsTable(db);
  const ledger = ledgerTable(db);
  const alerts = alertsTable(db);
  const findings = findingsTable(db);
  const outbox = outboxTable(db);

  // Rows that others refer to go first.
  const commit = db.transaction((batch: CommitBatch, now: number) => {
    for (const key of batch.forgotten ?? []) positions.forget(key);
    for (const position of batch.positions ?? []) positions.save(position);
    if (batch.sessions !== undefined) sessions.apply(batch.sessions);
    for (const it of batch.counts ?? []) counts.add(it);
    if (batch.samples !== undefined) samples.add(batch.samples);
    for (const source of batch.sourcesSeen ?? []) counts.see(source, now);
    for (const it of batch.formats ?? []) formats.settle(it);
    for (const entry of batch.ledger ?? []) ledger.add(entry, now);
    for (const tracked of batch.alerts ?? []) alerts.save(tracked, now);
    for (const joining of batch.joinings ?? []) findings.add(joining);
    for (const entry of batch.outbox ?? []) outbox.add(entry, now);
  });

  return {
    maskingKey: readMaskingKey(db),
    outbox: outbox.queue,
    queries: createQueries(db),
    loadState: () => ({
      positions: positions.all(),
      sessions: sessions.all(),
      alerts: alerts.open(),
      ledgerHead: ledger.head(),
      configuration: ledger.lastConfiguration(),
      sourcesSeen: counts.seen(),
      formats: formats.all(),
    }),
    unseen: (candidates) => findings.unseen(candidates),
    commit: (batch) => commit.immediate(batch, nowMs()),
    close: () => {
      db.close();
      release();
    },
  };
}
