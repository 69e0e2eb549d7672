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
 * @returns what the line said, until the next one is read; `undefined` when there is no pair at all
 */
export function createPairReader(dialect: PairDialect): (text: string, start: number) => Lookup | undefined {
  const pairs = new Pairs();
  const separator = dialect.separator.charCodeAt(0);
  const isGap = (code: number) => code === separator || code === BLANK || code === TAB;
  const endOfBare = dialect.bare === 'word' ? endOfWord : endOfText;
  const lookup: Lookup = (name) => {
    const index = pairs.find(name);
    if (index === -1) return undefined;
    const value = pairs.value(index);
    return pairs.isQuoted(index) ? withoutEscapes(value) : (dialect.unescape?.(value) ?? value);
  };

  function endOfWord(text: string, from: number): number {
    const end = text.indexOf(dialect.separator, from);
    return end === -1 ? text.length : end;
  }

  /** Before the gap that stands before the next key. */
  function endOfText(text: string, from: number): number {
    let checked = from;
    let end = text.length;
    for (let equals = text.indexOf('=', from); equals !== -1; equals = text.indexOf('=', checked)) {
      const keyStart = startOfKey(text, equals, checked);
      if (keyStart < equals && keyStart > from && isGap(text.charCodeAt(keyStart - 1))) {
        end = keyStart;
        break;
      }
      checked = equals + 1;
    }
    while (end > from && isGap(text.charCodeAt(end - 1))) end--;
    return end;
  }

  return (text, start) => {
    pairs.begin(text);
    let at = start;
    for (let equals = text.indexOf('=', at); equals !== -1 && !pairs.isFull; equals = text.indexOf('=', at)) {
      const keyStart = startOfKey(text, equals, at);
      const valueStart = equals + 1;
      if (dialect.quotes && text.charCodeAt(valueStart) === QUOTE) {
        const end = closingQuote(text, valueStart + 1, isGap);
        pairs.add(keyStart, equals, valueStart + 1, end, true);
        at = end + 1;
      } else {
        const end = endOfBare(text, valueStart);
        pairs.add(keyStart, equals, valueStart, end, false);
        at = end;
      }
    }
    return pairs.isEmpty ? undefined : lookup;
  };
}

/** Where the keys and values of one line stand. Nothing is cut out of it before it is asked for. */
export class Pairs {
  readonly #spans = new Int32Array(MAX_PAIRS * 4);
  readonly #quoted = new Uint8Array(MAX_PAIRS);
  #text = '';
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get isFull(): boolean {
    return this.#count === MAX_PAIRS;
  }

  begin(text: string): void {
    this.#text = text;
    this.#count = 0;
  }

  /** A pair whose key is empty is none. */
  add(keyStart: number, keyEnd: number, valueStart: number, valueEnd: number, isQuoted: boolean): void {
    if (keyStart >= keyEnd || this.isFull) return;
    const at = this.#count * 4;
    this.#spans[at] = keyStart;
    this.#spans[at + 1] = keyEnd;
    this.#spans[at + 2] = valueStart;
    this.#spans[at + 3] = valueEnd;
    this.#quoted[this.#count] = isQuoted ? 1 : 0;
    this.#count++;
  }

  /** The number of the first pair with this key; -1 when there is none. */
  find(key: string): number {
    for (let index = 0; index < this.#count; index++) {
      const start = this.#spans[index * 4] ?? 0;
      const end = this.#spans[index * 4 + 1] ?? 0;
      if (end - start === key.length && this.#text.startsWith(key, start)) return index;
    }
    return -1;
  }

  value(index: number): string {
    return this.#text.slice(this.#spans[index * 4 + 2], this.#spans[index * 4 + 3]);
  }

  isQuoted(index: number): boolean {
    return this.#quoted[index] === 1;
  }
}

/** More than any product writes; what comes behind them is not looked at. */
const MAX_PAIRS = 512;

function startOfKey(text: string, equals: number, from: number): number {
  let start = equals;
  while (start > from && isKeyCharacter(text.charCodeAt(start - 1))) start--;
  return start;
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
