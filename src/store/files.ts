import { closeSync, mkdirSync, openSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { OperatorError, type Problem } from '../errors/problem.ts';

/** Made for the owner alone. One that exists is left as its owner set it. */
export function createStateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** SQLite gives the files it puts beside a database (`-wal`, `-shm`) the database's own mode. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

/** True for a code and for its extended codes: `SQLITE_BUSY` and `SQLITE_BUSY_SNAPSHOT`. */
export function isSqliteError(error: unknown, code: string): boolean {
  return error instanceof SqliteDatabase.SqliteError && (error.code === code || error.code.startsWith(`${code}_`));
}

/** Turns what opening can meet into words that an operator can act on; anything else is passed on as it is. */
export function explainOpening(error: unknown, path: string): unknown {
  if (error instanceof OperatorError) return error;
  const problem = problemOf(error);
  if (problem === undefined) return error;
  return new OperatorError([{ code: 'state.unreadable', where: { file: path }, ...problem }], { cause: error });
}

/** @throws OperatorError `state.unreadable`, for what SQLite found when it looked. */
export function refuseDamaged(path: string, found: string): never {
  throw new OperatorError([{ code: 'state.unreadable', what: found, where: { file: path }, todo: RESTORE }]);
}

const RESTORE = 'move it away and restore a backup, or start with a new state: the logs are then read again';

function problemOf(error: unknown): Pick<Problem, 'what' | 'todo'> | undefined {
  if (isSqliteError(error, 'SQLITE_NOTADB')) return { what: 'The file is not a SQLite database', todo: RESTORE };
  if (isSqliteError(error, 'SQLITE_CORRUPT')) return { what: 'The database is damaged', todo: RESTORE };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined || !ACCESS_CODES.some((it) => code.startsWith(it))) return undefined;
  return {
    what: `Cannot open the state (${code})`,
    todo: 'let the user that phi-egress runs as read and write the directory and the files in it',
  };
}

/** Of the file system, and of SQLite when it meets the same. */
const ACCESS_CODES = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'SQLITE_CANTOPEN', 'SQLITE_READONLY'];
