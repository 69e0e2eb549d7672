/**
 * How far a journal was read: up to the entry of this cursor, itself included; or not at all, and then what is older than
 * this time is of no interest. `undefined`: from the oldest entry on.
 */
export type JournalPosition = { readonly cursor: string } | { readonly sinceMs: number } | undefined;

/** The form of a cursor is journald's own business; only what could not be handed on as an argument is refused. */
const CURSOR = /^[0-9A-Za-z=;_-]{1,512}$/;
const SINCE = /^@(\d{1,15})$/;

export function writePosition(position: Exclude<JournalPosition, undefined>): string {
  return 'cursor' in position ? position.cursor : `@${position.sinceMs}`;
}

/** @returns `undefined` for what is no position. */
export function readPosition(text: string | undefined): JournalPosition {
  if (text === undefined) return undefined;
  const [, sinceMs] = SINCE.exec(text) ?? [];
  if (sinceMs !== undefined) return { sinceMs: Number(sinceMs) };
  return CURSOR.test(text) ? { cursor: text } : undefined;
}
