import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { eventually, ROOT, run, scratch } from '../command.ts';
import { rowsOf } from '../faults/database-rows.ts';
import { install, keptIn, runUntilIdle, SQUID, upload } from './installation.ts';

const faults: { wrap: (store: Store) => Store } = { wrap: (store) => store };
vi.mock('../../src/store/store.ts', async (original) => {
  const { openStore, ...rest } = await original<typeof import('../../src/store/store.ts')>();
  return { ...rest, openStore: (...args: Parameters<typeof openStore>) => faults.wrap(openStore(...args)) };
});

afterEach(() => {
  faults.wrap = (store) => store;
});

/** Fails the calls of one operation that are numbered so, from 1. */
function failing<T extends unknown[], R>(calls: readonly number[], operation: (...args: T) => R): (...args: T) => R {
  let call = 0;
  return (...args) => {
    call += 1;
    if (calls.includes(call)) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    return operation(...args);
  };
}

const MAIN = join(ROOT, 'dist', 'cli', 'main.js');
const UPLOADS = 2_000;
/** KiB that a file may have: more than a new database, less than the findings take. */
const LIMIT_KIB = 400;

test('a daemon whose disk is full goes on by itself when there is room, and has lost and doubled nothing', {
  timeout: 120_000,
}, async () => {
  await using dir = await scratch();
  const [calm, full] = [join(dir.path, 'calm'), join(dir.path, 'full')];
  mkdirSync(calm);
  const log = join(dir.path, 'access.log');
  writeFileSync(log, upload(0));
  const config = await install(calm, [{ ...SQUID, paths: [log] }]);
  // A first run makes the masking key, which the two have in common from then on.
  expect(await run(['run', '--config', config, '--until-idle'])).toMatchObject({ code: 0 });
  cpSync(calm, full, { recursive: true });
  appendFileSync(log, Array.from({ length: UPLOADS }, (_, index) => upload(1 + index)).join(''));

  const limited = `ulimit -S -f ${LIMIT_KIB}; exec "$0" run --config "$1"`;
  const daemon = spawn('bash', ['-c', limited, MAIN, join(full, 'phi-egress.yaml')], { stdio: 'ignore' });
  try {
    const agentLog = () => readFileSync(join(full, 'agent.log'), 'utf8');
    await eventually(
      async () => (agentLog().includes('a batch could not be stored') ? true : undefined),
      30_000,
      'a batch that could not be stored',
    );
    expect(daemon.exitCode).toBeNull();
    execFileSync('prlimit', ['--pid', String(daemon.pid), '--fsize=unlimited']);
    await eventually(
      async () => (keptIn(full).status.findings === UPLOADS + 1 ? true : undefined),
      60_000,
      'all findings',
    );
  } finally {
    const gone = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await gone;
  }

  // The end of a run tells what was held back, in both.
  for (const directory of [calm, full])
    expect(await run(['run', '--config', join(directory, 'phi-egress.yaml'), '--until-idle'])).toMatchObject({
      code: 0,
    });
  expect(rowsOf(join(full, 'state'))).toEqual(rowsOf(join(calm, 'state')));
  expect(readFileSync(join(full, 'alerts.ndjson'), 'utf8')).toBe(readFileSync(join(calm, 'alerts.ndjson'), 'utf8'));
});

test('a state that cannot even be read after a failed commit is tried again, and ends nothing', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  writeFileSync(join(dir.path, 'access.log'), upload(0));
  // The first commit is that of the configuration; the state is read twice before anything is followed.
  faults.wrap = (store) => ({
    ...store,
    commit: failing([2], store.commit),
    loadState: failing([3], store.loadState),
  });
  await runUntilIdle(config);
  const { findings, status } = keptIn(dir.path);
  expect(findings).toHaveLength(1);
  expect(status.sources).toMatchObject([{ lines: 1, parsed: 1 }]);
});

test('a run that is to end by itself gives up on a state that stays broken, and says why', {
  timeout: 30_000,
}, async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  writeFileSync(join(dir.path, 'access.log'), upload(0));
  faults.wrap = (store) => ({ ...store, commit: failing([2, 3, 4, 5, 6, 7], store.commit) });
  await expect(runUntilIdle(config)).rejects.toThrow('disk I/O error');
  faults.wrap = (store) => store;
  await runUntilIdle(config);
  expect(keptIn(dir.path).findings).toHaveLength(1);
});
