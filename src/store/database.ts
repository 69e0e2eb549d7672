import { statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { OperatorError } from '../errors/problem.ts';
import { createPrivateFile, explainOpening, refuseDamaged } from './files.ts';
import { APPLICATION_ID, migrate, requireCurrent } from './migrations.ts';

/**
 * Bytes up to which a database is looked through when it is opened: some 50 ms from memory, a second or two from a slow
 * disk. A larger one shows its damage when the damaged part is read.
 */
const CHECKED_BYTES = 128 * 1024 * 1024;

export function databasePath(directory: string): string {
  return join(directory, 'phi-egress.db');
}

/**
 * Opens the database for the daemon, made and brought up to date where needed.
 *
 * @throws OperatorError `state.unreadable`, `state.from-newer-version`
 */
export function openForWriting(directory: string): Database {
  const path = databasePath(directory);
  return opened(
    path,
    () => {
      createPrivateFile(path);
      return new SqliteDatabase(path, { timeout: 5_000 });
    },
    (db) => {
      refuseForeign(db, path);
      db.pragma('journal_mode = WAL');
      // Each commit reaches the disk before it counts: positions must never run ahead of findings, nor after a power cut.
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      db.pragma('journal_size_limit = 67108864');
      migrate(db, path);
      if (statSync(path).size <= CHECKED_BYTES) refuseBroken(db, path);
    },
  );
}

/** Opens the database to look at; a daemon may be writing to it meanwhile. */
export function openForReading(directory: string): Database {
  const path = databasePath(directory);
  return opened(
    path,
    () => {
      if (statSync(path, { throwIfNoEntry: false }) === undefined) throw nothingThere(path);
      return new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    },
    (db) => {
      refuseForeign(db, path);
      requireCurrent(db, path);
    },
  );
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
function refuseForeign(db: Database, path: string): void {
  const isOurs = db.pragma('application_id', { simple: true }) === APPLICATION_ID;
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (!isOurs && tables !== 0) refuseDamaged(path, 'The database belongs to another program');
}

function refuseBroken(db: Database, path: string): void {
  if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') refuseDamaged(path, 'The database is damaged');
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
