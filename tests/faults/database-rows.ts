import { join } from 'node:path';
import Database from 'better-sqlite3';
import { WALL_CLOCK_COLUMNS, WALL_CLOCK_TABLES } from '../../src/store/migrations.ts';

/** Every row of every table of a state directory, without the tables and columns that hold the time of a clock. */
export function rowsOf(state: string): Record<string, readonly string[]> {
  const database = new Database(join(state, 'phi-egress.db'), { readonly: true });
  try {
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all()
      .filter((table) => !WALL_CLOCK_TABLES.has(table));
    return Object.fromEntries(tables.map((table) => [table, rowsOfTable(database, table)]));
  } finally {
    database.close();
  }
}

function rowsOfTable(database: Database.Database, table: string): readonly string[] {
  const clocks = WALL_CLOCK_COLUMNS[table] ?? [];
  return database
    .prepare<[], Record<string, unknown>>(`SELECT * FROM "${table}"`)
    .all()
    .map((row) => Object.entries(row).filter(([column]) => !clocks.includes(column)))
    .map((row) => JSON.stringify(row, (_, value) => (Buffer.isBuffer(value) ? value.toString('hex') : value)))
    .sort();
}
