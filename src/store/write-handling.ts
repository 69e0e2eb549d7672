import type { HandlingAct } from '../alerts/handling.ts';
import { databasePath, openBeside } from './database.ts';
import { explainOpening } from './files.ts';
import { handlingTable } from './handling.ts';

/**
 * Writes down what somebody did about alerts, on the disk when this returns. The agent takes it up from there, now or when
 * it runs again: SQLite's own lock lets this stand beside a daemon at work.
 *
 * @throws OperatorError as `openStoreReader` does
 */
export function writeHandling(directory: string, acts: readonly HandlingAct[]): void {
  const db = openBeside(directory);
  try {
    const { add } = handlingTable(db);
    db.transaction(() => acts.forEach(add)).immediate();
  } catch (error) {
    // One that may read and not write, for instance.
    throw explainOpening(error, databasePath(directory));
  } finally {
    db.close();
  }
}
