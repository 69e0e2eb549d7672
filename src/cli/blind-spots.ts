import type { BlindSpot } from '../formats/format.ts';
import type { Screen } from './io.ts';
import { prose, table } from './layout.ts';

/** What a log cannot show and what follows, a remedy once for all that it mends. */
export function blindSpotText(spots: readonly BlindSpot[], { paint, width }: Screen, indent: number): string {
  const room = { width, indent: indent + 2 };
  return byRemedy(spots)
    .map(({ remedy, mended }) => {
      const rows = mended.map(({ missing, consequence }) => ['-', `${missing}: ${consequence}`]);
      if (remedy === undefined) return table(rows, room);
      const lines = remedy.line.split('\n').map((line) => `${' '.repeat(indent + 6)}${line}\n`);
      return `${table(rows, room)}${prose(`put into ${remedy.file}:`, { width, indent: indent + 4 })}${lines.join('')}`;
    })
    .reduce((all, it) => all + it, `${' '.repeat(indent)}${paint.doubt('cannot show')}\n`);
}

interface Mended {
  readonly remedy: BlindSpot['remedy'];
  readonly mended: readonly BlindSpot[];
}

/** In the order of the first spot of each; what nothing mends comes last. */
function byRemedy(spots: readonly BlindSpot[]): readonly Mended[] {
  const groups = new Map<string, Mended>();
  for (const spot of spots) {
    const { remedy } = spot;
    const key = remedy === undefined ? '' : `${remedy.file}\n${remedy.line}`;
    groups.set(key, { remedy, mended: [...(groups.get(key)?.mended ?? []), spot] });
  }
  return [...groups.values()].sort(
    (one, other) => Number(one.remedy === undefined) - Number(other.remedy === undefined),
  );
}
