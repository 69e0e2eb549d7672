/** What one line says under a name; `undefined` where it says nothing. */
export type Lookup = (name: string) => string | undefined;

/** Takes the words that mean nothing, such as `-` or `N/A`, for what they are. */
export function tellingLookup(lookup: Lookup, nothing: NothingWords): Lookup {
  return (name) => {
    const value = lookup(name);
    if (value === undefined || value === '') return undefined;
    return value.length <= nothing.longest && nothing.words.has(value) ? undefined : value;
  };
}

/** Most values are longer than the longest of these words, and need not be hashed to be told from them. */
export interface NothingWords {
  readonly words: ReadonlySet<string>;
  readonly longest: number;
}

export function nothingWords(words: readonly string[]): NothingWords {
  return { words: new Set(words), longest: Math.max(0, ...words.map((it) => it.length)) };
}

/** The first of several names under which the line says something. */
export function firstTold(lookup: Lookup, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = lookup(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
