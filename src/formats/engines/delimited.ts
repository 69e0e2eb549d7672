/**
 * Takes lines apart whose values stand in columns with one character between them:
 *
 *     value <separator> value <separator> "a quoted value" ...
 */
export interface Dialect {
  readonly separator: ' ' | '\t' | ',';
  /**
   * How a value in double quotes writes a double quote: `doubled` as RFC 4180 has it, `backslash` as `\"`; `none` for
   * logs that know no quotes. A quote in the middle of a value that is followed by no separator is taken as it stands:
   * some products forget to protect theirs.
   */
  readonly quotes: 'none' | 'doubled' | 'backslash';
  /** A value that begins with `[` goes to the next `]`, as dates in access logs do. */
  readonly brackets?: boolean;
}

/** The columns of the line that was split last. */
export interface Columns {
  /** How many there are. */
  readonly count: number;
  /** Without its quotes and escapes; `undefined` behind the last column. */
  at(index: number): string | undefined;
}

export interface Splitter {
  readonly columns: Columns;
  /**
   * @param atMost so many columns are split, and what comes behind them is not looked at
   * @returns whether the line could be split: every quote and bracket is closed, and it has not too many columns
   */
  split(text: string, atMost?: number): boolean;
}

/** More than any product logs. */
const MAX_COLUMNS = 512;

export function createSplitter(dialect: Dialect): Splitter {
  const spans = new Int32Array(MAX_COLUMNS * 2);
  const escaped = new Uint8Array(MAX_COLUMNS);
  const separator = dialect.separator.charCodeAt(0);
  const { quotes } = dialect;
  const hasQuotes = quotes !== 'none';
  const hasBrackets = dialect.brackets === true;
  const skipsBlanks = hasQuotes && dialect.separator === ',';
  let line = '';
  let count = 0;
  let sawDoubled = false;

  /** Where the closing quote stands of the value that begins at `start`; -1 when there is none. */
  function closingQuote(text: string, start: number): number {
    sawDoubled = false;
    for (let at = text.indexOf('"', start); at !== -1; at = text.indexOf('"', at + 1)) {
      const next = text.charCodeAt(at + 1);
      if (isEscaped(text, start, at)) continue;
      if (at + 1 === text.length || next === separator) return at;
      if (next !== QUOTE || quotes !== 'doubled') continue;
      sawDoubled = true;
      at++;
    }
    return -1;
  }

  /** Behind an odd number of backslashes. Those before a quote are looked at for that quote alone. */
  function isEscaped(text: string, start: number, quote: number): boolean {
    if (quotes !== 'backslash' || text.charCodeAt(quote - 1) !== BACKSLASH) return false;
    let first = quote - 1;
    while (first > start && text.charCodeAt(first - 1) === BACKSLASH) first--;
    return first >= start && (quote - first) % 2 === 1;
  }

  function split(text: string, atMost = Number.POSITIVE_INFINITY): boolean {
    line = text;
    count = 0;
    let at = 0;
    while (count < MAX_COLUMNS) {
      if (skipsBlanks) at = beforeQuote(text, at);
      const code = text.charCodeAt(at);
      const isQuoted = hasQuotes && code === QUOTE;
      const isBracketed = hasBrackets && code === BRACKET;
      let start = at;
      let end: number;
      escaped[count] = 0;
      if (isQuoted || isBracketed) {
        start = at + 1;
        end = isQuoted ? closingQuote(text, start) : text.indexOf(']', start);
        if (end === -1) return false;
        escaped[count] = isQuoted && (sawDoubled || quotes === 'backslash') ? 1 : 0;
        at = end + 1;
        if (at < text.length && text.charCodeAt(at) !== separator) return false;
      } else {
        end = text.indexOf(dialect.separator, at);
        if (end === -1) end = text.length;
        at = end;
      }
      spans[count * 2] = start;
      spans[count * 2 + 1] = end;
      count++;
      if (at >= text.length || count >= atMost) return true;
      at++;
    }
    return false;
  }

  function value(index: number): string | undefined {
    if (index >= count) return undefined;
    const raw = line.slice(spans[index * 2], spans[index * 2 + 1]);
    if (escaped[index] !== 1) return raw;
    if (quotes === 'doubled') return raw.replaceAll('""', '"');
    return raw.includes('\\') ? raw.replace(/\\([\s\S])/g, '$1') : raw;
  }

  return {
    columns: {
      get count() {
        return count;
      },
      at: value,
    },
    split,
  };
}

/** Some write `"a", "b"`. @returns the place of the quote, or `start` where no quote follows the blanks */
function beforeQuote(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === BLANK) at++;
  return text.charCodeAt(at) === QUOTE ? at : start;
}

const BLANK = 32;
const QUOTE = 34;
const BRACKET = 91;
const BACKSLASH = 92;
