import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLiveLocator } from '../../src/geo/live-locator.ts';
import { EMBEDDED_ONLY } from '../../src/geo/settings.ts';
import { writeMmdb } from './mmdb-writer.ts';
import { scratch } from './scratch.ts';

const NOW = Date.UTC(2026, 10, 24);
const saying = (country_code: string, built?: string) =>
  writeMmdb({ '13.232.0.0/14': { country_code } }, { databaseType: 'Test-Country', ...(built && { built }) });

test('a reload takes up what is there now, and whoever holds the locator sees it', async () => {
  await using dir = await scratch();
  await dir.write('a.mmdb', saying('IN'));
  const live = await openLiveLocator({ ...EMBEDDED_ONLY, embedded: false, directory: dir.path });
  const { locate } = live;
  expect(locate('13.232.1.9', NOW)).toMatchObject({ country: 'IN' });
  await dir.write('.next', saying('PH', '2026-07-01T00:00:00Z'));
  await rename(join(dir.path, '.next'), join(dir.path, 'a.mmdb'));
  expect(locate('13.232.1.9', NOW)).toMatchObject({ country: 'IN' });
  await live.reload();
  expect(locate('13.232.1.9', NOW)).toMatchObject({ country: 'PH' });
  expect(live.databases).toMatchObject([{ name: 'a.mmdb', builtMs: Date.UTC(2026, 6, 1) }]);
});

test('a file that is damaged or gone keeps the old data in use, and says what is wrong', async () => {
  await using dir = await scratch();
  await dir.write('a.mmdb', saying('IN'));
  const live = await openLiveLocator({ ...EMBEDDED_ONLY, embedded: false, directory: dir.path });
  await dir.write('b.mmdb', saying('PH').subarray(0, 200));
  await expect(live.reload()).rejects.toMatchObject({ problems: [{ code: 'geo.database-damaged' }] });
  expect(live.locate('13.232.1.9', NOW)).toMatchObject({ standing: 'likely', country: 'IN' });
  await rm(join(dir.path, 'a.mmdb'));
  await rm(join(dir.path, 'b.mmdb'));
  await expect(live.reload()).rejects.toMatchObject({ problems: [{ code: 'geo.database-missing' }] });
  expect(live.locate('13.232.1.9', NOW)).toMatchObject({ standing: 'likely', country: 'IN' });
});

test('reloads that overlap take effect in their order, and one that fails holds none up', async () => {
  await using dir = await scratch();
  await dir.write('a.mmdb', saying('IN'));
  const settings = { ...EMBEDDED_ONLY, embedded: false, directory: dir.path };
  const live = await openLiveLocator(settings);
  const [bad, good] = await Promise.allSettled([
    live.reload({ ...settings, directory: '/nowhere' }),
    live.reload({ ...settings, overrides: [{ networks: ['13.232.0.0/14'], country: 'US' as never, reason: 'seen' }] }),
  ]);
  expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  expect(live.locate('13.232.1.9', NOW)).toMatchObject({ standing: 'certain', country: 'US' });
});

test('while data are renewed every answer is wholly of one edition', async () => {
  await using dir = await scratch();
  const edition = async (code: string) => {
    await dir.write('a.mmdb', saying(code));
    await dir.write('b.mmdb', writeMmdb({ '13.232.0.0/14': { country: code } }, { databaseType: 'Other-Country' }));
  };
  await edition('IN');
  const live = await openLiveLocator({ ...EMBEDDED_ONLY, embedded: false, directory: dir.path });
  const seen = new Set<string>();
  for (let swap = 0; swap < 20; swap++) {
    await edition(swap % 2 === 0 ? 'PH' : 'IN');
    let done = false;
    const reloaded = live.reload().finally(() => {
      done = true;
    });
    while (!done) {
      for (let at = 0; at < 50; at++) seen.add(JSON.stringify(live.locate(`13.232.${swap}.${at}`, NOW).standing));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reloaded;
  }
  // Two databases of different editions would disagree.
  expect([...seen]).toEqual(['"likely"']);
});
