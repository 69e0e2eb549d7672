import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { replay } from '../../src/agent/replay.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { scratch } from '../command.ts';
import {
  FILE_CLOSED,
  install,
  keptIn,
  LOGIN,
  runUntilIdle,
  SESSION_OPENED,
  SFTP,
  SQUID,
  upload,
} from './installation.ts';

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
