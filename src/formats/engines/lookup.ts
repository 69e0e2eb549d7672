/** What one line says under a name; `undefined` where it says nothing. */
export type Lookup = (name: string) => string | undefined;

/** Takes the words that mean nothing, such as `-` or `N/A`, for what they are. */
export function tellingLookup(lookup: Lookup, nothing: ReadonlySet<string>): Lookup {
  return (name) => {
    const value = lookup(name);
    return value === undefined || value === '' || nothing.has(value) ? undefined : value;
  };
}

/** The first of several names under which the line says something. */
export function firstTold(lookup: Lookup, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = lookup(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
