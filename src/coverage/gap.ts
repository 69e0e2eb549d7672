/** Why something of a source was not seen, or may not have been. */
export type GapKind =
  /** The agent was not there, and what came meanwhile cannot be caught up on. */
  | 'downtime'
  /** A log lost what it held before it was read. */
  | 'truncated'
  /** A log was gone before it was read to its end. */
  | 'vanished'
  /** A line was longer than the limit, and read in part. */
  | 'line-cut'
  /** What the lines come from cannot be read. */
  | 'unreadable'
  /** The journal was vacuumed beyond what was read of it. */
  | 'journal-vacuumed'
  | 'datagrams-lost'
  /** The clock was set forward, or the machine was suspended. */
  | 'clock-forward'
  /** The clock was set back: times of that span were there twice. */
  | 'clock-backward'
  /** The stored state was damaged, and a new one was begun. */
  | 'state-reset'
  /** What is stored of how far a log was read did not fit the log. */
  | 'position-reset'
  /** Open sessions could not be unsealed: what they do next is not known to be theirs. */
  | 'sessions-lost';

/** A span of time in which a source was not watched, or something of it was lost. Times are ms since the epoch, by our clock. */
export interface Gap {
  /** Names it within its source. */
  readonly id: string;
  readonly source: string;
  readonly kind: GapKind;
  readonly fromMs: number;
  /** Of one that lasts: when that was noted last. */
  readonly untilMs: number;
  /** It goes on. */
  readonly lasts: boolean;
  /** Nothing of that time can be vouched for. Otherwise the time was watched, but for what the gap tells. */
  readonly unwatched: boolean;
  /** Lines, datagrams, paths, times: of what the kind is about. */
  readonly count: number;
  /** Of the first of them: a path, a sender. */
  readonly path?: string;
  /** Bytes into the file. */
  readonly offset?: number;
  /** An error's code, or which buffer ran over. */
  readonly because?: string;
}

/** A gap that was noticed, not yet put among the others. */
export type NoticedGap = Omit<Gap, 'id' | 'source'>;

/** Gaps of one kind that are no farther apart are one. */
export const MERGED_WITHIN_MS = 60_000;

/**
 * Puts a gap among those of its source: it joins the latest of its kind if that is near, so that lines cut a thousand
 * times a second are one gap for as long as that goes on. What lies between two that are joined counts to them.
 */
export function addGap(gaps: readonly Gap[], source: string, noticed: NoticedGap): readonly Gap[] {
  const at = gaps.findLastIndex((it) => joins(it, noticed));
  const near = gaps[at];
  if (near === undefined) return [...gaps, { ...noticed, id: `${noticed.kind} ${noticed.fromMs}`, source }];
  const joined: Gap = {
    ...near,
    fromMs: Math.min(near.fromMs, noticed.fromMs),
    untilMs: Math.max(near.untilMs, noticed.untilMs),
    count: near.count + noticed.count,
  };
  return gaps.with(at, joined);
}

function joins(gap: Gap, { kind, fromMs, untilMs, lasts, unwatched }: NoticedGap): boolean {
  if (gap.kind !== kind || gap.unwatched !== unwatched || gap.lasts || lasts) return false;
  return fromMs <= gap.untilMs + MERGED_WITHIN_MS && untilMs >= gap.fromMs - MERGED_WITHIN_MS;
}
