import type { Lookup } from './lookup.ts';

/** How `key=value` pairs are written. */
export interface PairDialect {
  /** What stands between two pairs; blanks may stand there besides. */
  readonly separator: ' ' | ',' | '\t';
  /**
   * Where a value without quotes ends: at the next separator (`word`), or only before the next `key=` (`text`), as where
   * values hold blanks.
   */
  readonly bare: 'word' | 'text';
  /** Whether a value that begins with a double quote goes to its closing one, with `\"` for a quote within. */
  readonly quotes: boolean;
  /** What a backslash stands for in values without quotes; absent where it is nothing but a backslash. */
  readonly unescape?: (value: string) => string;
}

/**
 * Reads the pairs of a line, from `start` on. Of two pairs with one key the first counts. A quote that is never closed,
 * as where the line was cut, goes to the end. Each character is looked at a bounded number of times.
 *
 * @param names the keys that are of interest
 * @returns what the line said; the next line overwrites it. `undefined` when there is no pair at all
 */
export function createPairReader(
  names: readonly string[],
  dialect: PairDialect,
): (text: string, start: number) => Lookup | undefined {
  const slots = new Map(names.map((name, index) => [name, index]));
  const values: (string | undefined)[] = new Array(names.length).fill(undefined);
  const lookup: Lookup = (name) => values[slots.get(name) ?? -1];
  const separator = dialect.separator.charCodeAt(0);
  const isGap = (code: number) => code === separator || code === BLANK || code === TAB;
  const endOfBare = dialect.bare === 'word' ? endOfWord : endOfText;

  function endOfWord(text: string, from: number): number {
    const end = text.indexOf(dialect.separator, from);
    return end === -1 ? text.length : end;
  }

  /** Before the gap that stands before the next key. */
  function endOfText(text: string, from: number): number {
    let nextEquals = text.indexOf('=', from);
    let checked = from;
    while (nextEquals !== -1) {
      let keyStart = nextEquals;
      while (keyStart > checked && isKeyCharacter(text.charCodeAt(keyStart - 1))) keyStart--;
      if (keyStart < nextEquals && keyStart > from && isGap(text.charCodeAt(keyStart - 1))) {
        let end = keyStart - 1;
        while (end > from && isGap(text.charCodeAt(end - 1))) end--;
        return end;
      }
      if (keyStart === from && keyStart < nextEquals && isGap(text.charCodeAt(from - 1))) return from;
      checked = nextEquals + 1;
      nextEquals = text.indexOf('=', checked);
    }
    let end = text.length;
    while (end > from && isGap(text.charCodeAt(end - 1))) end--;
    return end;
  }

  return (text, start) => {
    values.fill(undefined);
    let found = false;
    let at = start;
    while (at < text.length) {
      while (at < text.length && isGap(text.charCodeAt(at))) at++;
      const equals = text.indexOf('=', at);
      if (equals === -1) break;
      let keyStart = equals;
      while (keyStart > at && isKeyCharacter(text.charCodeAt(keyStart - 1))) keyStart--;
      const slot = slots.get(text.slice(keyStart, equals));
      const isTaken = slot !== undefined && values[slot] === undefined;
      found ||= keyStart < equals;
      const valueStart = equals + 1;
      if (dialect.quotes && text.charCodeAt(valueStart) === QUOTE) {
        const end = closingQuote(text, valueStart + 1, isGap);
        if (isTaken) values[slot] = withoutEscapes(text.slice(valueStart + 1, end));
        at = end + 1;
      } else {
        const end = endOfBare(text, valueStart);
        if (isTaken) {
          const raw = text.slice(valueStart, end);
          values[slot] = dialect.unescape?.(raw) ?? raw;
        }
        at = end;
      }
    }
    return found ? lookup : undefined;
  };
}

/** The first quote that is not escaped and has a gap or nothing behind it; the end of the text when there is none. */
function closingQuote(text: string, start: number, isGap: (code: number) => boolean): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE && (at + 1 === text.length || isGap(text.charCodeAt(at + 1)))) return at;
  }
  return text.length;
}

function withoutEscapes(value: string): string {
  return value.includes('\\') ? value.replace(/\\(["\\])/g, '$1') : value;
}

/** Letters, digits, `_`, `-`, `.`, and the brackets of array keys. */
function isKeyCharacter(code: number): boolean {
  const letter = code | 32;
  return (
    (letter >= 97 && letter <= 122) ||
    (code >= 48 && code <= 57) ||
    code === UNDERSCORE ||
    code === HYPHEN ||
    code === DOT ||
    code === OPENING_BRACKET ||
    code === CLOSING_BRACKET
  );
}

const TAB = 9;
const BLANK = 32;
const QUOTE = 34;
const HYPHEN = 45;
const DOT = 46;
const OPENING_BRACKET = 91;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const UNDERSCORE = 95;
