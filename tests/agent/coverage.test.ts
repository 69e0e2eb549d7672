import { appendFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, scratch } from '../command.ts';
import {
  coverageIn,
  follow,
  HandClock,
  inShort,
  install,
  keptIn,
  LOGIN,
  noticesIn,
  OHIO,
  runUntilIdle,
  SQUID,
  upload,
} from './installation.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const START = new HandClock().wallMs;

/** `coverage-gap open 1`: the notices that a file of alerts holds. */
async function toldIn(directory: string): Promise<readonly string[]> {
  const notices = await noticesIn(join(directory, 'alerts.ndjson'));
  return notices.map(
    (it) => `${it.rule} ${inShort(it)}${it.closedBecause === undefined ? '' : ` ${it.closedBecause}`}`,
  );
}

function gapsIn(directory: string): readonly string[] {
  return coverageIn(directory).gaps.map(
    ({ kind, fromMs, untilMs, lasts, count }) =>
      `${kind} ${(fromMs - START) / SECOND}-${lasts ? '' : (untilMs - START) / SECOND} x${count}`,
  );
}

const until = (look: () => Promise<boolean> | boolean, what: string) =>
  eventually(async () => ((await look()) ? true : undefined), 20_000, what);

async function installed(source: object = {}) {
  const dir = await scratch();
  const config = await install(dir.path, [{ ...SQUID, ...source }]);
  return { dir, config, log: join(dir.path, 'access.log'), clock: new HandClock() };
}

test('a log that was emptied while nobody watched is a gap since it was last watched, and an alert', async () => {
  const { dir, config, log, clock } = await installed();
  await using _ = dir;
  await writeFile(log, upload(1, OHIO) + upload(2, OHIO));
  await runUntilIdle(config, clock);
  clock.pass(30 * SECOND);
  await writeFile(log, upload(3, OHIO));
  await runUntilIdle(config, clock);

  expect(gapsIn(dir.path)).toEqual(['truncated 0-30 x1']);
  expect(coverageIn(dir.path).spans).toEqual([{ source: 'squid', fromMs: START, untilMs: START + 30 * SECOND }]);
  expect(await toldIn(dir.path)).toEqual(['coverage-gap open 1']);
  const [alert] = keptIn(dir.path).alerts;
  expect(alert).toMatchObject({ kind: 'condition', source: 'squid', ledger: { seq: 1 } });
  expect(alert?.explanation).toContain(`${log} at byte`);
});

test('a log that is gone is a gap; the alert of a gap that is over closes when none came for as long as alerts stay open', async () => {
  const { dir, config, log, clock } = await installed();
  await using _ = dir;
  await writeFile(log, upload(1, OHIO));
  await runUntilIdle(config, clock);
  await rm(log);
  clock.pass(5 * SECOND);
  await runUntilIdle(config, clock);
  expect(gapsIn(dir.path)).toEqual(['vanished 0-5 x1']);

  clock.pass(24 * 60 * MINUTE - 1);
  await runUntilIdle(config, clock);
  expect(await toldIn(dir.path)).toEqual(['coverage-gap open 1']);
  clock.pass(1);
  await runUntilIdle(config, clock);
  await runUntilIdle(config, clock);
  expect(await toldIn(dir.path)).toEqual(['coverage-gap open 1', 'coverage-gap closed 1 mended']);
  expect(gapsIn(dir.path)).toEqual(['vanished 0-5 x1']);
});

test('a line that is cut is a gap in a time that was watched', async () => {
  const { dir, config, log, clock } = await installed();
  await using _ = dir;
  await writeFile(log, `${upload(1, OHIO)}${'x'.repeat(1_100_000)}\n${upload(2, OHIO)}`);
  await runUntilIdle(config, clock);
  expect(gapsIn(dir.path)).toEqual(['line-cut 0-0 x1']);
  expect(keptIn(dir.path).alerts).toMatchObject([{ rule: 'coverage-gap', severity: 'low' }]);
});

test('rotation and restarts leave no gap, and the span of a file goes on', async () => {
  const { dir, config, log, clock } = await installed();
  await using _ = dir;
  for (let round = 0; round < 3; round++) {
    await appendFile(log, upload(round, OHIO));
    await runUntilIdle(config, clock);
    clock.pass(10 * MINUTE);
  }
  expect(coverageIn(dir.path)).toEqual({
    spans: [{ source: 'squid', fromMs: START, untilMs: START + 20 * MINUTE }],
    gaps: [],
  });
  expect(await toldIn(dir.path)).toEqual([]);
});

test('what cannot be read is told after a minute, and is over when it is read again', async () => {
  const { dir, config, log, clock } = await installed();
  await using _ = dir;
  await writeFile(log, upload(1, OHIO));
  {
    await using agent = await follow(config, clock);
    await until(() => keptIn(dir.path).status.sources[0]?.lines === 1, 'the first line');
    await rm(log);
    await symlink('access.log', log);
    await until(() => gapsIn(dir.path).some((it) => it.startsWith('unreadable')), 'the gap');
    expect(await toldIn(dir.path)).not.toContain('coverage-gap open 1');
    clock.pass(MINUTE);
    await until(async () => (await toldIn(dir.path)).length > 0, 'the alert');
    expect(keptIn(dir.path).alerts).toMatchObject([{ rule: 'coverage-gap', severity: 'high', state: 'open' }]);

    await rm(log);
    await writeFile(log, upload(1, OHIO) + upload(2, OHIO));
    await until(() => gapsIn(dir.path).some((it) => /^unreadable 0-60 /.test(it)), 'the end of the gap');
    await agent.stop();
  }
  expect(coverageIn(dir.path).gaps.find(({ kind }) => kind === 'unreadable')).toMatchObject({
    lasts: false,
    unwatched: false,
    path: log,
    because: 'ELOOP',
  });
});

test('a source that falls silent is an alert, which outlives a restart and ends with the next line', async () => {
  const { dir, config, log, clock } = await installed({ silence: '30m' });
  await using _ = dir;
  await writeFile(log, upload(1, OHIO));
  {
    await using agent = await follow(config, clock);
    await until(() => keptIn(dir.path).status.sources[0]?.lines === 1, 'the first line');
    clock.pass(30 * MINUTE);
    await until(async () => (await toldIn(dir.path)).length === 1, 'the alert');
    await agent.stop();
  }
  clock.pass(MINUTE);
  await runUntilIdle(config, clock);
  expect(await toldIn(dir.path)).toEqual(['source-silent open 1']);

  await appendFile(log, upload(2, OHIO));
  await runUntilIdle(config, clock);
  await runUntilIdle(config, clock);
  expect(await toldIn(dir.path)).toEqual(['source-silent open 1', 'source-silent closed 1 mended']);
});

test('a clock that is set forward or back is a gap, and silences nobody', async () => {
  const { dir, config, log, clock } = await installed({ silence: '30m' });
  await using _ = dir;
  await writeFile(log, upload(1, OHIO));
  await using agent = await follow(config, clock);
  await until(() => keptIn(dir.path).status.sources[0]?.lines === 1, 'the first line');
  clock.wallMs += 60 * MINUTE;
  await until(() => gapsIn(dir.path).length === 1, 'the first jump');
  clock.wallMs -= 30 * MINUTE;
  await until(() => gapsIn(dir.path).length === 2, 'the second jump');
  clock.pass(2 * SECOND);
  await until(async () => (await toldIn(dir.path)).length > 0, 'the alert');
  await agent.stop();
  expect(gapsIn(dir.path)).toEqual(['clock-forward 0-3600 x1', 'clock-backward 1800-3600 x1']);
  expect((await toldIn(dir.path)).every((it) => it.startsWith('coverage-gap'))).toBe(true);
});

test('a log in another format than configured is an alert that names the format, and ends when lines are read again', async () => {
  const { dir, config, log, clock } = await installed();
  await using _ = dir;
  await writeFile(log, LOGIN.repeat(19));
  await runUntilIdle(config, clock);
  expect(await toldIn(dir.path)).toEqual([]);
  await appendFile(log, LOGIN.repeat(20));
  await runUntilIdle(config, clock);
  expect(await toldIn(dir.path)).toEqual(['format-mismatch open 1']);
  expect(keptIn(dir.path).alerts[0]?.explanation).toContain(
    '20 lines of the latest 20 of source squid cannot be read as squid; they read as openssh.',
  );

  // A start without new lines tells nothing of the format.
  await runUntilIdle(config, clock);
  expect(keptIn(dir.path).alerts.map(inShort)).toEqual(['open 1']);
  await appendFile(log, upload(1, OHIO).repeat(20));
  await runUntilIdle(config, clock);
  expect(await toldIn(dir.path)).toEqual(['format-mismatch open 1', 'format-mismatch closed 1 mended']);
});

test('a copy that is truncated is no gap', async () => {
  const { dir, config, log, clock } = await installed();
  await using _ = dir;
  await writeFile(log, upload(1, OHIO));
  await runUntilIdle(config, clock);
  await appendFile(log, upload(2, OHIO));
  await writeFile(`${log}.1`, upload(1, OHIO) + upload(2, OHIO));
  await truncate(log);
  await runUntilIdle(config, clock);
  expect(coverageIn(dir.path).gaps).toEqual([]);
  expect(keptIn(dir.path).status.sources[0]?.lines).toBe(2);
});
