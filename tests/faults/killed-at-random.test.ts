import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch, start } from '../command.ts';
import { mulberry32, seedOfRun } from '../random.ts';
import { rowsOf } from './database-rows.ts';
import { configOf, configure, elapsed, end, runUntilIdle } from './installation.ts';
import { type Piece, proxyLine, sftpSession } from './traffic.ts';

const KILLS = 25;
/** Lines between two rotations of the log. */
const ROTATE_EVERY = 600;

/** One kind of log: how its source is configured, what is written to it, and how it is rotated. */
interface Log {
  readonly name: string;
  readonly source: string;
  /** A piece of log, and how many findings it must come to. */
  readonly write: (number: number, random: () => number) => Piece;
  /** Moves the content of `log` to `archive` and leaves `log` empty. */
  readonly rotate: (log: string, archive: string) => void;
}

const RENAMED_PROXY_LOG: Log = {
  name: 'access.log',
  source: 'format: squid, inside: client',
  write: proxyLine,
  rotate: (log, archive) => {
    renameSync(log, archive);
    writeFileSync(log, '');
  },
};

const TRUNCATED_SSH_LOG: Log = {
  name: 'auth.log',
  source: 'format: openssh, inside: server',
  write: sftpSession,
  rotate: (log, archive) => {
    copyFileSync(log, archive);
    truncateSync(log, 0);
  },
};

/**
 * Two daemons follow the same log, which is written and rotated all the while. One is left alone, the other is killed
 * with SIGKILL at random instants. In the end their databases hold the same rows.
 */
test.each([
  ['a proxy log rotated by renaming', RENAMED_PROXY_LOG],
  ['an SSH log rotated by copying and truncating', TRUNCATED_SSH_LOG],
])(
  `after ${KILLS} kills the database equals that of an uninterrupted run, row for row: %s`,
  { timeout: 300_000 },
  async (_, log) => {
    const seed = seedOfRun();
    const random = mulberry32(seed);
    await using dir = await scratch();
    const calm = join(dir.path, 'calm');
    const killed = join(dir.path, 'killed');
    const logs = join(dir.path, 'logs');
    mkdirSync(logs);
    writeFileSync(join(logs, log.name), '');
    configure(calm, join(logs, log.name), log.source);
    // A first run makes the masking key, which the two have in common from then on.
    expect(await runUntilIdle(calm)).toMatchObject({ code: 0 });
    cpSync(calm, killed, { recursive: true });

    const writer = startWriting(logs, log, random);
    const steady = start(['run', '--config', configOf(calm)]);
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = start(['run', '--config', configOf(killed)]);
      await Promise.race([elapsed(150 + random() * 600), once(victim, 'exit')]);
      expect(victim.exitCode, 'the daemon ended by itself').toBeNull();
      await end(victim, 'SIGKILL');
    }
    const written = writer.stop();
    await end(steady, 'SIGTERM');
    for (const directory of [calm, killed]) expect(await runUntilIdle(directory)).toMatchObject({ code: 0 });

    const expected = rowsOf(join(calm, 'state'));
    const actual = rowsOf(join(killed, 'state'));
    process.stdout.write(
      `killed ${KILLS} times over ${written.lines} lines and ${written.rotations} rotations, seed ${seed}: ` +
        `${actual.findings?.length} findings of ${written.findings} planted\n`,
    );
    expect(expected.findings?.length, `seed ${seed}`).toBe(written.findings);
    expect(actual, `seed ${seed}`).toEqual(expected);
  },
);

/** Appends to the log every few milliseconds, in pieces that end anywhere, and rotates it now and then. */
function startWriting(logs: string, { name, write, rotate }: Log, random: () => number) {
  const written = { lines: 0, findings: 0, rotations: 0 };
  const path = join(logs, name);
  let number = 0;
  let sinceRotation = 0;
  const timer = setInterval(() => {
    let text = '';
    const pieces = 3 + random() * 10;
    for (let i = 0; i < pieces; i++) {
      number += 1;
      const piece = write(number, random);
      text += piece.text;
      written.findings += piece.findings;
    }
    const lines = text.split('\n').length - 1;
    written.lines += lines;
    sinceRotation += lines;
    const cut = Math.floor(random() * text.length);
    appendFileSync(path, text.slice(0, cut));
    appendFileSync(path, text.slice(cut));
    if (sinceRotation < ROTATE_EVERY) return;
    sinceRotation = 0;
    written.rotations += 1;
    makeRoom(logs, name);
    rotate(path, `${path}.1`);
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return written;
    },
  };
}

/** `x.log.2` becomes `x.log.3`, `x.log.1` becomes `x.log.2`, and so on, as logrotate does; nothing is removed. */
function makeRoom(logs: string, name: string): void {
  const numbers = readdirSync(logs)
    .filter((it) => it.startsWith(`${name}.`))
    .map((it) => Number(it.slice(name.length + 1)))
    .sort((one, other) => other - one);
  for (const number of numbers) renameSync(join(logs, `${name}.${number}`), join(logs, `${name}.${number + 1}`));
}
