import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** 32 random bytes. */
export function newMaskingKey(): Buffer {
  return randomBytes(32);
}

export function writeMaskingKey(db: Database, key: Buffer): void {
  db.prepare("INSERT INTO meta (key, value) VALUES ('masking_key', ?)").run(key);
}

/** Never made anew: another key would silently break the correlation of what was masked before. */
export function readMaskingKey(db: Database): Buffer {
  const key = db.prepare<[], Buffer>("SELECT value FROM meta WHERE key = 'masking_key'").pluck().get();
  if (key === undefined) throw new Error('The database holds no masking key');
  return key;
}
