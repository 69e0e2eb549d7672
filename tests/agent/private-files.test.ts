import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, scratch, start } from '../command.ts';
import { install, noticesIn, SQUID, upload } from './installation.ts';

/** The permission bits of a file. */
async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test('what the daemon writes is its owner’s alone, while it runs', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  await writeFile(join(dir.path, 'access.log'), upload(0));
  const daemon = start(['run', '--config', config]);
  try {
    const alerts = join(dir.path, 'alerts.ndjson');
    await eventually(async () => ((await noticesIn(alerts)).length > 0 ? true : undefined), 20_000, 'an alert');

    const state = join(dir.path, 'state');
    expect(await modeOf(state)).toBe('700');
    const names = await readdir(state);
    expect(names).toEqual(expect.arrayContaining(['phi-egress.db', 'phi-egress.db-wal', 'phi-egress.db-shm']));
    for (const name of names) expect([name, await modeOf(join(state, name))]).toEqual([name, '600']);
    for (const name of ['alerts.ndjson', 'agent.log'])
      expect([name, await modeOf(join(dir.path, name))]).toEqual([name, '600']);
  } finally {
    daemon.kill('SIGKILL');
  }
});
