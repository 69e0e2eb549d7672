import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
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

/** Has the names in a directory on the disk: a file that was renamed has its new one after a power cut, too (fsync(2)). */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
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
  return new OperatorError([{ where: { file: path }, ...problem }], { cause: error });
}

/** @throws OperatorError `state.damaged`, for what was found when it was looked at. */
export function refuseDamaged(path: string, found: string): never {
  throw new OperatorError([{ ...DAMAGED, what: found, where: { file: path } }]);
}

/** @throws OperatorError `state.unreadable` */
export function refuseForeign(path: string): never {
  const what = 'The database belongs to another program';
  throw new OperatorError([
    { code: 'state.unreadable', what, where: { file: path }, todo: 'name another directory in agent.state' },
  ]);
}

const DAMAGED = {
  code: 'state.damaged',
  todo:
    'restore a backup of the state directory, or set agent.on-corrupt-state to from-start (read the logs again) or ' +
    'from-end (go on with what is written from now on): the damaged files are then kept aside',
} as const;

function problemOf(error: unknown): Pick<Problem, 'code' | 'what' | 'todo'> | undefined {
  if (isSqliteError(error, 'SQLITE_NOTADB')) return { ...DAMAGED, what: 'The file is not a SQLite database' };
  if (isSqliteError(error, 'SQLITE_CORRUPT')) return { ...DAMAGED, what: 'The database is damaged' };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined || !ACCESS_CODES.some((it) => code.startsWith(it))) return undefined;
  return {
    code: 'state.unreadable',
    what: `Cannot open the state (${code})`,
    todo: 'let the user that phi-egress runs as read and write the directory and the files in it',
  };
}

/** Of the file system, and of SQLite when it meets the same. */
const ACCESS_CODES = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'SQLITE_CANTOPEN', 'SQLITE_READONLY'];
