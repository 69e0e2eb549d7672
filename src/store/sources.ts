import type { Database } from 'better-sqlite3';
import type { FilePosition } from '../sources/file/position.ts';
import type { SavedSession, SessionChanges } from '../transfers/session.ts';
import type { FileKey, SourceCounts, SourceCursor, SourceFormat, UnreadableSample } from './batch.ts';

/** Samples kept of each source, the latest. */
const SAMPLES_KEPT = 20;

interface PositionRow {
  source: string;
  device: string;
  inode: string;
  path: string;
  prefix_bytes: number;
  prefix_sha256: string;
  content_id: string | null;
  read_offset: number;
  rotated: number;
  modified_at: number;
  mark: string | null;
  archive: string | null;
  target: string | null;
  ended: number;
}

/** How far each file was read. */
export function positionsTable(db: Database) {
  const save = db.prepare<PositionRow>(`
    INSERT OR REPLACE INTO file_positions
      (source, device, inode, path, prefix_bytes, prefix_sha256, content_id, read_offset, rotated, modified_at,
       mark, archive, target, ended)
    VALUES (@source, @device, @inode, @path, @prefix_bytes, @prefix_sha256, @content_id, @read_offset, @rotated, @modified_at,
       @mark, @archive, @target, @ended)`);
  const forget = db.prepare<FileKey>(
    'DELETE FROM file_positions WHERE source = @source AND device = @device AND inode = @inode',
  );
  const all = db.prepare<[], PositionRow>('SELECT * FROM file_positions ORDER BY source, device, inode');
  return {
    save: (position: FilePosition): void => {
      save.run({
        source: position.source,
        device: position.device,
        inode: position.inode,
        path: position.path,
        prefix_bytes: position.prefixBytes,
        prefix_sha256: position.prefixSha256,
        content_id: position.contentId ?? null,
        read_offset: position.offset,
        rotated: position.rotated ? 1 : 0,
        modified_at: position.modifiedMs,
        mark: position.mark ?? null,
        archive: position.archive ?? null,
        target: position.target ?? null,
        ended: position.ended === true ? 1 : 0,
      });
    },
    forget: ({ source, device, inode }: FileKey): void => {
      forget.run({ source, device, inode });
    },
    all: (): readonly FilePosition[] => all.all().map(toPosition),
  };
}

function toPosition(row: PositionRow): FilePosition {
  return {
    source: row.source,
    path: row.path,
    device: row.device,
    inode: row.inode,
    prefixBytes: row.prefix_bytes,
    prefixSha256: row.prefix_sha256,
    ...(row.content_id !== null && { contentId: row.content_id }),
    offset: row.read_offset,
    rotated: row.rotated === 1,
    modifiedMs: row.modified_at,
    ...(row.mark !== null && { mark: row.mark }),
    ...(row.archive !== null && { archive: row.archive }),
    ...(row.target !== null && { target: row.target }),
    ...(row.ended === 1 && { ended: true as const }),
  };
}

/** How far each source that is no file was read. */
export function cursorsTable(db: Database) {
  const save = db.prepare<SourceCursor>(
    'INSERT OR REPLACE INTO source_cursors (source, cursor) VALUES (@source, @cursor)',
  );
  const forget = db.prepare<[string]>('DELETE FROM source_cursors WHERE source = ?');
  const all = db.prepare<[], SourceCursor>('SELECT source, cursor FROM source_cursors ORDER BY source');
  return {
    save: (cursor: SourceCursor): void => {
      save.run(cursor);
    },
    forget: (source: string): void => {
      forget.run(source);
    },
    all: (): ReadonlyMap<string, string> => new Map(all.all().map(({ source, cursor }) => [source, cursor])),
  };
}

/** What must be remembered between lines. */
export function sessionsTable(db: Database) {
  const save = db.prepare<SavedSession>(`
    INSERT OR REPLACE INTO sessions (source, key, last_seen_ms, state) VALUES (@source, @key, @lastSeenMs, @state)`);
  const end = db.prepare<[string, string]>('DELETE FROM sessions WHERE source = ? AND key = ?');
  const all = db.prepare<[], SavedSession>(`
    SELECT source, key, last_seen_ms AS lastSeenMs, state FROM sessions ORDER BY last_seen_ms, source, key`);
  return {
    apply: ({ saved, ended }: SessionChanges): void => {
      for (const { source, key } of ended) end.run(source, key);
      for (const session of saved) save.run(session);
    },
    all: (): readonly SavedSession[] => all.all(),
  };
}

/** What became of each source's lines, and when it was first looked at. */
export function countsTable(db: Database) {
  const add = db.prepare<SourceCounts>(`
    INSERT INTO source_counts (source, lines, parsed, skipped, unreadable, cut)
    VALUES (@source, @lines, @parsed, @skipped, @unreadable, @cut)
    ON CONFLICT (source) DO UPDATE SET
      lines = lines + excluded.lines, parsed = parsed + excluded.parsed, skipped = skipped + excluded.skipped,
      unreadable = unreadable + excluded.unreadable, cut = cut + excluded.cut`);
  const all = db.prepare<[], SourceCounts>('SELECT * FROM source_counts ORDER BY source');
  const see = db.prepare<[string, number]>('INSERT OR IGNORE INTO sources_seen (source, first_seen_at) VALUES (?, ?)');
  const unsee = db.prepare<[string]>('DELETE FROM sources_seen WHERE source = ?');
  const seen = db.prepare<[], string>('SELECT source FROM sources_seen').pluck();
  return {
    add: (counts: SourceCounts): void => {
      add.run(counts);
    },
    all: (): readonly SourceCounts[] => all.all(),
    see: (source: string, nowMs: number): void => {
      see.run(source, nowMs);
    },
    unsee: (source: string): void => {
      unsee.run(source);
    },
    seen: (): ReadonlySet<string> => new Set(seen.all()),
  };
}

/** What `format: auto` was settled to. The first word holds: what is read must not depend on how often we started. */
export function formatsTable(db: Database) {
  const settle = db.prepare<SourceFormat>(
    'INSERT OR IGNORE INTO source_formats (source, format) VALUES (@source, @format)',
  );
  const all = db.prepare<[], SourceFormat>('SELECT source, format FROM source_formats ORDER BY source');
  return {
    settle: (settled: SourceFormat): void => {
      settle.run(settled);
    },
    all: (): ReadonlyMap<string, string> => new Map(all.all().map(({ source, format }) => [source, format])),
  };
}

/** The latest lines of each source that could not be read. */
export function samplesTable(db: Database) {
  const add = db.prepare<UnreadableSample>(`
    INSERT INTO unreadable_samples (source, file, byte_offset, because, masked)
    VALUES (@source, @file, @offset, @because, @masked)`);
  const trim = db.prepare<[string, string, number]>(`
    DELETE FROM unreadable_samples WHERE source = ? AND seq <= (
      SELECT seq FROM unreadable_samples WHERE source = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)`);
  const all = db.prepare<[], UnreadableSample>(`
    SELECT source, file, byte_offset AS offset, because, masked FROM unreadable_samples ORDER BY source, seq`);
  return {
    add: (samples: readonly UnreadableSample[]): void => {
      for (const sample of samples) add.run(sample);
      for (const source of new Set(samples.map((it) => it.source))) trim.run(source, source, SAMPLES_KEPT);
    },
    all: (): readonly UnreadableSample[] => all.all(),
  };
}
