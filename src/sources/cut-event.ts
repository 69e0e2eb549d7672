import type { SourceEvent } from './event.ts';
import type { Line } from './line.ts';

/** What there is to tell of lines that were longer than the limit. */
export function cutEvents(lines: readonly Line[]): readonly SourceEvent[] {
  return lines
    .filter(({ cut }) => cut)
    .map(({ source, path, place }) => ({
      kind: 'line-cut',
      source,
      path,
      offset: place.offset,
      keptBytes: place.bytes,
    }));
}
