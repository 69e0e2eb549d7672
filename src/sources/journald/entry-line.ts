import { hash } from 'node:crypto';
import type { Line } from '../line.ts';
import type { JournalEntry } from './export-format.ts';

/** Of an entry without a cursor there is nothing to go on from. Every version of journalctl gives one. */
export function cursorOf({ fields }: JournalEntry): string | undefined {
  return fields.get('__CURSOR');
}

/**
 * An entry as a line: JSON as by `journalctl -o json`, which formats behind syslog read. It is named by its cursor, and
 * was written when the journal took it.
 */
export function toLine(entry: JournalEntry, cursor: string, source: string, path: string): Line {
  const { __CURSOR: _, ...shown } = Object.fromEntries(entry.fields);
  const text = JSON.stringify(shown);
  return {
    source,
    text,
    place: { file: hash('sha256', cursor, 'hex').slice(0, 16), offset: 0, bytes: Buffer.byteLength(text) },
    path,
    writtenBeforeMs: Math.ceil(Number(entry.fields.get('__REALTIME_TIMESTAMP') ?? 0) / 1_000),
    cut: entry.cut,
  };
}
