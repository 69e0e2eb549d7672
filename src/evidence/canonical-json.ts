/**
 * JSON as RFC 8785 (JSON Canonicalization Scheme) writes it: keys sorted by their UTF-16 code units, no white space,
 * numbers and strings as ECMAScript serialises them. Keys whose value is `undefined` are left out. One departure: a lone
 * surrogate, which the RFC refuses, is written as its escape, so that no log line can stop the ledger.
 *
 * @throws TypeError for what JSON cannot hold: NaN, infinities, functions, symbols, big integers.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`Cannot write ${value} as JSON`);
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value);
    default:
      throw new TypeError(`Cannot write a ${typeof value} as JSON`);
  }
}

/** `Array.sort` without a comparator sorts by UTF-16 code units, as RFC 8785 section 3.2.3 asks. */
function canonicalObject(value: object): string {
  const entries = new Map<string, unknown>(Object.entries(value));
  const keys = [...entries.keys()].filter((key) => entries.get(key) !== undefined).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(entries.get(key))}`).join(',')}}`;
}
