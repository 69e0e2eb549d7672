import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Scratch, scratch } from '../scratch.ts';
import { database, packed, sha256Line } from './packed.ts';
import { content, publisher } from './publisher.ts';
import { CITY, CITY_PATH, CITY_SHA256_PATH, filesIn, inShort, settingsFor, updateFrom } from './updating.ts';

/** A file system of 256 KiB. */
function smallDisk({ path }: Scratch): { readonly path: string } & Disposable {
  const disk = join(path, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', disk], { stdio: 'ignore' });
  return { path: disk, [Symbol.dispose]: () => execFileSync('umount', ['-l', disk]) };
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const mounts = canMount();

test.skipIf(!mounts)(
  `a full disk leaves the old edition, and nothing of the new one${mounts ? '' : ' (needs the right to mount)'}`,
  async () => {
    await using directory = await scratch();
    using disk = smallDisk(directory);
    await using maxmind = await publisher();
    const old = database(CITY, '2026-11-17');
    await writeFile(join(disk.path, `${CITY}.mmdb`), old);
    const archive = packed(CITY, '2026-11-24');
    maxmind.answer(CITY_PATH, content(archive));
    maxmind.answer(CITY_SHA256_PATH, content(sha256Line(archive, 'x')));
    await writeFile(join(disk.path, 'ballast'), Buffer.alloc(252 * 1024));

    const { outcomes } = await updateFrom(maxmind.url, settingsFor(disk.path));
    expect(outcomes.map(inShort)).toEqual([`Cannot write to ${disk.path}: the disk is full`]);
    const files = await filesIn(disk.path);
    expect(Object.keys(files)).toEqual(['GeoLite2-City.mmdb', 'ballast']);
    expect(files['GeoLite2-City.mmdb']).toEqual(old);
  },
);
