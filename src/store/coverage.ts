import type { Database } from 'better-sqlite3';
import type { Gap, GapKind } from '../coverage/gap.ts';
import type { Span, StoredCoverage } from '../coverage/source-coverage.ts';
import type { CoverageFilter, CoverageRows } from './queries.ts';

interface GapRow {
  source: string;
  id: string;
  kind: GapKind;
  from_at: number;
  until_at: number;
  lasts: number;
  unwatched: number;
  count: number;
  path: string | null;
  byte_offset: number | null;
  because: string | null;
}

/** An hour with many gaps of one kind, as one. */
interface CrowdRow {
  source: string;
  kind: GapKind;
  unwatched: number;
  hour: number;
  from_at: number;
  until_at: number;
  count: number;
  first: string;
}

/** Kept of each kind in an hour that is long past, so that nothing that goes on for years fills the disk. */
const MOST_AN_HOUR = 10;

type Bounds = Record<'source' | 'fromMs' | 'untilMs', string | number | null>;

/** When each source was watched, and when not. */
export function coverageTable(db: Database) {
  const saveSpan = db.prepare<Span>(`
    INSERT INTO coverage_spans (source, from_at, until_at) VALUES (@source, @fromMs, @untilMs)
    ON CONFLICT (source, from_at) DO UPDATE SET until_at = excluded.until_at`);
  const saveGap = db.prepare<GapRow>(`
    INSERT OR REPLACE INTO coverage_gaps
      (source, id, kind, from_at, until_at, lasts, unwatched, count, path, byte_offset, because)
    VALUES (@source, @id, @kind, @from_at, @until_at, @lasts, @unwatched, @count, @path, @byte_offset, @because)`);
  const latestSpan = db.prepare<[string], Span>(`
    SELECT source, from_at AS fromMs, until_at AS untilMs FROM coverage_spans
    WHERE source = ? ORDER BY until_at DESC LIMIT 1`);
  const latestGaps = db.prepare<[string, number], GapRow>(`
    SELECT * FROM coverage_gaps WHERE source = ? AND (lasts OR until_at >= ?) ORDER BY from_at, id`);
  const spans = db.prepare<Bounds, Span>(`
    SELECT source, from_at AS fromMs, until_at AS untilMs FROM coverage_spans
    WHERE (@source IS NULL OR source = @source)
      AND (@fromMs IS NULL OR until_at >= @fromMs) AND (@untilMs IS NULL OR from_at < @untilMs)
    ORDER BY source, from_at`);
  const gaps = db.prepare<Bounds, GapRow>(`
    SELECT * FROM coverage_gaps
    WHERE (@source IS NULL OR source = @source)
      AND (@fromMs IS NULL OR lasts OR until_at >= @fromMs) AND (@untilMs IS NULL OR from_at < @untilMs)
    ORDER BY source, from_at, id`);
  const crowdedHours = db.prepare<{ beforeMs: number; most: number }, CrowdRow>(`
    SELECT source, kind, unwatched, from_at / 3600000 AS hour, min(from_at) AS from_at, max(until_at) AS until_at,
      sum(count) AS count, min(id) AS first
    FROM coverage_gaps WHERE NOT lasts AND until_at < @beforeMs
    GROUP BY source, kind, unwatched, hour HAVING count(*) > @most`);
  const gapById = db.prepare<[string, string], GapRow>('SELECT * FROM coverage_gaps WHERE source = ? AND id = ?');
  const removeHour = db.prepare<CrowdRow & { beforeMs: number }>(`
    DELETE FROM coverage_gaps
    WHERE source = @source AND kind = @kind AND unwatched = @unwatched AND NOT lasts AND until_at < @beforeMs
      AND from_at / 3600000 = @hour`);
  const removeSpans = db.prepare<{ beforeMs: number; most: number }>(`
    DELETE FROM coverage_spans WHERE (source, from_at) IN (
      SELECT source, from_at FROM (
        SELECT source, from_at, row_number() OVER (
          PARTITION BY source, from_at / 3600000 ORDER BY until_at - from_at DESC) AS place
        FROM coverage_spans WHERE until_at < @beforeMs)
      WHERE place > @most)`);
  return {
    saveSpan: (span: Span): void => {
      saveSpan.run(span);
    },
    saveGap: (gap: Gap): void => {
      saveGap.run(toRow(gap));
    },
    latest: (source: string, gapsSinceMs: number): StoredCoverage => {
      const span = latestSpan.get(source);
      return { ...(span !== undefined && { span }), gaps: latestGaps.all(source, gapsSinceMs).map(toGap) };
    },
    coarsen: (beforeMs: number): void => {
      for (const crowd of crowdedHours.all({ beforeMs, most: MOST_AN_HOUR })) {
        const { first, ...merged } = crowd;
        const row = gapById.get(crowd.source, first);
        if (row === undefined) continue;
        removeHour.run({ ...crowd, beforeMs });
        saveGap.run({ ...row, ...merged });
      }
      removeSpans.run({ beforeMs, most: MOST_AN_HOUR });
    },
    within: ({ source, fromMs, untilMs }: CoverageFilter): CoverageRows => {
      const bounds = { source: source ?? null, fromMs: fromMs ?? null, untilMs: untilMs ?? null };
      return { spans: spans.all(bounds), gaps: gaps.all(bounds).map(toGap) };
    },
  };
}

function toRow(gap: Gap): GapRow {
  return {
    source: gap.source,
    id: gap.id,
    kind: gap.kind,
    from_at: gap.fromMs,
    until_at: gap.untilMs,
    lasts: gap.lasts ? 1 : 0,
    unwatched: gap.unwatched ? 1 : 0,
    count: gap.count,
    path: gap.path ?? null,
    byte_offset: gap.offset ?? null,
    because: gap.because ?? null,
  };
}

function toGap(row: GapRow): Gap {
  return {
    id: row.id,
    source: row.source,
    kind: row.kind,
    fromMs: row.from_at,
    untilMs: row.until_at,
    lasts: row.lasts === 1,
    unwatched: row.unwatched === 1,
    count: row.count,
    ...(row.path !== null && { path: row.path }),
    ...(row.byte_offset !== null && { offset: row.byte_offset }),
    ...(row.because !== null && { because: row.because }),
  };
}
