import type { Database } from 'better-sqlite3';
import type { EndpointSighting, RememberedSighting } from '../geo/watch/sighting.ts';

/** An edition of a database or of address ranges that verdicts have rested on. The file itself may be gone. */
export interface GeoEdition {
  /** Of the file, hex. */
  readonly sha256: string;
  /** Its name. */
  readonly name: string;
  readonly edition: string;
  /** ISO 8601 UTC; absent where the file does not tell. */
  readonly built?: string;
}

/** Names ending in `_at` are times of a clock, ms since the epoch. */
export function createGeoTables(db: Database): void {
  db.exec(`
    CREATE TABLE geo_editions (
      sha256        TEXT NOT NULL,
      name          TEXT NOT NULL,
      edition       TEXT NOT NULL,
      built         TEXT,
      first_used_at INTEGER NOT NULL,
      PRIMARY KEY (sha256, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE endpoint_sightings (
      vendor        TEXT NOT NULL,
      domain        TEXT NOT NULL,
      address       TEXT NOT NULL,
      place         TEXT NOT NULL,
      verdict       TEXT NOT NULL,
      first_seen_at INTEGER NOT NULL,
      last_seen_at  INTEGER NOT NULL,
      PRIMARY KEY (vendor, domain, address)
    ) STRICT, WITHOUT ROWID;
  `);
}

/** The columns of these tables that hold the time of a clock. */
export const GEO_CLOCK_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  geo_editions: ['first_used_at'],
  endpoint_sightings: ['first_seen_at', 'last_seen_at'],
};

/** What is kept for good of every database that was used: licences do not let the files themselves be kept. */
export function geoEditionsTable(db: Database) {
  const add = db.prepare<[string, string, string, string | null, number]>(
    'INSERT OR IGNORE INTO geo_editions (sha256, name, edition, built, first_used_at) VALUES (?, ?, ?, ?, ?)',
  );
  const all = db.prepare<[], Omit<GeoEdition, 'built'> & { built: string | null }>(
    'SELECT sha256, name, edition, built FROM geo_editions ORDER BY first_used_at, name, sha256',
  );
  return {
    use: ({ sha256, name, edition, built }: GeoEdition, nowMs: number): void => {
      add.run(sha256, name, edition, built ?? null, nowMs);
    },
    all: (): readonly GeoEdition[] =>
      all.all().map(({ built, ...edition }) => ({ ...edition, ...(built !== null && { built }) })),
  };
}

/** Addresses remembered of one domain; one with more is served by a content network, and its oldest tell nothing. */
const ADDRESSES_KEPT = 256;

interface SightingRow {
  vendor: string;
  domain: string;
  address: string;
  place: string;
  verdict: string;
  first_seen_at: number;
  last_seen_at: number;
}

/** Where vendors' domains were seen to point. */
export function sightingsTable(db: Database) {
  const save = db.prepare<SightingRow>(`
    INSERT INTO endpoint_sightings (vendor, domain, address, place, verdict, first_seen_at, last_seen_at)
    VALUES (@vendor, @domain, @address, @place, @verdict, @first_seen_at, @last_seen_at)
    ON CONFLICT (vendor, domain, address) DO UPDATE SET
      place = excluded.place, verdict = excluded.verdict, last_seen_at = excluded.last_seen_at`);
  const trim = db.prepare<Record<'vendor' | 'domain', string> & { kept: number }>(`
    DELETE FROM endpoint_sightings WHERE vendor = @vendor AND domain = @domain AND address IN (
      SELECT address FROM endpoint_sightings WHERE vendor = @vendor AND domain = @domain
      ORDER BY last_seen_at DESC, address LIMIT -1 OFFSET @kept)`);
  const all = db.prepare<[], SightingRow>('SELECT * FROM endpoint_sightings ORDER BY vendor, domain, address');
  return {
    see: (sightings: readonly EndpointSighting[], nowMs: number): void => {
      for (const it of sightings) save.run({ ...it, first_seen_at: nowMs, last_seen_at: nowMs });
      const domains = new Map(sightings.map(({ vendor, domain }) => [`${vendor}\n${domain}`, { vendor, domain }]));
      for (const of of domains.values()) trim.run({ ...of, kept: ADDRESSES_KEPT });
    },
    all: (): readonly RememberedSighting[] => all.all().map(toSighting),
  };
}

function toSighting({ first_seen_at, last_seen_at, verdict, ...rest }: SightingRow): RememberedSighting {
  return {
    ...rest,
    verdict: verdict as RememberedSighting['verdict'],
    firstSeenMs: first_seen_at,
    lastSeenMs: last_seen_at,
  };
}
