import { closeSync, openSync, readSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import type { LedgerHead } from '../evidence/ledger.ts';

/**
 * The row of `meta` that holds the masking key, as SQLite writes it: a header of three bytes (its length, text of 11
 * bytes, blob of 32), then the name, then the key. https://www.sqlite.org/fileformat.html#record_format
 */
const KEY_RECORD = Buffer.concat([Buffer.from([3, 11 * 2 + 13, 32 * 2 + 12]), Buffer.from('masking_key')]);
const KEY_BYTES = 32;
const BLOCK_BYTES = 1024 * 1024;

/**
 * The masking key in what is left of a database, whatever else is damaged. It is looked for byte by byte; where two
 * different ones stand, none can be trusted.
 */
export function salvageMaskingKey(paths: readonly string[]): Buffer | undefined {
  const found = new Map(paths.flatMap(keysIn).map((key) => [key.toString('hex'), key]));
  const [only, ...more] = found.values();
  return more.length === 0 ? only : undefined;
}

function keysIn(path: string): readonly Buffer[] {
  const keys: Buffer[] = [];
  const file = openSync(path, 'r');
  try {
    // Blocks overlap, so that a record across two of them is found.
    const overlap = KEY_RECORD.length + KEY_BYTES - 1;
    const buffer = Buffer.allocUnsafe(BLOCK_BYTES + overlap);
    for (let start = 0; ; start += BLOCK_BYTES) {
      const block = buffer.subarray(0, readSync(file, buffer, 0, buffer.length, start));
      for (let at = block.indexOf(KEY_RECORD); at >= 0; at = block.indexOf(KEY_RECORD, at + 1)) {
        const key = block.subarray(at + KEY_RECORD.length, at + KEY_RECORD.length + KEY_BYTES);
        if (key.length === KEY_BYTES) keys.push(Buffer.from(key));
      }
      if (block.length < buffer.length) return keys;
    }
  } finally {
    closeSync(file);
  }
}

/** Where the ledger of a damaged database ends, if that can still be read. */
export function salvageLedgerHead(path: string): LedgerHead | undefined {
  let db: SqliteDatabase.Database | undefined;
  try {
    db = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
    return db.prepare<[], LedgerHead>('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1').get();
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}
