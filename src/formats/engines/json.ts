/** One line of a JSON log. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The object that a line holds. Servers that print JSON from a format string escape as their text logs do: `\x22` and the
 * like, which no JSON has, are mended.
 *
 * @returns `undefined` for anything but an object
 */
export function parseJsonLine(text: string): JsonObject | undefined {
  const value = parse(text) ?? (text.includes('\\x') ? parse(text.replace(HEX_ESCAPES, asJson)) : undefined);
  return isObject(value) ? value : undefined;
}

/** Finds one value in an object; `undefined` where it is not there. */
export type JsonFinder = (object: JsonObject) => unknown;

/**
 * @param path keys with dots between them (`request.headers.Host.0`; a key may itself hold dots, as Zeek's `id.orig_h`),
 *   or JSON Pointer (RFC 6901) where it begins with a slash
 */
export function jsonFinder(path: string): JsonFinder {
  if (path.startsWith('/')) {
    const keys = path
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    return (object) => keys.reduce<unknown>(valueUnder, object);
  }
  const keys = path.split('.');
  const rests = keys.map((_, index) => keys.slice(index).join('.'));
  return (object) => {
    let value: unknown = object;
    for (const [index, key] of keys.entries()) {
      const whole = valueUnder(value, rests[index] ?? '');
      if (whole !== undefined) return whole;
      value = valueUnder(value, key);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

/** The text of a value, of a list that of its first entry; `undefined` for what has none, is empty, or is `-`. */
export function jsonText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value === '-' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? jsonText(value[0]) : undefined;
}

/** A whole number; `undefined` for what is missing or negative (a product's "not known"), NaN for what is no number. */
export function jsonCount(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : numberOf(jsonText(value));
  return number === undefined || number < 0 ? undefined : Math.floor(number);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
}

/** Only a key of the object's own: `constructor` is there in none. */
function valueUnder(value: unknown, key: string): unknown {
  if (!isContainer(value) || !Object.hasOwn(value, key)) return undefined;
  return value[key] ?? undefined;
}

function isContainer(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function isObject(value: unknown): value is JsonObject {
  return isContainer(value) && !Array.isArray(value);
}

function parse(text: string): unknown {
  if (text.length > LONG && nestsTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Brackets within brackets cost a parser far more than their length; no log goes deeper than a few. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) inText = !inText;
    else if (inText && code === BACKSLASH) at++;
    else if (inText) continue;
    else if (code === BRACKET || code === BRACE) depth++;
    else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) depth--;
    if (depth > DEEPEST) return true;
  }
  return false;
}

const LONG = 4_096;
const DEEPEST = 100;
const QUOTE = 34;
const BRACKET = 91;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const BRACE = 123;
const CLOSING_BRACE = 125;
const HEX_ESCAPES = /(?:\\x[0-9A-Fa-f]{2})+/g;

/** Bytes side by side may be one character of UTF-8. */
function asJson(run: string): string {
  return JSON.stringify(Buffer.from(run.replaceAll('\\x', ''), 'hex').toString()).slice(1, -1);
}
