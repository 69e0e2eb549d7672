import { formatMismatch } from '../conditions/format-mismatch.ts';
import { countInWords } from '../conditions/words.ts';
import type { Settings } from '../config/settings.ts';
import type { ReadingWindow } from '../coverage/reading-window.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { SourceCounts } from '../store/batch.ts';

/** How the lines of one source could be read. */
export interface ReadSource {
  readonly source: SourceSettings;
  readonly window: ReadingWindow;
}

/** What a replay did not see of the logs, a sentence or two each: what would be a condition of the daemon's, without the clock. */
export function remarksOn(
  read: Iterable<ReadSource>,
  counts: readonly SourceCounts[],
  { conditions }: Pick<Settings, 'conditions'>,
): readonly string[] {
  const timeless = { nowMs: 0, closeAfterMs: 0, sources: [], staleFiles: [], endpoints: [], sinks: [] };
  const unread = [...read].flatMap(({ source, window }) => {
    const verdict = formatMismatch({ ...source, quietMs: 0, hasSpoken: true, gaps: [], window }, timeless, conditions);
    return verdict === undefined || verdict === 'undetermined' ? [] : [verdict.words().explanation];
  });
  const cut = counts.flatMap(({ source, cut: lines }) =>
    lines === 0
      ? []
      : [`${countInWords(lines, 'line')} of source ${source} longer than the limit: only the beginning was read.`],
  );
  return [...unread, ...cut];
}
