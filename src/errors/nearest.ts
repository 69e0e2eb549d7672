/**
 * The known name that was probably meant: the one with the fewest letters to change, at most a third of its length.
 * Letter case is ignored.
 */
export function nearest(found: string, known: Iterable<string>): string | undefined {
  const typed = found.slice(0, MAX_LENGTH).toLowerCase();
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(typed, name.toLowerCase());
    const isNear = distance <= Math.max(1, Math.floor(name.length / 3)) && distance < name.length;
    if (isNear && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** What to write instead of a name that is not known. */
export function suggest(found: string, known: readonly string[]): string {
  const meant = nearest(found, known);
  if (meant !== undefined) return `write "${meant}"`;
  return known.length === 1 ? `write "${known[0]}"` : `write one of ${known.join(', ')}`;
}

/** As long as a name gets; more would only cost time. */
const MAX_LENGTH = 100;

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
