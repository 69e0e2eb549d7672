import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { OperatorError } from '../errors/problem.ts';
import { createPrivateFile, isSqliteError } from './files.ts';

/** How long one that is about to start waits: a command may hold the lock for the time of a commit. */
const PATIENCE_MS = 2_000;

/** Held while a daemon uses a state directory. */
export interface StateLock {
  release(): void;
}

/**
 * Takes a state directory for this process alone. The lock is SQLite's own on a small database beside the real one, kept
 * in a transaction that never ends: the kernel drops it with the process, however that dies (fcntl(2)), and readers of
 * the real database do not meet it.
 *
 * @throws OperatorError `state.in-use`
 */
export function lockState(directory: string): StateLock {
  return lock(directory, PATIENCE_MS);
}

/** Whether a process holds a state directory. */
export function isLocked(directory: string): boolean {
  try {
    lock(directory, 0).release();
    return false;
  } catch (error) {
    if (error instanceof OperatorError) return true;
    throw error;
  }
}

function lock(directory: string, patienceMs: number): StateLock {
  const path = join(directory, 'phi-egress.lock');
  createPrivateFile(path);
  const db = new SqliteDatabase(path, { timeout: patienceMs });
  try {
    // Nothing is ever written to it: no journal file need stand beside it, nor be left behind.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isSqliteError(error, 'SQLITE_BUSY')) throw error;
    throw new OperatorError([
      {
        code: 'state.in-use',
        what: 'Another phi-egress is running on this state directory',
        where: { file: directory },
        todo: 'stop it first, or give this one a directory of its own in agent.state',
      },
    ]);
  }
  return { release: () => db.close() };
}
