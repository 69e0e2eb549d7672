import type { Gap, GapKind } from './gap.ts';
import type { Span } from './source-coverage.ts';

/** A piece of time, and what can be said of it. Pieces follow one another without overlap. */
export interface Segment {
  /** `unseen`: neither watched nor known why not, as before the first start or while the agent is down. */
  readonly kind: 'watched' | 'gap' | 'unseen';
  readonly fromMs: number;
  readonly untilMs: number;
  /** Of a gap: its kinds, in order of their names. */
  readonly because: readonly GapKind[];
}

/**
 * Divides a time into what was watched, what was not and why, and what nothing is known of. A gap that lasts reaches to
 * the end. Gaps in which the time itself was watched take nothing away.
 */
export function segmentsOf(
  spans: readonly Pick<Span, 'fromMs' | 'untilMs'>[],
  gaps: readonly Pick<Gap, 'kind' | 'fromMs' | 'untilMs' | 'lasts' | 'unwatched'>[],
  fromMs: number,
  untilMs: number,
): readonly Segment[] {
  const within = (ms: number) => Math.min(Math.max(ms, fromMs), untilMs);
  const turns: Turn[] = [];
  const add = (what: 'span' | GapKind, from: number, until: number) => {
    const [start, end] = [within(from), within(until)];
    if (start < end) turns.push({ atMs: start, what, by: 1 }, { atMs: end, what, by: -1 });
  };
  for (const span of spans) add('span', span.fromMs, span.untilMs);
  for (const gap of gaps) if (gap.unwatched) add(gap.kind, gap.fromMs, gap.lasts ? untilMs : gap.untilMs);
  turns.sort((one, other) => one.atMs - other.atMs);

  const segments: Segment[] = [];
  const open = new Map<'span' | GapKind, number>();
  let at = fromMs;
  for (const { atMs, what, by } of [...turns, { atMs: untilMs, what: 'span' as const, by: 0 }]) {
    if (atMs > at) append(segments, segmentOf(open, at, atMs));
    at = Math.max(at, atMs);
    open.set(what, (open.get(what) ?? 0) + by);
  }
  return segments;
}

/** ms of a kind. */
export function totalMs(segments: readonly Segment[], kind: Segment['kind']): number {
  return segments.reduce((sum, it) => (it.kind === kind ? sum + it.untilMs - it.fromMs : sum), 0);
}

interface Turn {
  readonly atMs: number;
  readonly what: 'span' | GapKind;
  readonly by: 1 | -1;
}

function segmentOf(open: ReadonlyMap<'span' | GapKind, number>, fromMs: number, untilMs: number): Segment {
  const held = [...open].flatMap(([what, times]) => (times > 0 ? [what] : []));
  const because = held.filter((it) => it !== 'span').sort();
  const kind = because.length > 0 ? 'gap' : held.length > 0 ? 'watched' : 'unseen';
  return { kind, fromMs, untilMs, because };
}

/** Two pieces that say the same are one. */
function append(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1);
  const isSame = last?.kind === segment.kind && last.because.join() === segment.because.join();
  if (last !== undefined && isSame) segments[segments.length - 1] = { ...last, untilMs: segment.untilMs };
  else segments.push(segment);
}
