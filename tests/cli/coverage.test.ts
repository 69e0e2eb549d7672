import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStoreReader } from '../../src/store/read-only.ts';
import { openStore } from '../../src/store/store.ts';
import { eventually, run, scratch, start } from '../command.ts';
import { configure } from './installation.ts';

const NOON = Date.UTC(2026, 10, 20, 12, 0, 0);
const MINUTE = 60_000;

/** Two sources of a day long ago: the proxy with a gap of six minutes and 1,204 cut lines, the SSH log without any. */
async function filled() {
  const dir = await scratch();
  const config = await configure(dir.path);
  await mkdir(join(dir.path, 'state'));
  const store = openStore(join(dir.path, 'state'), () => NOON);
  const momentary = { lasts: false, unwatched: false, count: 1 };
  store.commit({
    spans: [
      { source: 'squid', fromMs: NOON, untilMs: NOON + 60 * MINUTE },
      { source: 'sftp', fromMs: NOON, untilMs: NOON + 30 * MINUTE },
      { source: 'sftp', fromMs: NOON + 40 * MINUTE, untilMs: NOON + 60 * MINUTE },
    ],
    gaps: [
      {
        ...momentary,
        id: 'truncated 1',
        source: 'squid',
        kind: 'truncated',
        fromMs: NOON + 6 * MINUTE,
        untilMs: NOON + 12 * MINUTE,
        unwatched: true,
        path: '/var/log/squid/access.log',
        offset: 4_096,
      },
      { ...momentary, id: 'line-cut 1', source: 'squid', kind: 'line-cut', fromMs: NOON, untilMs: NOON, count: 1_204 },
    ],
  });
  store.close();
  return { dir, config };
}

const HOUR = ['--from', '2026-11-20T12:00:00Z', '--to', '2026-11-20T13:00:00Z'];

test('coverage shows for each source how much of a time it was watched, when, and every gap', async () => {
  const { dir, config } = await filled();
  await using _ = dir;
  const { code, stdout, stderr } = await run(['coverage', '--config', config, ...HOUR]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(
    [
      'source  watched  from (UTC)           until (UTC)          in all      gaps',
      'sftp    83.33%   2026-11-20 12:00:00  2026-11-20 13:00:00  50 minutes     0',
      'squid   90.00%   2026-11-20 12:00:00  2026-11-20 13:00:00  54 minutes     2',
      '',
      'watched  4',
      '  source  from (UTC)           until (UTC)          for',
      '  sftp    2026-11-20 12:00:00  2026-11-20 12:30:00  30 minutes',
      '  sftp    2026-11-20 12:40:00  2026-11-20 13:00:00  20 minutes',
      '  squid   2026-11-20 12:00:00  2026-11-20 12:06:00  6 minutes',
      '  squid   2026-11-20 12:12:00  2026-11-20 13:00:00  48 minutes',
      '',
      'gaps  2',
      '  source  from (UTC)           until (UTC)          for                 gap        count  where',
      '  squid   2026-11-20 12:00:00  2026-11-20 12:00:00  less than a second  line-cut   1,204  -',
      '  squid   2026-11-20 12:06:00  2026-11-20 12:12:00  6 minutes           truncated      1  /var/log/squid/access.log at byte 4,096',
      '',
    ].join('\n'),
  );
});

test('one source, part of the time, as JSON', async () => {
  const { dir, config } = await filled();
  await using _ = dir;
  const { stdout } = await run([
    ...['coverage', '--config', config, '--source', 'squid', '--json'],
    ...['--from', '2026-11-20T12:06:00Z', '--to', '2026-11-20T12:16:00Z'],
  ]);
  expect(JSON.parse(stdout)).toEqual({
    sources: [
      {
        source: 'squid',
        from: '2026-11-20T12:06:00.000Z',
        until: '2026-11-20T12:16:00.000Z',
        watchedMs: 4 * MINUTE,
        share: 0.4,
        watched: [{ from: '2026-11-20T12:12:00.000Z', until: '2026-11-20T12:16:00.000Z' }],
        gaps: [
          {
            kind: 'truncated',
            from: '2026-11-20T12:06:00.000Z',
            until: '2026-11-20T12:12:00.000Z',
            unwatched: true,
            count: 1,
            path: '/var/log/squid/access.log',
            offset: 4_096,
          },
        ],
      },
    ],
  });
});

test.each([
  [['--source', 'squidd'], 'No source is called "squidd"; there are squid, sftp'],
  [['--from', 'yesterday'], '--from "yesterday" is no time; write 2026-11-23 or 2026-11-23T14:00:00Z'],
  [['--from', '2026-11-21', '--to', '2026-11-20'], '--from is not before --to; ask for a time that has passed'],
])('coverage %j is bad usage', async (args, message) => {
  const { dir, config } = await filled();
  await using _ = dir;
  expect(await run(['coverage', '--config', config, ...args])).toEqual({
    code: 2,
    stdout: '',
    stderr: `phi-egress: ${message}\n`,
  });
});

test('a time in which nothing was watched is said in words', async () => {
  const { dir, config } = await filled();
  await using _ = dir;
  const { code, stdout, stderr } = await run(['coverage', '--config', config, '--to', '2026-11-01']);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'no source was watched in that time\n' });
});

test('a daemon that is killed has said how far it watched, and goes on from there without a gap', {
  timeout: 120_000,
}, async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  for (const log of ['access.log', 'auth.log']) await writeFile(join(dir.path, log), '');
  const spans = () => {
    const { queries, close } = openStoreReader(join(dir.path, 'state'));
    try {
      return queries.coverage({});
    } finally {
      close();
    }
  };
  const beganMs = Date.now();
  const daemon = start(['run', '--config', config]);
  await eventually(
    async () => {
      try {
        return spans().spans.length === 2 || undefined;
      } catch {
        return undefined;
      }
    },
    60_000,
    'the first spans',
  );
  // Beside the running daemon, which has told no more than its first look.
  const beside = JSON.parse((await run(['coverage', '--config', config, '--json'])).stdout);
  expect(beside.sources.map(({ source }: { source: string }) => source)).toEqual(['sftp', 'squid']);
  const gone = once(daemon, 'exit');
  daemon.kill('SIGKILL');
  await gone;
  expect((await run(['run', '--config', config, '--until-idle'])).code).toBe(0);

  const { spans: after, gaps } = spans();
  expect(gaps).toEqual([]);
  expect(after).toHaveLength(2);
  for (const { fromMs, untilMs } of after) {
    expect(fromMs).toBeGreaterThanOrEqual(beganMs);
    expect(untilMs).toBeGreaterThan(fromMs);
  }
});
