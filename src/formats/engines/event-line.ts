import type { LineReader, ReaderOptions } from '../format.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { unreadable } from '../values/reading.ts';
import type { Lookup } from './lookup.ts';
import { compileTable, type RecordTable } from './record-table.ts';

/**
 * Reads events that are headed like CEF and LEEF by a table. The table finds the time of the syslog prefix as `syslog time`.
 *
 * @param find what the keys of a line hold; `undefined` for a line without the header, of which `failure` speaks.
 */
export function eventLineReader(
  find: (text: string) => Lookup | undefined,
  failure: string,
  table: RecordTable,
  options: ReaderOptions,
): LineReader {
  const read = compileTable(table, options);
  const noHeader = unreadable(failure);
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    const found = find(text);
    if (found === undefined) return noHeader;
    const timeMs = context.header?.timeMs;
    const lookup: Lookup = (name) => {
      if (name === 'syslog time') return timeMs === undefined ? undefined : String(timeMs);
      return found(name);
    };
    return read(lookup, context);
  };
}
