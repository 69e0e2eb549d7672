import type { Gap } from './gap.ts';
import { type Segment, segmentsOf, totalMs } from './segments.ts';
import type { Span } from './source-coverage.ts';

/** How well one source was watched in a time. */
export interface SourceReport {
  readonly source: string;
  /** What was asked for; without that, from when the source was first watched. ms since the epoch. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly watchedMs: number;
  /** 0 to 1 of that time; `undefined` when it is no time at all. */
  readonly share: number | undefined;
  readonly segments: readonly Segment[];
  readonly gaps: readonly Gap[];
}

export interface ReportRange {
  readonly fromMs?: number;
  readonly untilMs: number;
}

/** A report for each source that is in the rows, in order of their names. */
export function reportOn(
  { spans, gaps }: { readonly spans: readonly Span[]; readonly gaps: readonly Gap[] },
  range: ReportRange,
): readonly SourceReport[] {
  const sources = new Set([...spans, ...gaps].map(({ source }) => source));
  return [...sources].sort().map((source) => {
    const own = { spans: spans.filter((it) => it.source === source), gaps: gaps.filter((it) => it.source === source) };
    const { untilMs } = range;
    const fromMs = range.fromMs ?? Math.min(untilMs, ...[...own.spans, ...own.gaps].map((it) => it.fromMs));
    const segments = segmentsOf(own.spans, own.gaps, fromMs, untilMs);
    const watchedMs = totalMs(segments, 'watched');
    const share = untilMs > fromMs ? watchedMs / (untilMs - fromMs) : undefined;
    return { source, fromMs, untilMs, watchedMs, share, segments, gaps: own.gaps };
  });
}

/**
 * Up to when a report can speak. A running agent stores how far it came now and then; what is younger than that is not
 * unseen, only not yet told.
 */
export function endOfKnowledge(spans: readonly Span[], nowMs: number, heartbeatMs: number): number {
  const latestMs = Math.max(...spans.map(({ untilMs }) => untilMs));
  return latestMs <= nowMs && nowMs - latestMs <= 2 * heartbeatMs ? latestMs : nowMs;
}
