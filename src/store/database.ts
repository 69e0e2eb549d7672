import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { OperatorError } from '../errors/problem.ts';
import { createPrivateFile, explainOpening, refuseDamaged, refuseForeign, syncDirectory } from './files.ts';
import { APPLICATION_ID, migrate, refuseNewer, requireCurrent } from './migrations.ts';
import { isWalDamaged } from './wal.ts';

/**
 * Bytes up to which a database is looked through whole when it is opened: a second or so. Of a larger one the tables are,
 * by which the agent goes on; the rest is evidence, and grows without end. It shows its damage when the damaged part is
 * read.
 */
const CHECKED_BYTES = 128 * 1024 * 1024;
const TABLES_TO_GO_ON_BY = [
  'meta',
  'sources_seen',
  'file_positions',
  'source_cursors',
  'sessions',
  'source_counts',
  'outbox',
  'outbox_load',
] as const;

export function databasePath(directory: string): string {
  return join(directory, 'phi-egress.db');
}

/** Of a database that is being made. It takes its place when it is whole. */
export function newDatabasePath(directory: string): string {
  return `${databasePath(directory)}.new`;
}

/**
 * Opens the database for the daemon, made and brought up to date where needed. It is looked at before it is written to: a
 * damaged one is left as it is.
 *
 * @throws OperatorError `state.damaged`, `state.unreadable`, `state.from-newer-version`
 */
export function openForWriting(directory: string): Database {
  const path = databasePath(directory);
  if (existsSync(path)) inspect(path);
  else makeFirst(directory);
  return opened(
    path,
    () => new SqliteDatabase(path, { timeout: 5_000 }),
    (db) => {
      db.pragma('journal_mode = WAL');
      // Each commit reaches the disk before it counts: positions must never run ahead of findings, nor after a power cut.
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      db.pragma('journal_size_limit = 67108864');
      migrate(db, path);
    },
  );
}

/** Opens the database to look at; a daemon may be writing to it meanwhile. */
export function openForReading(directory: string): Database {
  return openExisting(directory, { readonly: true });
}

/** Opens the database for a small change beside a running daemon, or without one: SQLite's own locks keep the two apart. */
export function openBeside(directory: string): Database {
  const db = openExisting(directory, { readonly: false });
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  return db;
}

function openExisting(directory: string, { readonly }: { readonly readonly: boolean }): Database {
  const path = databasePath(directory);
  return opened(
    path,
    () => {
      if (statSync(path, { throwIfNoEntry: false }) === undefined) throw nothingThere(path);
      return new SqliteDatabase(path, { readonly, fileMustExist: true, timeout: 5_000 });
    },
    (db) => {
      refuseOthers(db, path);
      requireCurrent(db, path);
    },
  );
}

/**
 * Makes a database beside the place where it belongs, whole and on the disk. Whoever finds an empty one in that place knows
 * that it was not left so.
 */
export function createDatabase(directory: string, prepare: (db: Database) => void): void {
  const path = newDatabasePath(directory);
  rmSync(path, { force: true });
  opened(
    path,
    () => {
      createPrivateFile(path);
      return new SqliteDatabase(path);
    },
    (db) => {
      // From the beginning, so that a power cut never leaves the other kind of journal, which only a writer can roll back.
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      migrate(db, path);
      prepare(db);
    },
  ).close();
}

function makeFirst(directory: string): void {
  const path = databasePath(directory);
  if (existsSync(`${path}-wal`)) refuseDamaged(path, 'The database is gone, and its write-ahead log is still there');
  createDatabase(directory, () => {});
  renameSync(newDatabasePath(directory), path);
  syncDirectory(directory);
}

/** Reads, and changes nothing: not even the write-ahead log is taken over. */
function inspect(path: string): void {
  try {
    if (statSync(path).size === 0) refuseDamaged(path, 'The database is empty, which it never is by itself');
    const wal = `${path}-wal`;
    if (existsSync(wal) && isWalDamaged(wal)) refuseDamaged(wal, 'The write-ahead log of the database is damaged');
  } catch (error) {
    throw explainOpening(error, path);
  }
  opened(
    path,
    () => new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: 5_000 }),
    (db) => {
      refuseOthers(db, path);
      refuseNewer(db, path);
      refuseBroken(db, path);
    },
  ).close();
}

function opened(path: string, open: () => Database, prepare: (db: Database) => void): Database {
  let db: Database | undefined;
  try {
    db = open();
    prepare(db);
    return db;
  } catch (error) {
    db?.close();
    throw explainOpening(error, path);
  }
}

/** A database that some other program filled is not ours to write tables into. */
function refuseOthers(db: Database, path: string): void {
  const isOurs = db.pragma('application_id', { simple: true }) === APPLICATION_ID;
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (!isOurs && tables !== 0) refuseForeign(path);
}

function refuseBroken(db: Database, path: string): void {
  const checks =
    statSync(path).size <= CHECKED_BYTES ? ['quick_check(1)'] : TABLES_TO_GO_ON_BY.map((it) => `quick_check(${it})`);
  for (const check of checks) {
    if (db.pragma(check, { simple: true }) !== 'ok') refuseDamaged(path, 'The database is damaged');
  }
}

function nothingThere(path: string): OperatorError {
  return new OperatorError([
    {
      code: 'state.unreadable',
      what: 'There is no state yet',
      where: { file: path },
      todo: 'start the agent with phi-egress run, or name its configuration with --config',
    },
  ]);
}
