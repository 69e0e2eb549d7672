/** A table of words, written as text: `wordSet('pdf csv txt', 'zip gz')`. */
export function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
