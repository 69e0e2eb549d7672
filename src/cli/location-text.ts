import type { Evidence, Location } from '../geo/location.ts';
import { whereabouts } from '../rules/words.ts';
import { type Paint, table } from './io.ts';

/** `India (IN), likely`. */
export function locationLine(location: Location, paint: Paint): string {
  const words = `${whereabouts(location)}, ${location.standing}`;
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return location.country === 'US' ? paint.good(words) : paint.bad(words);
    case 'disputed':
    case 'edge':
    case 'unknown':
      return paint.doubt(words);
    case 'internal':
      return paint.faint(words);
    default:
      return location satisfies never;
  }
}

/** One line for each source that was asked. */
export function evidenceTable(evidence: readonly Evidence[], indent: string): string {
  return table(
    evidence.map(({ step, source, said, network, edition, built, sha256 }) => [
      said,
      network ?? '',
      step === 'database' ? source : `${step}: ${source}`,
      [edition, built?.slice(0, 10), sha256 === undefined ? undefined : `sha256 ${sha256.slice(0, 12)}`]
        .filter((it) => it !== undefined)
        .join(', '),
    ]),
    indent,
  );
}
