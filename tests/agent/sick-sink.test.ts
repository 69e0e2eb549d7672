import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, scratch } from '../command.ts';
import { inShort, install, keptIn, noticesIn, openAgent, SQUID, upload } from './installation.ts';

test('a sink that fails holds up no other, and is tried again until it takes its alerts', async () => {
  await using dir = await scratch();
  const file = (name: string) => ({ name, type: 'file', path: `${name}.ndjson`, format: 'native' });
  const config = await install(dir.path, [SQUID], { sinks: [file('sick'), file('sound')] });
  await writeFile(join(dir.path, 'access.log'), upload(0) + upload(1));
  const agent = await openAgent(config);
  const sick = join(dir.path, 'sick.ndjson');
  await mkdir(sick);

  const running = agent.run({ untilIdle: true, signal: new AbortController().signal });
  const sound = await eventually(
    async () => {
      const notices = await noticesIn(join(dir.path, 'sound.ndjson'));
      return notices.length === 2 ? notices : undefined;
    },
    10_000,
    'the alerts of the sound sink',
  );
  await rmdir(sick);
  await running;

  expect(sound.map(inShort)).toEqual(['open 1', 'updated 2']);
  expect(await noticesIn(sick)).toEqual(sound);
  expect(keptIn(dir.path).status.sinks).toEqual([
    { sink: 'sick', waiting: 0, delivered: 2, refused: 0, dropped: 0 },
    { sink: 'sound', waiting: 0, delivered: 2, refused: 0, dropped: 0 },
  ]);
});
