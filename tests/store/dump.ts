import SqliteDatabase from 'better-sqlite3';
import { databasePath } from '../../src/store/database.ts';
import { WALL_CLOCK_COLUMNS, WALL_CLOCK_TABLES } from '../../src/store/migrations.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Every row of every table but the masking key, without the tables and columns that hold the time of a clock. */
export function dump(directory: string): Readonly<Record<string, Rows>> {
  const db = new SqliteDatabase(databasePath(directory), { readonly: true });
  try {
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta' ORDER BY name")
      .pluck()
      .all()
      .filter((table) => !WALL_CLOCK_TABLES.has(table));
    return Object.fromEntries(
      tables.map((table) => {
        const clock = new Set(WALL_CLOCK_COLUMNS[table] ?? []);
        const columns = db
          .prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`)
          .pluck()
          .all()
          .filter((it) => !clock.has(it))
          .join(', ');
        return [
          table,
          db.prepare<[], Record<string, unknown>>(`SELECT ${columns} FROM ${table} ORDER BY ${columns}`).all(),
        ];
      }),
    );
  } finally {
    db.close();
  }
}
