import { durationInWords } from '../conditions/words.ts';
import type { Gap } from '../coverage/gap.ts';
import type { SourceReport } from '../coverage/report.ts';
import { count, type Paint, type Screen } from './io.ts';
import { type Cell, table } from './layout.ts';
import { seconds } from './times.ts';

/** A row for each source, then its spans, then its gaps. */
export function coverageText(reports: readonly SourceReport[], { paint, listWidth }: Screen): string {
  const space = { width: listWidth, indent: 2 };
  const summary = reports.map(({ source, share, fromMs, untilMs, watchedMs, gaps }) => [
    source,
    shareCell(share, paint),
    seconds(fromMs),
    seconds(untilMs),
    durationInWords(watchedMs),
    gaps.length === 0 ? '0' : { text: count(gaps.length), paint: paint.doubt },
  ]);
  const spans = reports.flatMap(({ source, segments }) =>
    segments
      .filter(({ kind }) => kind === 'watched')
      .map(({ fromMs, untilMs }) => [source, seconds(fromMs), seconds(untilMs), durationInWords(untilMs - fromMs)]),
  );
  const gaps = reports.flatMap(({ source, gaps: own, untilMs }) =>
    own.map((gap) => [
      source,
      seconds(gap.fromMs),
      gap.lasts ? { text: 'it lasts', paint: paint.bad } : seconds(gap.untilMs),
      durationInWords((gap.lasts ? Math.max(untilMs, gap.fromMs) : gap.untilMs) - gap.fromMs),
      { text: gap.kind, paint: gap.unwatched ? paint.bad : paint.doubt },
      count(gap.count),
      placeOf(gap),
    ]),
  );
  const heading = ['source', 'watched', 'from (UTC)', 'until (UTC)', 'in all', 'gaps'];
  return [
    table([heading, ...summary], { width: listWidth }),
    spans.length === 0
      ? `${paint.bad('not watched')}\n`
      : list('watched', ['source', 'from (UTC)', 'until (UTC)', 'for'], spans),
    gaps.length === 0
      ? `${paint.good('no gaps')}\n`
      : list('gaps', ['source', 'from (UTC)', 'until (UTC)', 'for', 'gap', 'count', 'where'], gaps),
  ].join('\n');

  function list(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
    const more = rows.length > MOST_ROWS ? `, the latest ${MOST_ROWS}; --json has all` : '';
    return `${paint.heading(title)}  ${count(rows.length)}${more}\n${table([head, ...rows.slice(-MOST_ROWS)], space)}`;
  }
}

/** One object. Times are ISO 8601 UTC; `until` is null while a gap lasts; `unwatched`: the time itself is not vouched for. */
export function coverageJson(reports: readonly SourceReport[]): string {
  const iso = (ms: number) => new Date(ms).toISOString();
  const sources = reports.map(({ source, fromMs, untilMs, watchedMs, share, segments, gaps }) => ({
    source,
    from: iso(fromMs),
    until: iso(untilMs),
    watchedMs,
    share,
    watched: segments
      .filter(({ kind }) => kind === 'watched')
      .map((it) => ({ from: iso(it.fromMs), until: iso(it.untilMs) })),
    gaps: gaps.map(({ kind, fromMs: from, untilMs: until, lasts, unwatched, count: times, path, offset, because }) => ({
      kind,
      from: iso(from),
      until: lasts ? null : iso(until),
      unwatched,
      count: times,
      path,
      offset,
      because,
    })),
  }));
  return `${JSON.stringify({ sources })}\n`;
}

/** Cut, not rounded: 100% is said only of what was watched all the time. */
function shareCell(share: number | undefined, { good, doubt, bad }: Paint): Cell {
  if (share === undefined) return '-';
  const text = `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`;
  return { text, paint: share === 1 ? good : share > 0.99 ? doubt : bad };
}

function placeOf({ path, offset, because }: Gap): string {
  const at = path === undefined ? undefined : offset === undefined ? path : `${path} at byte ${count(offset)}`;
  return [at, because].filter((it) => it !== undefined).join(', ') || '-';
}

/** Of a list; a source can have many thousand gaps in six years. */
const MOST_ROWS = 20;
