import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { scratch } from './scratch.ts';

/** Takes the lock as the store does, in a process of its own that never gives it back. */
const HOLDER = `
  const { default: SqliteDatabase } = await import(process.argv[1]);
  const db = new SqliteDatabase(process.argv[2]);
  db.exec('BEGIN EXCLUSIVE');
  process.stdout.write('held');
  setInterval(() => db.open, 1_000);
`;

test('a daemon that was killed does not leave its state locked', async () => {
  using directory = scratch();
  openStore(directory.path, () => 1).close();
  const driver = pathToFileURL(join(import.meta.dirname, '../../node_modules/better-sqlite3/lib/index.js')).href;
  const lock = join(directory.path, 'phi-egress.lock');
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, driver, lock], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(holder.stdout, 'data');
    expect(() => openStore(directory.path, () => 1)).toThrow('Another phi-egress is running');
  } finally {
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
  openStore(directory.path, () => 1).close();
});
