import type { Lookup } from './lookup.ts';

/** A value in JSON text, as `JSON.parse` gives it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The object of a line that is JSON, with whatever stands before its first brace left out: a syslog header, a tag.
 *
 * @returns `undefined` for anything else
 */
export function readJsonLine(text: string): JsonObject | undefined {
  const start = text.indexOf('{');
  if (start === -1) return undefined;
  try {
    const value: unknown = JSON.parse(start === 0 ? text : text.slice(start));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Looks values up by their path, `http.hostname`: under one key with dots, as Zeek writes it, or in an object within an
 * object. A list stands for its first value; numbers and truths for their text.
 */
export function lookupIn(object: JsonObject): Lookup {
  return (path) => textOf(valueAt(object, path));
}

function valueAt(object: JsonObject, path: string): unknown {
  if (Object.hasOwn(object, path)) return object[path];
  const dot = path.indexOf('.');
  if (dot === -1) return undefined;
  const inner = Object.hasOwn(object, path.slice(0, dot)) ? object[path.slice(0, dot)] : undefined;
  return isObject(inner) ? valueAt(inner, path.slice(dot + 1)) : undefined;
}

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return Array.isArray(value) && value.length > 0 && !Array.isArray(value[0]) ? textOf(value[0]) : undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
