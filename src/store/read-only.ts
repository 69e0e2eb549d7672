import { existsSync } from 'node:fs';
import { databasePath, openForReading } from './database.ts';
import { newMaskingKey, readMaskingKey } from './masking-key.ts';
import { createQueries, type Queries, type StatusCounts } from './queries.ts';
import { formatsTable } from './sources.ts';

/** The database to look at, beside a running daemon or without one. */
export interface StoreReader {
  readonly maskingKey: Buffer;
  readonly queries: Queries;
  /** What `format: auto` was settled to, by source. */
  readonly formats: ReadonlyMap<string, string>;
  close(): void;
}

/** @throws OperatorError `state.unreadable` (also when there is no state yet), `state.from-newer-version` */
export function openStoreReader(directory: string): StoreReader {
  const db = openForReading(directory);
  return {
    maskingKey: readMaskingKey(db),
    queries: createQueries(db),
    formats: formatsTable(db).all(),
    close: () => db.close(),
  };
}

/** The key that the daemon on this state masks with; before its first start, one that is used once. */
export function maskingKeyOf(directory: string): Buffer {
  if (!existsSync(databasePath(directory))) return newMaskingKey();
  const reader = openStoreReader(directory);
  reader.close();
  return reader.maskingKey;
}

/** What the daemon on this state settled `format: auto` to, by source; before its first start, nothing. */
export function settledFormatsOf(directory: string): ReadonlyMap<string, string> {
  if (!existsSync(databasePath(directory))) return new Map();
  const reader = openStoreReader(directory);
  reader.close();
  return reader.formats;
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
