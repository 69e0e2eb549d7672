import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch, start } from '../command.ts';
import { describeWithServers } from '../e2e/requirements.ts';
import { mulberry32, seedOfRun } from '../random.ts';
import { configOf, configure, elapsed, end, runUntilIdle, storedCounts, storedGaps } from './installation.ts';
import { POLICIES, RotatedLog } from './logrotate.ts';

/** For each policy; `npm run test:soak` asks for more. */
const KILLS = Number(process.env.PHI_EGRESS_KILLS ?? 4);

describeWithServers(
  'A daemon that is killed again and again',
  { programs: ['logrotate', 'xz', 'zstd', 'bzip2'] },
  () => {
    test.each(POLICIES.map((policy) => [policy.title, policy] as const))(
      `takes in every line once, ${KILLS} kills, the log being %s`,
      { timeout: 120_000 + KILLS * 20_000 },
      async (title, policy) => {
        const seed = seedOfRun();
        const random = mulberry32(seed);
        await using dir = await scratch();
        const log = new RotatedLog(dir.path, policy, random);
        const home = join(dir.path, 'agent');
        configure(home, log.path);
        // What was rotated away before the log was seen for the first time is for `replay`.
        expect(await runUntilIdle(home)).toMatchObject({ code: 0 });
        log.start();
        for (let kill = 0; kill < KILLS; kill++) {
          const victim = start(['run', '--config', configOf(home)]);
          // One in four dies while it starts, the others at work: the greeting comes when all is open.
          if (random() < 0.75) await once(victim.stderr, 'data');
          await Promise.race([elapsed(random() * 900), once(victim, 'exit')]);
          expect(victim.exitCode, 'the daemon ended by itself').toBeNull();
          await end(victim, 'SIGKILL');
        }
        const written = await log.stop();
        expect(await runUntilIdle(home)).toMatchObject({ code: 0 });

        const { lines, findings } = storedCounts(home);
        process.stdout.write(
          `${title}: ${KILLS} kills, ${written.rotations} rotations; lines ${lines} of ${written.lines}, ` +
            `findings ${findings} of ${written.findings}, seed ${seed}\n`,
        );
        expect(written.rotations, `seed ${seed}`).toBeGreaterThan(0);
        expect({ lines, findings, gaps: storedGaps(home) }, `seed ${seed}`).toEqual({
          lines: written.lines,
          findings: written.findings,
          gaps: [],
        });
      },
    );
  },
);
