import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch, start } from '../command.ts';
import { describeWithServers } from '../e2e/requirements.ts';
import { type Fault, Injection } from './injection.ts';
import { configOf, configure, end, said, storedCounts } from './installation.ts';
import { SteadyLog } from './steady-log.ts';

/** What goes wrong under a running daemon, and what its own log must say of it. */
interface Trouble {
  readonly title: string;
  readonly fault: Fault;
  readonly says: RegExp;
}

const STORE_FAILED = /a batch could not be stored and is read again/;

const TROUBLES: readonly Trouble[] = [
  {
    title: 'the log may not be read any more (EACCES)',
    fault: { call: 'open', error: 'EACCES', path: 'access.log' },
    says: /"code":"EACCES"/,
  },
  {
    title: 'the disk under the log fails (EIO)',
    fault: { call: 'read', error: 'EIO', path: 'access.log' },
    says: /"code":"EIO"/,
  },
  {
    title: 'no file can be opened because too many are open (EMFILE)',
    fault: { call: 'open', error: 'EMFILE', path: 'access.log' },
    says: /"code":"EMFILE"/,
  },
  {
    title: 'the file server that holds the log lost it (ESTALE)',
    fault: { call: 'read', error: 'ESTALE', path: 'access.log' },
    says: /"code":"ESTALE"/,
  },
  {
    title: 'the disk under the state is full (ENOSPC)',
    fault: { call: 'write', error: 'ENOSPC', path: 'phi-egress.db' },
    says: STORE_FAILED,
  },
  {
    title: 'the disk under the state became read-only (EROFS)',
    fault: { call: 'write', error: 'EROFS', path: 'phi-egress.db' },
    says: STORE_FAILED,
  },
  {
    title: 'the disk under the state fails (EIO)',
    fault: { call: 'write', error: 'EIO', path: 'phi-egress.db' },
    says: STORE_FAILED,
  },
  {
    title: 'what is written to the state cannot be brought to the disk (EIO)',
    fault: { call: 'sync', error: 'EIO', path: 'phi-egress.db' },
    says: STORE_FAILED,
  },
];

describeWithServers('A daemon in trouble', { programs: ['gcc'] }, () => {
  test.each(TROUBLES.map((it) => [it.title, it] as const))(
    'waits, says so, goes on by itself and has lost nothing when %s',
    { timeout: 120_000 },
    async (_, { fault, says }) => {
      await using dir = await scratch();
      const injection = new Injection(dir.path);
      const log = new SteadyLog(join(dir.path, 'access.log'));
      const home = join(dir.path, 'agent');
      configure(home, log.path);
      log.write(200);
      const daemon = start(['run', '--config', configOf(home)], { env: injection.env });
      try {
        await log.isTakenIn(home);
        injection.set(fault);
        log.rotate();
        log.write(200);
        await said(home, says);
        expect(daemon.exitCode, 'the daemon ended').toBeNull();
        injection.clear();
        log.write(200);
        await log.isTakenIn(home);
      } finally {
        await end(daemon, 'SIGKILL');
      }
      expect(storedCounts(home)).toEqual({ lines: 600, findings: 60 });
    },
  );
});
