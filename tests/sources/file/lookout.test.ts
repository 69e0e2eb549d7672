import { renameSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Lookout } from '../../../src/sources/file/lookout.ts';
import { OpenFiles } from '../../../src/sources/file/open-files.ts';
import { scratch } from './by-hand.ts';

/** Does something in the middle of a look: after the first file was found, before any other is. */
class Interrupted extends OpenFiles {
  readonly #interrupt: () => void;
  #times: number;

  constructor(times: number, interrupt: () => void) {
    super();
    this.#times = times;
    this.#interrupt = interrupt;
  }

  override get(...file: Parameters<OpenFiles['get']>): ReturnType<OpenFiles['get']> {
    if (this.#times > 0) {
      this.#times -= 1;
      this.#interrupt();
    }
    return super.get(...file);
  }
}

let rotations = 0;

function rotate(log: string, archives: number): void {
  rotations += 1;
  for (let number = archives; number >= 1; number--) renameSync(`${log}.${number}`, `${log}.${number + 1}`);
  renameSync(log, `${log}.1`);
  writeFileSync(log, `begun after rotation ${rotations}\n`);
}

test('a log that is rotated in the middle of a look is looked at again, so that no file is missed', async () => {
  const log = `${await scratch()}/auth.log`;
  writeFileSync(log, 'second\n');
  writeFileSync(`${log}.1`, 'first\n');
  const look = await new Lookout([log], new Interrupted(1, () => rotate(log, 1))).look(new Map());
  const inodes = (paths: readonly string[]) => paths.map((path) => String(statSync(path).ino)).sort();
  expect(look?.files.map(({ inode }) => inode).sort()).toEqual(inodes([log, `${log}.1`, `${log}.2`]));
});

test('a directory that never comes to rest is not believed', async () => {
  const log = `${await scratch()}/auth.log`;
  writeFileSync(log, 'first\n');
  const restless = new Interrupted(Number.POSITIVE_INFINITY, () => rotate(log, 0));
  // A file that is nowhere is asked for in every look.
  const gone = { source: 's', path: log, device: '0', inode: '0', prefixBytes: 0, prefixSha256: '', offset: 0 };
  const positions = new Map([['0:0', { ...gone, rotated: false, modifiedMs: 0 }]]);
  expect(await new Lookout([log], restless).look(positions)).toBeUndefined();
});
