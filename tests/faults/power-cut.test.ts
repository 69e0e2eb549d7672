import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { collect, scratch, start } from '../command.ts';
import { describeWithServers } from '../e2e/requirements.ts';
import { mulberry32, seedOfRun } from '../random.ts';
import { configOf, configure, ended, runUntilIdle, storedCounts } from './installation.ts';
import { afterPowerCut, readTrace } from './power-cut.ts';
import { SteadyLog } from './steady-log.ts';

const LINES = 8_000;
const CUTS = 40;
/** Of the cuts; each is a whole run of the daemon. */
const RUN_ON_AFTER = 6;

/** The power does not fail here: the calls of a real run are written down, and the disk is made from a part of them. */
describeWithServers('A power failure', { programs: ['gcc'] }, () => {
  test('leaves a sound database that knows of every alert that was told, and nothing is lost', {
    timeout: 240_000,
  }, async () => {
    const seed = seedOfRun();
    const random = mulberry32(seed);
    await using dir = await scratch();
    const log = new SteadyLog(join(dir.path, 'access.log'));
    log.write(LINES);
    const home = join(dir.path, 'agent');
    configure(home, log.path);
    const env = { LD_PRELOAD: compiled(dir.path), TRACED: home, TRACE: join(dir.path, 'trace') };
    const daemon = start(['run', '--config', configOf(home), '--until-idle'], { env });
    const output = collect(daemon);
    expect(await ended(daemon), output().stderr).toBe(0);

    const calls = readTrace(env.TRACE, home);
    let told = 0;
    for (let cut = 0; cut < CUTS; cut++) {
      const count = 1 + Math.floor(random() * calls.length);
      const disk = afterPowerCut(calls, count, random);
      const survivor = join(dir.path, `cut-${cut}`);
      configure(survivor, log.path);
      for (const [path, bytes] of disk) put(join(survivor, path), bytes);
      const alerts = alertsTold(disk.get('alerts.ndjson'));
      told += alerts.length;
      if (alerts.length > 0) expect(alertsStored(survivor), `seed ${seed}`).toEqual(expect.arrayContaining(alerts));
      if (cut >= RUN_ON_AFTER) continue;
      expect(await runUntilIdle(survivor), `seed ${seed}`).toMatchObject({ code: 0 });
      expect(storedCounts(survivor), `seed ${seed}`).toEqual({ lines: LINES, findings: LINES / 10 });
    }
    process.stdout.write(`${CUTS} power failures in ${calls.length} calls, ${told} alerts told before, seed ${seed}\n`);
    expect(told).toBeGreaterThan(0);
  });
});

function compiled(directory: string): string {
  const library = join(directory, 'trace.so');
  const source = fileURLToPath(new URL('trace.c', import.meta.url));
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', library, source, '-ldl', '-lpthread']);
  return library;
}

function put(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, bytes, { mode: 0o600 });
}

/** Ids of the alerts in whole lines. */
function alertsTold(file: Buffer | undefined): string[] {
  const lines = file?.toString('utf8').split('\n').slice(0, -1) ?? [];
  return [...new Set(lines.flatMap((line) => /^\{"id":"([^"]+)"/.exec(line)?.[1] ?? []))];
}

/** Ids of the alerts in a database, which must be sound. */
function alertsStored(home: string): readonly string[] {
  const database = new Database(join(home, 'state', 'phi-egress.db'));
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    return database.prepare<[], string>('SELECT id FROM alerts').pluck().all();
  } finally {
    database.close();
  }
}
