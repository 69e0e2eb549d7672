import { existsSync } from 'node:fs';
import { databasePath, openForReading } from './database.ts';
import { newMaskingKey, readMaskingKey } from './masking-key.ts';
import { createQueries, type Queries, type StatusCounts } from './queries.ts';

/** The database to look at, beside a running daemon or without one. */
export interface StoreReader {
  readonly maskingKey: Buffer;
  readonly queries: Queries;
  close(): void;
}

/** @throws OperatorError `state.unreadable` (also when there is no state yet), `state.from-newer-version` */
export function openStoreReader(directory: string): StoreReader {
  const db = openForReading(directory);
  return { maskingKey: readMaskingKey(db), queries: createQueries(db), close: () => db.close() };
}

/** The key that the daemon on this state masks with; before its first start, one that is used once. */
export function maskingKeyOf(directory: string): Buffer {
  if (!existsSync(databasePath(directory))) return newMaskingKey();
  const reader = openStoreReader(directory);
  reader.close();
  return reader.maskingKey;
}

/** @throws as `openStoreReader` does */
export function readStatus(directory: string): StatusCounts {
  const reader = openStoreReader(directory);
  try {
    return reader.queries.statusCounts();
  } finally {
    reader.close();
  }
}
