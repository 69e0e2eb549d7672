import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch, start } from '../command.ts';
import { describeWithServers, programPath } from '../e2e/requirements.ts';
import { configOf, configure, end, said, storedCounts } from './installation.ts';
import { SteadyLog } from './steady-log.ts';

describeWithServers('A full disk', { programs: ['mount', 'umount'], root: true }, () => {
  test('is waited out: what was read while the state could not grow is stored when it can', {
    timeout: 120_000,
  }, async () => {
    await using dir = await scratch();
    const home = join(dir.path, 'agent');
    const log = new SteadyLog(join(dir.path, 'access.log'));
    configure(home, log.path);
    const state = join(home, 'state');
    mkdirSync(state, { mode: 0o700 });
    using _disk = mountTmpfs(state, '3m');
    log.write(200);
    const daemon = start(['run', '--config', configOf(home)]);
    try {
      await log.isTakenIn(home);
      const ballast = join(state, 'ballast');
      fill(ballast);
      // Enough findings that the database must grow.
      log.write(3_000);
      await said(home, /a batch could not be stored and is read again/);
      expect(daemon.exitCode, 'the daemon ended').toBeNull();
      rmSync(ballast);
      await log.isTakenIn(home);
    } finally {
      await end(daemon, 'SIGKILL');
    }
    expect(storedCounts(home)).toEqual({ lines: 3_200, findings: 320 });
  });
});

/** A small file system of its own on `directory`. */
function mountTmpfs(directory: string, size: string): Disposable {
  execFileSync(programPath('mount'), ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', directory]);
  return { [Symbol.dispose]: () => execFileSync(programPath('umount'), ['--lazy', directory]) };
}

/** Takes all the room that is left. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
