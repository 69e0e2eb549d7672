import { once } from 'node:events';
import { expect, test } from 'vitest';
import { install, keptIn, upload } from '../agent/installation.ts';
import { collect, eventually, run, scratch, start } from '../command.ts';

const STDIN = { name: 'piped', type: 'stdin', format: 'squid', inside: 'client', start: undefined };

test('a log that is piped in is read to its end, and piped in again gives nothing twice', {
  timeout: 90_000,
}, async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [STDIN]);
  const log = upload(0) + upload(1) + upload(2).trimEnd();
  expect(await run(['run', '--config', config, '--until-idle'], { input: log })).toMatchObject({ code: 0 });
  expect(keptIn(dir.path)).toMatchObject({ findings: { length: 3 }, status: { sources: [{ lines: 3, parsed: 3 }] } });
  expect(await run(['run', '--config', config, '--until-idle'], { input: log })).toMatchObject({ code: 0 });
  expect(keptIn(dir.path).findings).toHaveLength(3);
});

test('a reload goes on within the line, and a stop does not wait for the end of standard input', {
  timeout: 90_000,
}, async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [STDIN]);
  const daemon = start(['run', '--config', config]);
  const output = collect(daemon);
  const ended = once(daemon, 'exit');
  try {
    const [line, rest] = [upload(0), upload(1)];
    daemon.stdin.write(line + rest.slice(0, 40));
    await eventually(async () => (foundIn(dir.path) === 1 ? true : undefined), 20_000, 'the first finding');
    daemon.kill('SIGHUP');
    await eventually(async () => (output().stderr.includes('reloaded') ? true : undefined), 20_000, 'the reload');
    daemon.stdin.write(rest.slice(40));
    await eventually(async () => (foundIn(dir.path) === 2 ? true : undefined), 20_000, 'the second finding');
  } finally {
    daemon.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }
});

/** None while the state is being made. */
function foundIn(directory: string): number | undefined {
  try {
    return keptIn(directory).findings.length;
  } catch {
    return undefined;
  }
}
