/** One JSON object, as a log line holds it. Values are of any kind: look before you take. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns `undefined` for what is no JSON, or no object */
export function jsonObject(text: string): JsonObject | undefined {
  // Most lines that are none are told at a glance, without the price of an exception.
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that says something: `undefined` where there is none, or an empty one. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A count, written as a number or as its digits; `undefined` for anything else, and for what is no count. */
export function countAt(object: JsonObject, key: string): number | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d{1,15}$/.test(value))) return undefined;
  const count = Number(value);
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
