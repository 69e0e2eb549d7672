import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { finding } from '../alerts/findings.ts';
import { run, scratch } from '../command.ts';
import { recorder } from '../store/recording.ts';
import { configure, deliveredTo } from './installation.ts';

/** A state in which the sinks file and pager refused two alerts each. */
async function refused(directory: string): Promise<string> {
  const config = await configure(directory, { sinks: '[{ name: file, type: file, path: alerts.ndjson }]' });
  for (const log of ['access.log', 'auth.log']) await writeFile(join(directory, log), '');
  const store = openStore(join(directory, 'state'), () => Date.UTC(2026, 10, 25, 14));
  recorder(store, 1).record([finding({ id: 'f-1', dedupeKey: 'one' }), finding({ id: 'f-2', dedupeKey: 'two' })]);
  for (const sink of ['file', 'pager'])
    store.outbox.refused(store.outbox.next(sink, 10), 'status 400', Date.UTC(2026, 10, 25, 14, 1));
  store.close();
  return config;
}

test('dead letters are listed, sent again and dropped, by id and by sink', async () => {
  await using dir = await scratch();
  const config = await refused(dir.path);
  const command = async (...args: string[]) => run(['sinks', 'dead-letters', ...args, '--config', config]);
  const listed = async () =>
    (await command('list', '--json')).stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));

  const [first] = await listed();
  expect(first).toEqual({
    id: expect.stringMatching(/^a-[0-9a-f]{24}\.open\.1$/),
    sink: 'file',
    because: 'status 400',
    created: '2026-11-25T14:00:00.000Z',
    refused: '2026-11-25T14:01:00.000Z',
    alert: expect.objectContaining({ rule: 'phi-outside-territory', state: 'open' }),
  });
  const shown = await command('list', '--sink', 'pager');
  expect(shown.stdout.split('\n')).toHaveLength(4);
  expect(shown.stdout).toContain(`2026-11-25 14:01:00  pager  high      ${first.id}  status 400`);

  expect(await command('drop', first.id, '--sink', 'pager')).toMatchObject({
    code: 0,
    stderr: '1 dead letter dropped\n',
  });
  expect(await command('retry', '--sink', 'file')).toMatchObject({ code: 0, stderr: '2 dead letters sent again\n' });
  expect(await listed()).toMatchObject([{ sink: 'pager' }]);
  expect(await run(['run', '--until-idle', '--config', config])).toMatchObject({ code: 0 });
  expect(deliveredTo(dir.path).filter(({ state }) => state === 'open')).toHaveLength(2);

  expect(await command('drop', '--sink', 'pager')).toMatchObject({ code: 0, stderr: '1 dead letter dropped\n' });
  expect(await command('list')).toMatchObject({ code: 0, stdout: '', stderr: 'no dead letters\n' });
});

test('what is not there cannot be chosen, and nothing is dropped without a choice', async () => {
  await using dir = await scratch();
  const config = await refused(dir.path);
  expect(await run(['sinks', 'dead-letters', 'drop', '--config', config])).toMatchObject({
    code: 2,
    stderr: 'phi-egress: Nothing says which to drop; name ids, or a sink with --sink\n',
  });
  expect(await run(['sinks', 'dead-letters', 'retry', 'a-none', '--config', config])).toMatchObject({
    code: 2,
    stderr: 'phi-egress: No dead letter has the id "a-none"; see phi-egress sinks dead-letters list\n',
  });
});
