import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databasePath } from '../../src/store/database.ts';
import { WALL_CLOCK_COLUMNS } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/store.ts';
import { scratch } from './scratch.ts';

/** What follows from a file system's times, and is none itself. */
const FOLLOWING_FROM_TIMES = ['file_positions.archive', 'file_positions.ended'];

test('the columns that hold the time of a clock are exactly those whose name ends in _at', () => {
  using directory = scratch();
  openStore(directory.path, () => 1).close();
  const db = new SqliteDatabase(databasePath(directory.path), { readonly: true });
  const columns = db
    .prepare<[], { name: string; column: string }>(`
      SELECT tables.name, columns.name AS column
      FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
      WHERE tables.type = 'table' AND columns.name LIKE '%\\_at' ESCAPE '\\'`)
    .all()
    .map(({ name, column }) => `${name}.${column}`);
  db.close();
  const listed = Object.entries(WALL_CLOCK_COLUMNS).flatMap(([table, names]) => names.map((it) => `${table}.${it}`));
  expect([...columns, ...FOLLOWING_FROM_TIMES].sort()).toEqual(listed.sort());
});
