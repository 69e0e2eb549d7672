import { randomBytes } from 'node:crypto';

/** How far a listener has come. A message is named by `epoch` and its number, which no other message ever has. */
export interface SyslogCursor {
  /** 16 hex digits, drawn when the source is first seen. */
  readonly epoch: string;
  /** The number of the next message. */
  readonly next: number;
  /** The sequence id that each sender of numbered datagrams sends next: tells what was missed while nobody listened. */
  readonly sequences: Readonly<Record<string, number>>;
}

export function firstCursor(): SyslogCursor {
  return { epoch: randomBytes(8).toString('hex'), next: 0, sequences: {} };
}

export function writeCursor(cursor: SyslogCursor): string {
  return JSON.stringify(cursor);
}

/** @returns a new epoch for what is no cursor of ours, so that no number is given twice. */
export function readCursor(text: string | undefined): SyslogCursor {
  const value = text === undefined ? undefined : parsed(text);
  if (!isRecord(value)) return firstCursor();
  const { epoch, next, sequences } = value;
  if (typeof epoch !== 'string' || !/^[0-9a-f]{16}$/.test(epoch)) return firstCursor();
  if (typeof next !== 'number' || !Number.isSafeInteger(next) || next < 0) return firstCursor();
  const ids = isRecord(sequences) ? Object.entries(sequences) : [];
  return {
    epoch,
    next,
    sequences: Object.fromEntries(ids.filter((it): it is [string, number] => Number.isSafeInteger(it[1]))),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
