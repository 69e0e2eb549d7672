import { dirname } from 'node:path';
import type { SourceEvent } from '../sources/event.ts';
import type { ClockJump } from './clock-jump.ts';
import { addGap, type Gap, MERGED_WITHIN_MS, type NoticedGap } from './gap.ts';

/** A time in which a source was watched, but for the gaps in it. ms since the epoch, by our clock. */
export interface Span {
  readonly source: string;
  readonly fromMs: number;
  /** When it was last seen to be watched. */
  readonly untilMs: number;
}

/** What is known of how well one source is watched. A value: each observation gives the next. */
export interface SourceCoverage {
  readonly source: string;
  /** What comes while nobody reads is still there afterwards, as in a file; not so in a datagram. */
  readonly catchesUp: boolean;
  /** The span that is being extended; absent before the first look. */
  readonly span?: Span;
  /** Those that last, and those young enough to matter to an alert; the oldest first. */
  readonly gaps: readonly Gap[];
  /** Error codes by path, of what cannot be read at the moment. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** What is stored of a source: its latest span and its gaps, as many as are still of interest. */
export interface StoredCoverage {
  readonly span?: Span;
  readonly gaps: readonly Gap[];
}

/** Types of sources that hold nothing for us while we are away. */
const LIVE_TYPES: ReadonlySet<string> = new Set(['syslog', 'stdin']);

/**
 * Goes on from what is stored. A source that catches up was watched all the while, unless its first look shows otherwise;
 * of any other, the time since it was last seen to be watched is lost.
 */
export function resume(
  { name, type }: { readonly name: string; readonly type: string },
  { span, gaps }: StoredCoverage,
  nowMs: number,
): SourceCoverage {
  const catchesUp = !LIVE_TYPES.has(type);
  const before = { source: name, catchesUp, gaps, unreadable: new Map<string, string>() };
  if (span === undefined) return before;
  if (catchesUp) return { ...before, span };
  if (nowMs <= span.untilMs) return before;
  return note(before, { ...momentary('downtime', span.untilMs, nowMs), unwatched: true });
}

export interface Observation {
  /** By our clock, at the end of the look. */
  readonly nowMs: number;
  readonly events: readonly SourceEvent[];
}

/** The source was looked at. */
export function observe(before: SourceCoverage, { nowMs, events }: Observation): SourceCoverage {
  const sinceMs = Math.min(before.span?.untilMs ?? nowMs, nowMs);
  let now = readabilityAfter(before, events, sinceMs, nowMs);
  for (const event of events) {
    const gap = gapOf(event, lostSince(event, before, sinceMs), nowMs);
    if (gap !== undefined) now = note(now, gap);
  }
  const { fromMs, untilMs } = now.span ?? { fromMs: nowMs, untilMs: nowMs };
  return { ...now, span: { source: now.source, fromMs, untilMs: Math.max(untilMs, nowMs) } };
}

/**
 * The clock was set, or the machine slept. A source that holds what comes saw all of the time in which the machine slept;
 * for any other a new span begins. When the clock went back, the span stands still until the clock has caught up with it.
 */
export function overJump(before: SourceCoverage, { kind, fromMs, untilMs }: ClockJump): SourceCoverage {
  const unwatched = kind === 'clock-forward' && !before.catchesUp;
  const noted = note(before, { ...momentary(kind, fromMs, untilMs), unwatched });
  if (!unwatched) return noted;
  const { span: _, ...rest } = noted;
  return rest;
}

/** The source was opened anew, and tells again what it cannot read: a gap that lasts and is not told again is over. */
export function forgetUnreadable(before: SourceCoverage): SourceCoverage {
  return before.unreadable.size === 0 ? before : { ...before, unreadable: new Map() };
}

/** Adds a gap that no event tells of. */
export function note(before: SourceCoverage, gap: NoticedGap): SourceCoverage {
  return { ...before, gaps: addGap(before.gaps, before.source, gap) };
}

/** Lets go of gaps that ended before. They are stored. */
export function forgetGaps(before: SourceCoverage, endedBeforeMs: number): SourceCoverage {
  const isKept = (it: Gap) => it.lasts || it.untilMs >= endedBeforeMs;
  return before.gaps.every(isKept) ? before : { ...before, gaps: before.gaps.filter(isKept) };
}

/** What has to be stored to come from one value to another. */
export function changesBetween(
  stored: StoredCoverage,
  now: SourceCoverage,
): { readonly spans: readonly Span[]; readonly gaps: readonly Gap[] } {
  const isSame = now.span?.fromMs === stored.span?.fromMs && now.span?.untilMs === stored.span?.untilMs;
  const known = new Set(stored.gaps);
  return {
    spans: now.span === undefined || isSame ? [] : [now.span],
    gaps: now.gaps.filter((it) => !known.has(it)),
  };
}

/** One gap a source, however many paths are unreadable at once: it ends when all are readable. */
function readabilityAfter(
  before: SourceCoverage,
  events: readonly SourceEvent[],
  sinceMs: number,
  nowMs: number,
): SourceCoverage {
  const unreadable = new Map(before.unreadable);
  for (const event of events) {
    if (event.kind === 'unreadable') unreadable.set(event.path, event.code);
    if (event.kind === 'readable') unreadable.delete(event.path);
  }
  const at = before.gaps.findIndex(({ kind, lasts }) => kind === 'unreadable' && lasts);
  const lasting = before.gaps[at];
  const [first] = unreadable;
  if (lasting === undefined) {
    if (first === undefined) return before;
    const [path, because] = first;
    const begun = { ...momentary('unreadable', sinceMs, nowMs), lasts: true, unwatched: true, count: unreadable.size };
    return {
      ...before,
      gaps: begunAgain(before.gaps, begun) ?? note(before, { ...begun, path, because }).gaps,
      unreadable,
    };
  }
  if (first === undefined) {
    // What was held back is read now. Where nothing holds it back, it is lost.
    const ended = { ...lasting, untilMs: nowMs, lasts: false, unwatched: !before.catchesUp };
    return { ...before, gaps: before.gaps.with(at, ended), unreadable };
  }
  if (unreadable.size <= lasting.count) return { ...before, unreadable };
  return { ...before, gaps: before.gaps.with(at, { ...lasting, untilMs: nowMs, count: unreadable.size }), unreadable };
}

/** What comes and goes is one gap, from its first time on. */
function begunAgain(gaps: readonly Gap[], begun: NoticedGap): readonly Gap[] | undefined {
  const at = gaps.findLastIndex((it) => it.kind === begun.kind);
  const near = gaps[at];
  if (near === undefined || begun.fromMs > near.untilMs + MERGED_WITHIN_MS) return undefined;
  const { lasts, unwatched, untilMs } = begun;
  return gaps.with(at, { ...near, lasts, unwatched, untilMs, count: Math.max(near.count, begun.count) });
}

/** What a log lost while it could not be read may have been lost since then, not since the last look. */
function lostSince(event: SourceEvent, before: SourceCoverage, sinceMs: number): number {
  if (event.kind !== 'truncated' && event.kind !== 'vanished') return sinceMs;
  const isBlind = before.unreadable.has(event.path) || before.unreadable.has(dirname(event.path));
  const lasting = before.gaps.find(({ kind, lasts }) => kind === 'unreadable' && lasts);
  return isBlind && lasting !== undefined ? Math.min(lasting.fromMs, sinceMs) : sinceMs;
}

function gapOf(event: SourceEvent, sinceMs: number, nowMs: number): NoticedGap | undefined {
  switch (event.kind) {
    case 'truncated': {
      if (event.continuedIn !== undefined) return undefined;
      const { path, offset } = event;
      return { ...momentary('truncated', sinceMs, nowMs), unwatched: true, path, offset };
    }
    case 'vanished':
      return { ...momentary('vanished', sinceMs, nowMs), unwatched: true, path: event.path, offset: event.offset };
    case 'line-cut':
      return { ...momentary('line-cut', nowMs, nowMs), path: event.path, offset: event.offset };
    case 'journal-vacuumed':
      return { ...momentary('journal-vacuumed', sinceMs, nowMs), unwatched: true };
    case 'datagrams-lost': {
      const { count, because, sender } = event;
      const lost = { ...momentary('datagrams-lost', sinceMs, nowMs), count, because };
      return sender === undefined ? lost : { ...lost, path: sender };
    }
    case 'unreadable':
    case 'readable':
    case 'sender-refused':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** A gap that is over when it is noticed, in a time that was watched. */
function momentary(kind: Gap['kind'], fromMs: number, untilMs: number): NoticedGap {
  return { kind, fromMs, untilMs, lasts: false, unwatched: false, count: 1 };
}
