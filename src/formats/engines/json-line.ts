import { type JsonFinder, type JsonObject, jsonFinder, jsonText, parseJsonLine } from './json.ts';
import type { Lookup } from './lookup.ts';

/**
 * The object of a line that is JSON, with whatever stands before its first brace left out: a syslog header in a form of
 * its own, a tag.
 *
 * @returns `undefined` for anything else
 */
export function readJsonLine(text: string): JsonObject | undefined {
  const start = text.indexOf('{');
  return start === -1 ? undefined : parseJsonLine(start === 0 ? text : text.slice(start));
}

/** Looks the values of objects up by the paths that a table asks for; each path is taken apart once. */
export function createJsonLookup(): (object: JsonObject) => Lookup {
  const finders = new Map<string, JsonFinder>();
  return (object) => (path) => {
    let find = finders.get(path);
    if (find === undefined) {
      find = jsonFinder(path);
      finders.set(path, find);
    }
    return jsonText(find(object));
  };
}
