import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runUntilIdle } from '../agent/installation.ts';
import { run, scratch } from '../command.ts';
import { writeMmdb } from '../geo/mmdb-writer.ts';
import { packed, sha256Line } from '../geo/updates/packed.ts';
import { CA, content, publisher } from '../geo/updates/publisher.ts';
import { configure, upload } from './installation.ts';

const ARCHIVE = packed('GeoLite2-City', '2026-11-24');

test('geo update asks the mirror, takes up what was dropped, and says of each file what became of it', async () => {
  await using directory = await scratch();
  await using mirror = await publisher();
  mirror.answer('/geo/GeoLite2-City.tar.gz', content(ARCHIVE));
  mirror.answer('/geo/GeoLite2-City.tar.gz.sha256', content(sha256Line(ARCHIVE, 'x')));
  await mkdir(join(directory.path, 'drop'));
  await writeFile(join(directory.path, 'drop', 'unproved.mmdb'), 'x');
  const update = `{ maxmind: { editions: [GeoLite2-City, GeoLite2-ASN] }, mirror: "${mirror.url}geo/", drop: drop, ca: "${CA}" }`;
  const config = await configure(directory.path, { geo: `{ directory: geoip, update: ${update} }` });

  const { code, stdout, stderr } = await run(['geo', 'update', '--config', config]);
  const rows = stdout.split('\n').map((it) => it.split(/ {2,}/).slice(0, 5));
  expect(rows.slice(0, 4)).toEqual([
    ['name', 'from', 'outcome', 'edition', 'built'],
    [
      'unproved.mmdb',
      'drop',
      'failed',
      'there is no unproved.mmdb.sha256 that can be read; write it with: sha256sum unproved.mmdb > unproved.mmdb.sha256',
    ],
    ['GeoLite2-City', 'mirror', 'updated', 'GeoLite2-City', '2026-11-24'],
    [
      'GeoLite2-ASN',
      'mirror',
      'failed',
      'status 404: there is no such file; check the name of the edition, or the mirror',
    ],
  ]);
  expect(stderr).toBe(
    `GeoLite2-City: asking ${new URL(mirror.url).host}\nGeoLite2-ASN: asking ${new URL(mirror.url).host}\n`,
  );
  expect(code).toBe(1);
  expect(await readdir(join(directory.path, 'geoip'))).toEqual(['.updates.json', 'GeoLite2-City.mmdb']);

  const again = await run(['geo', 'update', '--config', config, '--json']);
  expect(
    again.stdout
      .split('\n')
      .slice(0, 3)
      .map((it) => JSON.parse(it).kind),
  ).toEqual(['failed', 'unchanged', 'failed']);
});

test('geo update without anything to update says what to write', async () => {
  await using directory = await scratch();
  const config = await configure(directory.path);
  const { code, stderr } = await run(['geo', 'update', '--config', config]);
  expect(stderr).toContain(`${config}:5:6 geo.update: The configuration does not say what to update; add geo.update`);
  expect(code).toBe(2);
});

test('geo update without the secret that it needs names the key and its line', async () => {
  await using directory = await scratch();
  const maxmind = `{ account: 1, key: "\${file:/nowhere/key}", editions: [GeoLite2-City] }`;
  const config = await configure(directory.path, { geo: `{ update: { maxmind: ${maxmind} } }` });
  const { code, stderr } = await run(['geo', 'update', '--config', config]);
  expect(stderr).toMatch(/:5:\d+ geo\.update\.maxmind\.key: Cannot read the secret in "\/nowhere\/key": ENOENT/);
  expect(code).toBe(2);
  expect((await run(['status', '--config', config])).stderr).toContain('There is no state yet');
});

function places(country: string, built: string): Buffer {
  const entries = { '144.25.119.0/24': { country_code: country } };
  return writeMmdb(entries, { databaseType: 'Test-Country', built: `${built}T00:00:00Z` });
}

test('geo regrade shows which verdicts would flip under the databases of now, and changes nothing', async () => {
  await using directory = await scratch();
  const geoip = join(directory.path, 'geoip');
  await mkdir(geoip);
  await writeFile(join(geoip, 'a.mmdb'), places('IN', '2026-11-01'));
  const config = await configure(directory.path, { geo: '{ directory: geoip, embedded: false }' });
  const log = [0, 60, 90_000].map((second) => upload({ second, ip: '144.25.119.25' })).join('');
  await writeFile(join(directory.path, 'access.log'), log);
  await writeFile(join(directory.path, 'auth.log'), '');
  await runUntilIdle(config);
  const regrade = (...args: string[]) => run(['geo', 'regrade', '--config', config, ...args]);

  const same = await regrade();
  expect(same).toMatchObject({
    code: 0,
    stdout: '3 findings: no verdict would flip, 0 at another place under the same verdict, 3 as they were\n',
  });
  expect(same.stderr).toMatch(/^by a\.mmdb \(Test-Country, built 2026-11-01, [0-9a-f]{12}\)\n$/);

  await writeFile(join(geoip, 'a.mmdb'), places('US', '2026-11-24'));
  const flipped = await regrade();
  expect(flipped.stdout).toBe(
    `receiver                 verdict          place                       by         findings  when
abroad at 144.25.119.25  outside -> home  IN (likely) -> US (likely)  databases         3  2026-11-23 to 2026-11-24
3 findings: 3 verdicts would flip, 0 at another place under the same verdict, 0 as they were
`,
  );
  const lines = (await regrade('--json')).stdout.trimEnd().split('\n');
  expect(lines.map((it) => JSON.parse(it))).toMatchObject(
    Array(3).fill({ outcome: 'flips', by: 'databases', before: { verdict: 'outside' }, after: { verdict: 'home' } }),
  );
});

test('validate names the databases that are too old, and whether that has any effect', async () => {
  await using directory = await scratch();
  const geoip = join(directory.path, 'geoip');
  await mkdir(geoip);
  await writeFile(join(geoip, 'a.mmdb'), places('US', '2020-01-01'));
  const config = await configure(directory.path, { geo: '{ directory: geoip, embedded: false }' });
  expect((await run(['validate', '--config', config])).stdout).toContain(
    '\n  note  a.mmdb: too old since 2020-02-15, and believed all the same: geo.stale-after is not set\n',
  );
});
