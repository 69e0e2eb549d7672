import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../command.ts';
import { install, keptIn, runUntilIdle, SQUID, upload } from './installation.ts';

test('two logs that begin with one fixed line give two findings, although their records stand at one offset', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [{ ...SQUID, paths: ['*day.log'] }]);
  const header = `${upload(0).replace('PUT', 'GET').replaceAll('abroad', 'home').replace('192.0.2.9', '198.51.100.7')}`;
  await writeFile(join(dir.path, 'monday.log'), header + upload(10));
  await writeFile(join(dir.path, 'tuesday.log'), header + upload(20));
  await runUntilIdle(config);

  const { findings } = keptIn(dir.path);
  expect(findings.map(({ activity }) => activity.time).sort()).toEqual([
    '2026-11-23T14:00:10.000Z',
    '2026-11-23T14:00:20.000Z',
  ]);
});
