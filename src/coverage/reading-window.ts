/** How the latest lines of a source were read, those left out that its format skips. A value. */
export interface ReadingWindow {
  /** The oldest first. */
  readonly buckets: readonly ReadLines[];
  /** The latest lines that could not be read, as they were: kept in memory alone. */
  readonly samples: readonly string[];
}

export interface ReadLines {
  readonly parsed: number;
  readonly unreadable: number;
}

/** Lines that the window holds, at least, once so many have come. */
export const WINDOW_LINES = 1_000;
/** Smaller pieces are put together. */
const BUCKET_LINES = 100;
const SAMPLES_KEPT = 20;
/** A longer line is no good as a sample: only its beginning could be kept. */
const SAMPLE_LENGTH = 16_384;

export const EMPTY_WINDOW: ReadingWindow = { buckets: [], samples: [] };

/** The window after some more lines: it forgets what is older than enough. */
export function slide(
  { buckets, samples }: ReadingWindow,
  read: ReadLines,
  unreadableTexts: readonly string[],
): ReadingWindow {
  if (linesIn(read) === 0) return { buckets, samples };
  const last = buckets.at(-1);
  const isRoomy = last !== undefined && linesIn(last) < BUCKET_LINES;
  const grown = isRoomy ? [...buckets.slice(0, -1), sum(last, read)] : [...buckets, read];
  let first = 0;
  let kept = linesIn(totals({ buckets: grown }));
  for (const bucket of grown) {
    if (kept - linesIn(bucket) < WINDOW_LINES) break;
    kept -= linesIn(bucket);
    first += 1;
  }
  const fresh = unreadableTexts.filter((it) => it.length <= SAMPLE_LENGTH);
  return { buckets: grown.slice(first), samples: [...samples, ...fresh].slice(-SAMPLES_KEPT) };
}

/** As `slide`, and nothing is forgotten but samples: all lines of a run that ends. */
export function gather(window: ReadingWindow, read: ReadLines, unreadableTexts: readonly string[]): ReadingWindow {
  const { samples } = slide(window, read, unreadableTexts);
  return { buckets: [sum(totals(window), read)], samples };
}

export function totals({ buckets }: Pick<ReadingWindow, 'buckets'>): ReadLines {
  return buckets.reduce(sum, { parsed: 0, unreadable: 0 });
}

function sum(one: ReadLines, other: ReadLines): ReadLines {
  return { parsed: one.parsed + other.parsed, unreadable: one.unreadable + other.unreadable };
}

function linesIn({ parsed, unreadable }: ReadLines): number {
  return parsed + unreadable;
}
