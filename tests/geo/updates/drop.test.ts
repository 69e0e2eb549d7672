import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UpdateSettings } from '../../../src/geo/updates/settings.ts';
import { type Scratch, scratch } from '../scratch.ts';
import { database, packed, sha256Line } from './packed.ts';
import { CITY, filesIn, inShort, settingsFor, updateFrom } from './updating.ts';

const FIXTURES = new URL('../../fixtures/minisign/', import.meta.url);
const NOWHERE = 'https://127.0.0.1:1/';
const NEW = database('DBIP-Country-Lite', '2026-11-01');

interface Places {
  readonly drop: string;
  readonly geoip: string;
  readonly settings: UpdateSettings;
}

async function placesIn({ path }: Scratch, signedBy: readonly string[] = []): Promise<Places> {
  const drop = join(path, 'drop');
  const geoip = join(path, 'geoip');
  await mkdir(drop);
  const { maxmind: _, ...settings } = settingsFor(geoip, { editions: [], drop, signedBy });
  return { drop, geoip, settings };
}

/** Puts a file down with its SHA-256. */
async function put({ drop }: Places, name: string, bytes: Buffer): Promise<void> {
  await writeFile(join(drop, name), bytes);
  await writeFile(join(drop, `${name}.sha256`), sha256Line(bytes, name));
}

async function take({ settings }: Places): Promise<readonly string[]> {
  const { outcomes } = await updateFrom(NOWHERE, settings);
  return outcomes.map((it) => `${it.name}: ${inShort(it)}`);
}

test('a file with its SHA-256 is taken up under a name without its date, and is gone from there', async () => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  await put(places, 'dbip-country-lite-2026-11.mmdb', NEW);
  await put(places, `${CITY}_20261124.tar.gz`, packed(CITY, '2026-11-24'));
  expect(await take(places)).toEqual([
    'GeoLite2-City_20261124.tar.gz: updated GeoLite2-City_20261124.tar.gz',
    'dbip-country-lite-2026-11.mmdb: updated dbip-country-lite-2026-11.mmdb',
  ]);
  expect(Object.keys(await filesIn(places.geoip))).toEqual(['GeoLite2-City.mmdb', 'dbip-country-lite.mmdb']);
  expect(await readdir(places.drop)).toEqual([]);
});

test("the next month's file replaces it, also where somebody had put it there by hand", async () => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  await mkdir(places.geoip);
  await writeFile(join(places.geoip, 'dbip-country-lite-2026-10.mmdb'), database('DBIP-Country-Lite', '2026-10-01'));
  await writeFile(join(places.geoip, 'dbip-country-lite-2026-12.mmdb'), database('DBIP-Country-Lite', '2026-12-01'));
  await put(places, 'dbip-country-lite-2026-11.mmdb', NEW);
  await take(places);
  expect(Object.keys(await filesIn(places.geoip))).toEqual([
    'dbip-country-lite-2026-12.mmdb',
    'dbip-country-lite.mmdb',
  ]);
});

test.each([
  ['no hash beside it', async ({ drop }: Places) => void (await writeFile(join(drop, 'a.mmdb'), NEW))],
  [
    'a hash of another file',
    async (places: Places) => {
      await put(places, 'a.mmdb', NEW);
      await writeFile(join(places.drop, 'a.mmdb'), database('DBIP-Country-Lite', '2026-11-02'));
    },
  ],
  [
    'something else in place of the hash',
    async (places: Places) => {
      await put(places, 'a.mmdb', NEW);
      await writeFile(join(places.drop, 'a.mmdb.sha256'), 'see mail\n');
    },
  ],
  ['half a database', async (places: Places) => put(places, 'a.mmdb', NEW.subarray(0, 200))],
  [
    'a link to another file',
    async (places: Places) => {
      await put(places, 'a.mmdb', NEW);
      await writeFile(join(places.drop, 'elsewhere'), NEW);
      await symlink(join(places.drop, 'elsewhere'), join(places.drop, 'b.mmdb'));
      await writeFile(join(places.drop, 'a.mmdb'), '');
    },
  ],
])('%s: nothing is taken up, and all stays where it is', async (_, prepare) => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  await prepare(places);
  const before = await readdir(places.drop);
  const taken = await take(places);
  expect(taken.length).toBeGreaterThan(0);
  expect(taken.join()).not.toMatch(/updated/);
  expect(await readdir(places.drop)).toEqual(before);
  expect(await readdir(places.geoip).catch(() => [])).toEqual([]);
});

test('copies that are not finished, and whatever else lies there, are not looked at', async () => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  for (const name of ['.a.mmdb', 'a.mmdb.part', 'README']) await writeFile(join(places.drop, name), NEW);
  expect(await take(places)).toEqual([]);
});

test('ranges are known by what is in them', async () => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  const oracle = Buffer.from(
    '{"last_updated_timestamp":"2026-11-20T10:00:00.000000","regions":[{"region":"ap-mumbai-1","cidrs":[{"cidr":"129.154.32.0/19","tags":["OCI"]}]}]}',
  );
  await put(places, 'from-oracle.json', oracle);
  expect(await take(places)).toEqual(['from-oracle.json: updated from-oracle.json']);
  expect(await filesIn(places.geoip)).toEqual({ 'public_ip_ranges.json': oracle });
});

test('where signers are listed, a hash is not enough and a signature is', async () => {
  await using directory = await scratch();
  const key = (await readFile(new URL('signer.pub', FIXTURES), 'utf8')).split('\n')[1] ?? '';
  const places = await placesIn(directory, [key]);
  await put(places, 'a.mmdb', await readFile(new URL('a.mmdb', FIXTURES)));
  expect(await take(places)).toEqual(['a.mmdb: there is no a.mmdb.minisig that can be read']);
  await writeFile(join(places.drop, 'a.mmdb.minisig'), await readFile(new URL('file.txt.minisig', FIXTURES)));
  expect(await take(places)).toEqual(['a.mmdb: its signature does not match']);
  await writeFile(join(places.drop, 'a.mmdb.minisig'), await readFile(new URL('a.mmdb.minisig', FIXTURES)));
  expect(await take(places)).toEqual(['a.mmdb: updated a.mmdb']);
  expect(await readdir(places.drop)).toEqual([]);
});

test('a directory that cannot be listed is told, and the rest is updated all the same', async () => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  const settings = { ...places.settings, drop: join(directory.path, 'nowhere'), cloudRanges: ['aws' as const] };
  const { outcomes } = await updateFrom(NOWHERE, settings);
  expect(outcomes).toMatchObject([
    { from: 'drop', because: `Cannot list ${directory.path}/nowhere (ENOENT)`, todo: 'check geo.update.drop' },
    { name: 'aws', because: 'nobody listens there' },
  ]);
});

test('a file that is there already changes nothing', async () => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  await put(places, 'a.mmdb', NEW);
  await take(places);
  await put(places, 'a.mmdb', NEW);
  expect(await take(places)).toEqual(['a.mmdb: unchanged a.mmdb']);
});

test('the directory of databases is not taken for one to drop files into, whatever it is called', async () => {
  await using directory = await scratch();
  const places = await placesIn(directory);
  await put(places, 'a.mmdb', NEW);
  const alias = join(directory.path, 'alias');
  await symlink(places.drop, alias);
  const { outcomes } = await updateFrom(NOWHERE, { ...places.settings, directory: alias });
  expect(outcomes.map(inShort)).toEqual([`${places.drop} is geo.directory itself, where files stay`]);
  expect(await readdir(places.drop)).toEqual(['a.mmdb', 'a.mmdb.sha256']);
});
