/**
 * The directives of a W3C extended log that the lines behind them need ("Extended Log File Format", W3C working draft
 * WD-logfile-960323), kept as the text that is handed back with each line:
 *
 *     #Software: SGOS 7.3.7.1
 *     #Date: 2026-11-24 04:00:00
 *     #Fields: date time time-taken c-ip ...
 */
export interface W3cHeader {
  readonly software?: string;
  /** When the log, or this part of it, was begun. */
  readonly date?: string;
  readonly fields?: readonly string[];
}

/** What is no field list by any measure. */
const LONGEST_DIRECTIVE = 16_384;

/**
 * @param before as it stood before this directive
 * @returns as it stands after it; `undefined` for a directive that nobody needs, or that is longer than any
 */
export function withDirective(before: string | undefined, line: string): string | undefined {
  const name = nameOf(line);
  if (name === undefined || line.length > LONGEST_DIRECTIVE) return undefined;
  // A writer that begins anew says again what it is; what it said before no longer holds.
  const kept =
    before === undefined || name === 'software' ? [] : before.split('\n').filter((it) => nameOf(it) !== name);
  return [...kept, line].join('\n');
}

export function parseHeader(text: string): W3cHeader {
  const header: { software?: string; date?: string; fields?: readonly string[] } = {};
  for (const line of text.split('\n')) {
    const value = line.slice(line.indexOf(':') + 1).trim();
    const name = nameOf(line);
    if (name === 'software') header.software = value;
    if (name === 'date') header.date = value;
    if (name === 'fields' && value !== '') header.fields = value.split(/\s+/);
  }
  return header;
}

function nameOf(line: string): 'software' | 'date' | 'fields' | undefined {
  const colon = line.indexOf(':');
  if (colon === -1 || colon > LONGEST_NAME) return undefined;
  const name = line.slice(1, colon).trim().toLowerCase();
  return name === 'software' || name === 'date' || name === 'fields' ? name : undefined;
}

const LONGEST_NAME = 20;
