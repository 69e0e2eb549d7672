import { existsSync } from 'node:fs';
import { rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { replay, resumeReplay } from '../../src/agent/replay.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { scratch } from '../command.ts';
import {
  FILE_CLOSED,
  INDIA,
  install,
  keptIn,
  LOGIN,
  runUntilIdle,
  SESSION_OPENED,
  SFTP,
  SQUID,
  upload,
} from './installation.ts';

/** Of the network that the test's database puts in the United States. */
const US_ADDRESS = '198.51.100.7';

async function findingsOf(config: string, paths: readonly string[]): Promise<readonly Finding[]> {
  const settings = await loadSettings(config);
  const [source] = settings.sources;
  if (source === undefined) throw new Error('No source is configured');
  let findings: readonly Finding[] = [];
  await replay(
    settings,
    paths.map((path) => ({ path, source })),
    {
      visit: ({ queries }) => {
        findings = queries.listAlerts({}).flatMap(({ id }) => queries.findingsOf(id));
      },
    },
  );
  return findings;
}

test('files are read oldest first, so that a session goes on from auth.log.1 in auth.log', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SFTP]);
  const [older, newer] = [join(dir.path, 'auth.log.1.gz'), join(dir.path, 'auth.log')];
  await writeFile(older, gzipSync(LOGIN + SESSION_OPENED));
  await writeFile(newer, FILE_CLOSED);
  // Neither the order of the arguments nor that of the modification times is the order of the lines.
  await utimes(newer, 1_795_442_500, 1_795_442_500);
  await utimes(older, 1_795_528_900, 1_795_528_900);

  const download = (await findingsOf(config, [newer, older])).find(({ activity }) => activity.kind === 'transfer');
  expect(download).toMatchObject({
    rule: 'phi-outside-territory',
    claim: 'delivered',
    bytes: 66_893,
    vendor: { id: 'abroad', matched: 'account abroad_sftp' },
    activity: { receiver: { ip: '192.0.2.9', port: 50_000, user: 'abroad_sftp' } },
  });
});

test('a replay leaves the state of the daemon as it is, and finds with its ids', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload(1) + upload(2));
  await runUntilIdle(config);
  const before = keptIn(dir.path);

  const replayed = await findingsOf(config, [log]);
  expect(replayed.map(({ id }) => id)).toEqual(before.findings.map(({ id }) => id));
  expect(replayed).toHaveLength(2);
  expect(keptIn(dir.path)).toEqual(before);
});

test('a replay says what it did not see: lines that were cut, and a log in another format', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const log = join(dir.path, 'old.log');
  await writeFile(log, `${LOGIN.repeat(30)}${'x'.repeat(1_100_000)}\n${upload(1)}`);
  const settings = await loadSettings(config);
  const [source] = settings.sources;
  if (source === undefined) throw new Error('No source is configured');
  const replayed = await replay(settings, [{ path: log, source }]);
  expect(replayed).toMatchObject({
    remarks: [
      '31 lines of the latest 32 of source squid cannot be read as squid; they read as openssh. ' +
        "A line that cannot be read is not judged: a vendor's data may pass in it unseen.",
      '1 line of source squid longer than the limit: only the beginning was read.',
    ],
  });
});

/** Many days, in several files of several packings. */
async function manyLogs(directory: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let day = 0; day < 4; day++) {
    const lines = Array.from({ length: 4_000 }, (_, index) =>
      upload(day * 86_400 + index, index % 500 === 0 ? INDIA : US_ADDRESS),
    );
    const path = join(directory, `access.log.${4 - day}${day % 2 === 0 ? '.gz' : ''}`);
    await writeFile(path, day % 2 === 0 ? gzipSync(lines.join('')) : lines.join(''));
    paths.push(path);
  }
  return paths;
}

test.each(['stopped', 'killed'])(
  'a replay that was %s again and again gives what one without a break gives',
  async (how) => {
    await using dir = await scratch();
    const config = await install(dir.path, [SQUID]);
    const logs = (await manyLogs(dir.path)).toReversed();
    // Gives the masked values their key.
    await runUntilIdle(config);
    const settings = await loadSettings(config);
    const [source] = settings.sources;
    if (source === undefined) throw new Error('No source is configured');
    const whole = await replay(
      settings,
      logs.map((path) => ({ path, source })),
    );

    let place = '';
    let breaks = 0;
    let ended: Awaited<ReturnType<typeof replay>> | undefined;
    while (ended?.kind !== 'done') {
      const stopping = new AbortController();
      let pieces = 0;
      const options = {
        signal: stopping.signal,
        onProgress: ({ scratch: directory }: { readonly scratch: string }) => {
          place = directory;
          pieces += 1;
          if (pieces < 3) return;
          // Behind the commit, as a kill would come.
          if (how === 'killed') throw new Error('killed');
          stopping.abort();
        },
      };
      const isFirst = place === '';
      const running = isFirst
        ? replay(
            settings,
            logs.map((path) => ({ path, source })),
            options,
          )
        : resumeReplay(settings, place, options);
      ended = await running.catch(() => undefined);
      if (ended?.kind !== 'done') breaks += 1;
      if (ended?.kind === 'stopped') expect(ended.scratch).toBe(place);
    }
    expect(breaks).toBeGreaterThan(2);
    expect(ended.findings).toBe(32);
    expect(ended).toEqual(whole);
    expect(existsSync(place)).toBe(false);
  },
);

test('a file that is given twice, or once more packed, is read once', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const settings = await loadSettings(config);
  const [source] = settings.sources;
  if (source === undefined) throw new Error('No source is configured');
  const path = (name: string) => join(dir.path, name);
  const content = upload(1) + upload(2);
  await writeFile(path('access.log.1'), content);
  await writeFile(path('copy'), content);
  await writeFile(path('access.log.1.gz'), gzipSync(content));
  await symlink('access.log.1', path('link'));
  let same: readonly string[] = [];
  const replayed = await replay(
    settings,
    ['access.log.1', 'link', 'copy', 'access.log.1.gz'].map((name) => ({ path: path(name), source })),
    {
      onPlan: (plan) => {
        same = plan.same;
      },
    },
  );
  expect(replayed).toMatchObject({ kind: 'done', files: 1, findings: 2, sources: [{ lines: 2 }] });
  expect(same).toEqual(['link', 'copy', 'access.log.1.gz'].map(path));
});

test('a replay is not gone on with under another configuration, or with another log', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const [log = ''] = await manyLogs(dir.path);
  const settings = await loadSettings(config);
  const [source] = settings.sources;
  if (source === undefined) throw new Error('No source is configured');
  const stopping = new AbortController();
  const stopped = await replay(settings, [{ path: log, source }], {
    signal: stopping.signal,
    onProgress: () => stopping.abort(),
  });
  if (stopped.kind !== 'stopped') throw new Error('It was not stopped');
  await expect(resumeReplay({ ...settings, sha256: 'other' }, stopped.scratch)).rejects.toThrow(
    'The configuration is not what it was when the replay was stopped',
  );
  await writeFile(log, upload(7));
  await expect(resumeReplay(settings, stopped.scratch)).rejects.toThrow(
    `${log}: The log is not what it was when the replay was stopped; put it back as it was, or start the replay anew`,
  );
  await rm(stopped.scratch, { recursive: true });
  await expect(resumeReplay(settings, stopped.scratch)).rejects.toThrow('Cannot find a replay to go on with');
});
