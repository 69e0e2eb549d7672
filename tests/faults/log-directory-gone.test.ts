import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch, start } from '../command.ts';
import { configOf, configure, elapsed, end, storedCounts } from './installation.ts';
import { SteadyLog } from './steady-log.ts';

test('a log whose directory is gone for a while, and written to meanwhile, is read on when it comes back', {
  timeout: 120_000,
}, async () => {
  await using dir = await scratch();
  const logs = join(dir.path, 'logs');
  mkdirSync(logs);
  const log = new SteadyLog(join(logs, 'access.log'));
  const home = join(dir.path, 'agent');
  configure(home, log.path);
  log.write(200);
  const daemon = start(['run', '--config', configOf(home)]);
  try {
    await log.isTakenIn(home);
    renameSync(logs, `${logs}.away`);
    const away = new SteadyLog(join(`${logs}.away`, 'access.log'), log.number);
    away.write(200);
    await elapsed(1_000);
    expect(daemon.exitCode, 'the daemon ended').toBeNull();
    renameSync(`${logs}.away`, logs);
    const back = new SteadyLog(log.path, away.number);
    back.write(200);
    await back.isTakenIn(home);
  } finally {
    await end(daemon, 'SIGKILL');
  }
  expect(storedCounts(home)).toEqual({ lines: 600, findings: 60 });
});
