import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { scratch } from '../command.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const SOURCES = '[{ name: squid, type: file, paths: [access.log], format: squid, inside: client }]';

/** The key is at line 3. */
async function configured(directory: string, key: string): Promise<string> {
  const file = join(directory, 'phi-egress.yaml');
  const update = `{ maxmind: { account: 123456, key: "${key}", editions: [GeoLite2-City] } }`;
  await writeFile(file, `sources: ${SOURCES}\nvendors: []\ngeo: { update: ${update} }\n`);
  return file;
}

async function keyOf(file: string) {
  const { settings, notes } = await loadConfiguration(file);
  const key = settings.geo.update?.maxmind?.key;
  if (key === undefined) throw new Error('the key is not in the settings');
  return { key, settings, notes };
}

test('a secret comes from the environment, and nothing prints it', async () => {
  await using directory = await scratch();
  vi.stubEnv('MAXMIND_KEY', 'hunter2hunter2');
  const { key, settings, notes } = await keyOf(await configured(directory.path, `\${env:MAXMIND_KEY}`));
  expect(key.reveal()).toBe('hunter2hunter2');
  expect(notes.filter((it) => it.includes('MAXMIND'))).toEqual([]);
  for (const shown of [JSON.stringify(settings), inspect(settings, { depth: 9, showHidden: true }), `${key}`])
    expect(shown).not.toContain('hunter2');
});

test('a secret comes from a file, without the end of its line', async () => {
  await using directory = await scratch();
  await writeFile(join(directory.path, 'key'), 'hunter2hunter2\n');
  const { key } = await keyOf(await configured(directory.path, `\${file:${directory.path}/key}`));
  expect(key.reveal()).toBe('hunter2hunter2');
});

test('a secret that is not there keeps no command from working that does not need it', async () => {
  await using directory = await scratch();
  vi.stubEnv('MAXMIND_KEY', '');
  const file = await configured(directory.path, `\${env:MAXMIND_KEY}`);
  const { key, notes } = await keyOf(file);
  const told = `${file}:3:51 geo.update.maxmind.key: The environment has no MAXMIND_KEY; set it where phi-egress is started, in the unit through EnvironmentFile=`;
  expect(notes).toContain(told);
  expect(() => key.reveal()).toThrow(told);
});

test.each([
  ['', 'it is empty, or more than one line'],
  ['one\ntwo\n', 'it is empty, or more than one line'],
])('a file that holds %j holds no secret', async (content, because) => {
  await using directory = await scratch();
  await writeFile(join(directory.path, 'key'), content);
  const { key } = await keyOf(await configured(directory.path, `\${file:${directory.path}/key}`));
  expect(() => key.reveal()).toThrow(`Cannot read the secret in "${directory.path}/key": ${because}`);
});

test('a file that is not there is named', async () => {
  await using directory = await scratch();
  await chmod(directory.path, 0o700);
  const { key } = await keyOf(await configured(directory.path, `\${file:${directory.path}/key}`));
  expect(() => key.reveal()).toThrow(/Cannot read the secret in ".*": ENOENT/);
});

test('a secret in the clear is refused and not repeated', async () => {
  await using directory = await scratch();
  const file = await configured(directory.path, 'hunter2hunter2');
  const error: unknown = await loadConfiguration(file).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('3:51 geo.update.maxmind.key: A secret stands here in the clear');
  expect(String(error)).not.toContain('hunter2');
});
