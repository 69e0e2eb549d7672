import type { Database } from 'better-sqlite3';
import type { TrackedAlert } from '../alerts/book.ts';
import type { StoredCoverage } from '../coverage/source-coverage.ts';
import { OperatorError } from '../errors/problem.ts';
import type { Finding } from '../rules/finding.ts';
import type { OutboxQueue } from '../sinks/queue.ts';
import { alertsTable } from './alerts.ts';
import type { CommitBatch, SourceCounts, StoredState } from './batch.ts';
import { coverageTable } from './coverage.ts';
import { openForWriting } from './database.ts';
import { deadLettersTable, type Refused } from './dead-letters.ts';
import { createStateDirectory, explainOpening } from './files.ts';
import { findingsTable } from './findings.ts';
import { geoEditionsTable, sightingsTable } from './geo.ts';
import { handlingTable, type WaitingAct } from './handling.ts';
import { ledgerTable } from './ledger.ts';
import { lockState } from './lock.ts';
import { readMaskingKey } from './masking-key.ts';
import { outboxTable, type Shed } from './outbox.ts';
import { createQueries, type Queries } from './queries.ts';
import { beginAnew, finishReset, lastWritten, type ResetChoice, readReset, type StateReset } from './reset.ts';
import { countsTable, cursorsTable, formatsTable, positionsTable, samplesTable, sessionsTable } from './sources.ts';

/** The daemon's database. One process holds it at a time. */
export interface Store {
  /** 32 random bytes, made with the database. Whoever knows them can test guesses against masked tokens. */
  readonly maskingKey: Buffer;
  /** The state was begun anew, now or once before, in place of a damaged one. */
  readonly reset?: StateReset;
  readonly outbox: OutboxQueue;
  readonly queries: Queries;
  loadState(): StoredState;
  /** The latest span of a source, and its gaps that last or ended at that time (ms since the epoch) or later. */
  coverageOf(source: string, gapsSinceMs: number): StoredCoverage;
  /**
   * Makes the coverage of before a time (ms since the epoch) coarser where it is crowded. Of an hour with more than ten
   * gaps of one kind one is left that spans them; of one with more than ten spans the ten longest. Never does a source seem
   * better watched for it.
   */
  coarsenCoverage(beforeMs: number): void;
  /** The findings that are new, each id once: what was found before is neither recorded nor counted again. */
  unseen(findings: readonly Finding[]): readonly Finding[];
  /** An alert by its id, open or closed. */
  trackedAlert(id: string): TrackedAlert | undefined;
  /** What became of each source's lines since the state was begun. */
  sourceCounts(): readonly SourceCounts[];
  /** What people did about alerts and the ledger does not hold yet, in order. */
  waitingHandling(): readonly WaitingAct[];
  /**
   * Stores a batch in one transaction, on the disk when this returns. On an error nothing of it is stored, and the
   * values it came from (the alert book, the sessions) are ahead of the store: load the state anew before going on.
   */
  commit(batch: CommitBatch): void;
  /**
   * Makes the outbox fit into so many bytes of alerts: the oldest `info` go first, then the oldest `low`, and so on. A
   * `critical` one is never dropped, even if it does not fit.
   */
  shedOutbox(mostBytes: number): readonly Shed[];
  /** What the sinks refused for good, those that did. */
  refusedBySink(): readonly Refused[];
  /** Whether another process has changed the database since this was last asked. */
  wasChangedByOthers(): boolean;
  close(): void;
}

/**
 * Opens a state directory for the daemon; makes it where there is none.
 *
 * @param onDamage what to do with a damaged one; absent: nothing, it is refused.
 * @throws OperatorError `state.in-use`, `state.damaged`, `state.unreadable`, `state.from-newer-version`
 */
export function openStore(directory: string, nowMs: () => number, onDamage?: ResetChoice): Store {
  const lock = lockDirectory(directory);
  try {
    finishReset(directory);
    return createStore(openOrBeginAnew(directory, nowMs, onDamage), nowMs, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openOrBeginAnew(directory: string, nowMs: () => number, onDamage: ResetChoice | undefined): Database {
  const lastWrittenMs = lastWritten(directory);
  try {
    return openForWriting(directory);
  } catch (error) {
    const damage =
      error instanceof OperatorError ? error.problems.find(({ code }) => code === 'state.damaged') : undefined;
    if (damage === undefined || onDamage === undefined) throw error;
    beginAnew(directory, damage.what, onDamage, lastWrittenMs, nowMs());
    return openForWriting(directory);
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
  const reset = readReset(db);
  const positions = positionsTable(db);
  const cursors = cursorsTable(db);
  const sessions = sessionsTable(db);
  const counts = countsTable(db);
  const samples = samplesTable(db);
  const coverage = coverageTable(db);
  const formats = formatsTable(db);
  const ledger = ledgerTable(db);
  const alerts = alertsTable(db);
  const findings = findingsTable(db);
  const outbox = outboxTable(db);
  const handling = handlingTable(db);
  const editions = geoEditionsTable(db);
  const sightings = sightingsTable(db);

  // Rows that others refer to go first.
  const commit = db.transaction((batch: CommitBatch, now: number) => {
    for (const key of batch.forgotten ?? []) positions.forget(key);
    for (const position of batch.positions ?? []) positions.save(position);
    for (const source of batch.forgottenCursors ?? []) cursors.forget(source);
    for (const source of batch.forgottenSources ?? []) counts.unsee(source);
    for (const cursor of batch.cursors ?? []) cursors.save(cursor);
    if (batch.sessions !== undefined) sessions.apply(batch.sessions);
    for (const it of batch.counts ?? []) counts.add(it);
    if (batch.samples !== undefined) samples.add(batch.samples);
    for (const source of batch.sourcesSeen ?? []) counts.see(source, now);
    for (const span of batch.spans ?? []) coverage.saveSpan(span);
    for (const gap of batch.gaps ?? []) coverage.saveGap(gap);
    for (const it of batch.formats ?? []) formats.settle(it);
    for (const entry of batch.ledger ?? []) ledger.add(entry, now);
    for (const tracked of batch.alerts ?? []) alerts.save(tracked);
    for (const joining of batch.joinings ?? []) findings.add(joining);
    for (const entry of batch.outbox ?? []) outbox.add(entry, now);
    for (const taken of batch.handled ?? []) handling.take(taken);
    for (const edition of batch.geoEditions ?? []) editions.use(edition, now);
    if (batch.sightings !== undefined) sightings.see(batch.sightings, now);
  });

  const dataVersion = () => Number(db.pragma('data_version', { simple: true }));
  let seenVersion = dataVersion();

  const coarsen = db.transaction((beforeMs: number) => coverage.coarsen(beforeMs));

  return {
    maskingKey: readMaskingKey(db),
    ...(reset !== undefined && { reset }),
    outbox: outbox.queue,
    queries: createQueries(db),
    loadState: () => {
      const open = alerts.open();
      return {
        positions: positions.all(),
        cursors: cursors.all(),
        sessions: sessions.all(),
        alerts: open.findings,
        conditions: open.conditions,
        ledgerHead: ledger.head(),
        configuration: ledger.lastConfiguration(),
        sourcesSeen: counts.seen(),
        formats: formats.all(),
      };
    },
    coverageOf: (source, gapsSinceMs) => coverage.latest(source, gapsSinceMs),
    coarsenCoverage: (beforeMs) => coarsen.immediate(beforeMs),
    unseen: (candidates) => findings.unseen(candidates),
    trackedAlert: (id) => alerts.find(id),
    sourceCounts: () => counts.all(),
    waitingHandling: () => handling.waiting(),
    commit: (batch) => commit.immediate(batch, nowMs()),
    shedOutbox: (mostBytes) => outbox.shed(mostBytes, nowMs()),
    refusedBySink: deadLettersTable(db).bySink,
    wasChangedByOthers: () => {
      const before = seenVersion;
      seenVersion = dataVersion();
      return seenVersion !== before;
    },
    close: () => {
      db.close();
      release();
    },
  };
}
