import type { Database } from 'better-sqlite3';
import { OperatorError } from '../errors/problem.ts';
import { createGeoTables, GEO_CLOCK_COLUMNS } from './geo.ts';
import { createHandlingTable, HANDLING_CLOCK_COLUMNS } from './handling.ts';
import { newMaskingKey, writeMaskingKey } from './masking-key.ts';
import { severityRankIn } from './severity-rank.ts';

/** `application_id` of our databases: the letters `PHIE`. Tells them from any other program's. */
export const APPLICATION_ID = 0x50_48_49_45;

/**
 * The columns, by table, that hold the time of a clock, ours or the file system's. All else in the database follows from the logs and the
 * configuration alone: two databases made from the same logs differ in nothing else, however often the agent was killed,
 * provided that they began with one masking key (`meta`).
 */
export const WALL_CLOCK_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  sources_seen: ['first_seen_at'],
  file_positions: ['modified_at', 'archive', 'ended'],
  ledger: ['recorded_at'],
  alerts: ['created_at', 'touched_at', 'told_at'],
  outbox: ['created_at', 'next_attempt_at'],
  deliveries: ['created_at', 'settled_at'],
  dead_letters: ['created_at', 'refused_at'],
  coverage_spans: ['from_at', 'until_at'],
  coverage_gaps: ['from_at', 'until_at'],
  ...GEO_CLOCK_COLUMNS,
  ...HANDLING_CLOCK_COLUMNS,
};

/**
 * Tables whose very rows follow a clock: when the agent looked, and when it was not there. So do the alerts about the watch
 * itself (`kind` in `native` is `condition`), with the notices of them.
 */
export const WALL_CLOCK_TABLES: ReadonlySet<string> = new Set(['coverage_spans', 'coverage_gaps']);

/** Each brings a database from the version that is its index to the next. One that was released is never changed. */
const MIGRATIONS: readonly ((db: Database) => void)[] = [
  createTables,
  addSourceCursors,
  addConditions,
  addCoverage,
  createGeoTables,
  addPositionMarks,
  addSourceFormats,
  addDeadLetters,
  createHandlingTable,
];

/** Brings a database to this program's version, in one transaction. */
export function migrate(db: Database, path: string): void {
  refuseNewer(db, path);
  const version = versionOf(db);
  if (version === MIGRATIONS.length) return;
  db.transaction(() => {
    for (const step of MIGRATIONS.slice(version)) step(db);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).exclusive();
}

/** For readers, which change nothing: the database must be of this very version. */
export function requireCurrent(db: Database, path: string): void {
  refuseNewer(db, path);
  const version = versionOf(db);
  if (version === MIGRATIONS.length) return;
  throw new OperatorError([
    {
      code: 'state.unreadable',
      what: `The state is of version ${version}, this program reads version ${MIGRATIONS.length}`,
      where: { file: path },
      todo: 'start the agent once, which brings it up to date',
    },
  ]);
}

function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** @throws OperatorError `state.from-newer-version` */
export function refuseNewer(db: Database, path: string): void {
  const version = versionOf(db);
  if (version <= MIGRATIONS.length) return;
  throw new OperatorError([
    {
      code: 'state.from-newer-version',
      what: `The state was written by a newer phi-egress (version ${version}, this program knows up to ${MIGRATIONS.length})`,
      where: { file: path },
      todo: 'install that version again, or choose another directory in agent.state',
    },
  ]);
}

/** Names ending in `_ms` are times that a log tells, names ending in `_at` those of a clock; both ms since the epoch. */
function createTables(db: Database): void {
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.exec(`
    CREATE TABLE meta (
      key   TEXT PRIMARY KEY,
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sources_seen (
      source        TEXT PRIMARY KEY,
      first_seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE file_positions (
      source        TEXT NOT NULL,
      device        TEXT NOT NULL,
      inode         TEXT NOT NULL,
      path          TEXT NOT NULL,
      prefix_bytes  INTEGER NOT NULL,
      prefix_sha256 TEXT NOT NULL,
      content_id    TEXT,
      read_offset   INTEGER NOT NULL,
      rotated       INTEGER NOT NULL,
      modified_at   INTEGER NOT NULL,
      PRIMARY KEY (source, device, inode)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sessions (
      source       TEXT NOT NULL,
      key          TEXT NOT NULL,
      last_seen_ms INTEGER NOT NULL,
      state        TEXT NOT NULL,
      PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE source_counts (
      source     TEXT PRIMARY KEY,
      lines      INTEGER NOT NULL,
      parsed     INTEGER NOT NULL,
      skipped    INTEGER NOT NULL,
      unreadable INTEGER NOT NULL,
      cut        INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE unreadable_samples (
      seq     INTEGER PRIMARY KEY AUTOINCREMENT,
      source  TEXT NOT NULL,
      file    TEXT NOT NULL,
      byte_offset INTEGER NOT NULL,
      because TEXT NOT NULL,
      masked  TEXT NOT NULL
    ) STRICT;
    CREATE INDEX unreadable_samples_by_source ON unreadable_samples (source, seq);

    CREATE TABLE ledger (
      seq         INTEGER PRIMARY KEY,
      kind        TEXT NOT NULL,
      record      TEXT NOT NULL,
      hash        TEXT NOT NULL,
      recorded_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX ledger_configurations ON ledger (seq) WHERE kind = 'configuration';

    CREATE TABLE alerts (
      id            TEXT PRIMARY KEY,
      dedupe_key    TEXT NOT NULL,
      rule          TEXT NOT NULL,
      severity      TEXT NOT NULL,
      state         TEXT NOT NULL,
      vendor        TEXT,
      first_seen_ms INTEGER NOT NULL,
      last_seen_ms  INTEGER NOT NULL,
      ledger_seq    INTEGER NOT NULL REFERENCES ledger (seq),
      native        TEXT NOT NULL,
      told_count    INTEGER NOT NULL,
      told_severity TEXT NOT NULL,
      told_claim    TEXT NOT NULL,
      told_at       INTEGER NOT NULL,
      touched_at    INTEGER NOT NULL,
      created_at    INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alerts_open ON alerts (ledger_seq) WHERE state <> 'closed';
    CREATE INDEX alerts_by_time ON alerts (last_seen_ms);

    CREATE TABLE findings (
      id         TEXT PRIMARY KEY,
      alert_id   TEXT NOT NULL REFERENCES alerts (id),
      ledger_seq INTEGER NOT NULL UNIQUE REFERENCES ledger (seq),
      rule       TEXT NOT NULL,
      severity   TEXT NOT NULL,
      source     TEXT NOT NULL,
      vendor     TEXT,
      time_ms    INTEGER NOT NULL,
      body       TEXT NOT NULL
    ) STRICT;
    CREATE INDEX findings_by_alert ON findings (alert_id, ledger_seq);

    CREATE TABLE outbox (
      seq             INTEGER PRIMARY KEY AUTOINCREMENT,
      event_id        TEXT NOT NULL,
      sink            TEXT NOT NULL,
      alert_id        TEXT NOT NULL REFERENCES alerts (id),
      payload         TEXT NOT NULL,
      attempts        INTEGER NOT NULL,
      next_attempt_at INTEGER NOT NULL,
      created_at      INTEGER NOT NULL,
      UNIQUE (event_id, sink)
    ) STRICT;
    CREATE INDEX outbox_by_sink ON outbox (sink, seq);
    CREATE INDEX outbox_by_alert ON outbox (alert_id);

    CREATE TABLE deliveries (
      event_id   TEXT NOT NULL,
      sink       TEXT NOT NULL,
      alert_id   TEXT NOT NULL REFERENCES alerts (id),
      outcome    TEXT NOT NULL,
      because    TEXT,
      created_at INTEGER NOT NULL,
      settled_at INTEGER NOT NULL,
      PRIMARY KEY (event_id, sink)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX deliveries_by_alert ON deliveries (alert_id);
  `);
  writeMaskingKey(db, newMaskingKey());
}

/** Sources that are no files: the journal, a listener. */
function addSourceCursors(db: Database): void {
  db.exec(`
    CREATE TABLE source_cursors (
      source TEXT PRIMARY KEY,
      cursor TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
}

/** Alerts of two kinds: those there were are about findings. */
function addConditions(db: Database): void {
  db.exec(`
    ALTER TABLE alerts ADD COLUMN told_claim_or_none TEXT;
    UPDATE alerts SET told_claim_or_none = told_claim, native = json_set(native, '$.kind', 'egress');
    ALTER TABLE alerts DROP COLUMN told_claim;
    ALTER TABLE alerts RENAME COLUMN told_claim_or_none TO told_claim;
    UPDATE outbox SET payload = json_set(payload, '$.kind', 'egress');
  `);
}

/** When each source was watched, and when not. */
function addCoverage(db: Database): void {
  db.exec(`
    CREATE TABLE coverage_spans (
      source   TEXT NOT NULL,
      from_at  INTEGER NOT NULL,
      until_at INTEGER NOT NULL,
      PRIMARY KEY (source, from_at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX coverage_spans_by_end ON coverage_spans (source, until_at);

    CREATE TABLE coverage_gaps (
      source      TEXT NOT NULL,
      id          TEXT NOT NULL,
      kind        TEXT NOT NULL,
      from_at     INTEGER NOT NULL,
      until_at    INTEGER NOT NULL,
      lasts       INTEGER NOT NULL,
      unwatched   INTEGER NOT NULL,
      count       INTEGER NOT NULL,
      path        TEXT,
      byte_offset INTEGER,
      because     TEXT,
      PRIMARY KEY (source, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX coverage_gaps_by_end ON coverage_gaps (source, until_at);
  `);
}

/** Logs that begin alike, archives, links, and what is done with. */
function addPositionMarks(db: Database): void {
  db.exec(`
    ALTER TABLE file_positions ADD COLUMN mark TEXT;
    ALTER TABLE file_positions ADD COLUMN archive TEXT;
    ALTER TABLE file_positions ADD COLUMN target TEXT;
    ALTER TABLE file_positions ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
  `);
}

/** What `format: auto` was settled to, once and for all. */
function addSourceFormats(db: Database): void {
  db.exec(`
    CREATE TABLE source_formats (
      source TEXT PRIMARY KEY,
      format TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
}

/** What destinations refuse is kept whole, and what waits is counted in bytes, so that it can be bounded. */
function addDeadLetters(db: Database): void {
  db.exec(`
    CREATE TABLE dead_letters (
      event_id   TEXT NOT NULL,
      sink       TEXT NOT NULL,
      alert_id   TEXT NOT NULL REFERENCES alerts (id),
      payload    TEXT NOT NULL,
      because    TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      refused_at INTEGER NOT NULL,
      PRIMARY KEY (event_id, sink)
    ) STRICT;
    CREATE INDEX dead_letters_by_alert ON dead_letters (alert_id);

    ALTER TABLE outbox ADD COLUMN severity_rank INTEGER NOT NULL DEFAULT 0;
    UPDATE outbox SET severity_rank = ${severityRankIn('payload')};
    CREATE INDEX outbox_by_severity ON outbox (severity_rank, seq);

    CREATE TABLE outbox_load (bytes INTEGER NOT NULL) STRICT;
    INSERT INTO outbox_load SELECT coalesce(sum(length(CAST(payload AS BLOB))), 0) FROM outbox;
    CREATE TRIGGER outbox_grows AFTER INSERT ON outbox BEGIN
      UPDATE outbox_load SET bytes = bytes + length(CAST(NEW.payload AS BLOB));
    END;
    CREATE TRIGGER outbox_shrinks AFTER DELETE ON outbox BEGIN
      UPDATE outbox_load SET bytes = bytes - length(CAST(OLD.payload AS BLOB));
    END;
  `);
}
