import type { Reading } from '../format.ts';

/** A line that belongs to the format and tells nothing that we need. */
export function skipped(because: string): Reading {
  return { kind: 'skipped', because };
}

/** A line of which the format should have made a record. `because` names the cause, never the text. */
export function unreadable(because: string): Reading {
  return { kind: 'unreadable', because };
}
