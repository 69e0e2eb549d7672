import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../command.ts';
import {
  FILE_CLOSED,
  INDIA,
  install,
  keptIn,
  LOGIN,
  OHIO,
  runUntilIdle,
  SESSION_OPENED,
  SFTP,
  SQUID,
  upload,
} from './installation.ts';

const DOWNLOAD = {
  rule: 'phi-outside-territory',
  bytes: 66_893,
  vendor: { id: 'abroad' },
  activity: { receiver: { ip: INDIA, user: 'abroad_sftp' } },
};

test('a file that is closed after a restart goes to the client of the session that was open before', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SFTP]);
  const log = join(dir.path, 'auth.log');
  await writeFile(log, LOGIN + SESSION_OPENED);
  await runUntilIdle(config);
  await appendFile(log, FILE_CLOSED);
  await runUntilIdle(config);

  const { findings } = keptIn(dir.path);
  expect(findings.map(({ rule }) => rule).sort()).toEqual(['phi-outside-territory', 'vendor-access-from-outside']);
  expect(findings.find(({ activity }) => activity.kind === 'transfer')).toMatchObject(DOWNLOAD);
});

test('so it does when the log was rotated while nobody watched', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SFTP]);
  const log = join(dir.path, 'auth.log');
  await writeFile(log, LOGIN);
  await runUntilIdle(config);
  await appendFile(log, SESSION_OPENED);
  await rename(log, `${log}.1`);
  await writeFile(log, FILE_CLOSED);
  await runUntilIdle(config);

  const { findings } = keptIn(dir.path);
  expect(findings).toHaveLength(2);
  expect(findings.find(({ activity }) => activity.kind === 'transfer')).toMatchObject(DOWNLOAD);
});

test('a restart with nothing new finds nothing again', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  await writeFile(join(dir.path, 'access.log'), upload(1));
  await runUntilIdle(config);
  const before = keptIn(dir.path);
  await runUntilIdle(config);
  expect(keptIn(dir.path)).toEqual(before);
  expect(before.findings).toHaveLength(1);
});

test('`start: end` reads what is written after the first look, and nothing before it', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [{ ...SQUID, start: 'end' }]);
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload(1));
  await runUntilIdle(config);
  expect(keptIn(dir.path).status).toMatchObject({ findings: 0, sources: [{ source: 'squid', lines: 0 }] });

  await appendFile(log, upload(2));
  await runUntilIdle(config);
  const { findings, status } = keptIn(dir.path);
  expect(status.sources).toMatchObject([{ source: 'squid', lines: 1, parsed: 1 }]);
  expect(findings.map(({ activity }) => activity.time)).toEqual(['2026-11-23T14:00:02.000Z']);
});

test('a log that appears after the first look is new: `start: end` does not skip it', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [{ ...SQUID, start: 'end' }]);
  await runUntilIdle(config);
  await writeFile(join(dir.path, 'access.log'), upload(1));
  await runUntilIdle(config);
  expect(keptIn(dir.path).findings).toHaveLength(1);
});

test('two sources of different kinds are followed at once, each read and counted by its own format', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID, SFTP]);
  await writeFile(join(dir.path, 'access.log'), `${upload(1)}${upload(2, OHIO)}no line of Squid's\n`);
  await writeFile(join(dir.path, 'auth.log'), LOGIN + SESSION_OPENED + FILE_CLOSED);
  await runUntilIdle(config);

  const { findings, status } = keptIn(dir.path);
  expect(findings.map(({ source, rule, bytes }) => `${source} ${rule} ${bytes ?? '-'}`).sort()).toEqual([
    'sftp phi-outside-territory 66893',
    'sftp vendor-access-from-outside -',
    'squid phi-outside-territory -',
  ]);
  expect(status.sources).toEqual([
    { source: 'sftp', lines: 3, parsed: 3, skipped: 0, unreadable: 0, cut: 0 },
    { source: 'squid', lines: 3, parsed: 2, skipped: 0, unreadable: 1, cut: 0 },
  ]);
});
