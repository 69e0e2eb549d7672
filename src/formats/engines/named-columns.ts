import type { Columns } from './delimited.ts';
import type { Lookup } from './lookup.ts';

/**
 * Looks the columns of a line up by their names; of two columns with one name the first counts. Names are compared in
 * lower case, as W3C's field names are those of HTTP headers.
 */
export function namedColumns(names: readonly string[], columns: Columns): Lookup {
  const indexes = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const key = name.toLowerCase();
    if (!indexes.has(key)) indexes.set(key, index);
  }
  return (name) => {
    const index = indexes.get(name);
    return index === undefined ? undefined : columns.at(index);
  };
}
