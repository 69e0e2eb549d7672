import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { scratch, tailByHand } from './by-hand.ts';

const WRITER = fileURLToPath(new URL('restless-writer.mjs', import.meta.url));
const DURATION_MS = 6_000;
/** Like a daemon that is down now and then, for as long as several rotations take. */
const LONGEST_PAUSE_MS = 300;

test.each(['rename', 'copytruncate'])(
  'files that are renamed while they are looked for are neither lost nor read twice: %s',
  { timeout: 90_000 },
  async (manner) => {
    const log = `${await scratch()}/auth.log`;
    const writer = spawn(process.execPath, [WRITER, log, manner]);
    onTestFinished(() => void writer.kill());
    let printed = '';
    writer.stdout.on('data', (chunk) => {
      printed += String(chunk);
    });

    const tail = tailByHand(log);
    while (tail.committed.size === 0) await tail.step();
    const endMs = performance.now() + DURATION_MS;
    while (performance.now() < endMs) {
      await tail.step();
      if (Math.random() < 0.3) await tail.crash();
      if (Math.random() < 0.15) await new Promise((wake) => setTimeout(wake, Math.random() * LONGEST_PAUSE_MS));
    }
    writer.stdin.end();
    await once(writer, 'close');
    await tail.untilIdle({ endsAtIdle: true });

    const { written, rotations } = JSON.parse(printed);
    process.stdout.write(`${written} lines over ${rotations} rotations\n`);
    expect(rotations).toBeGreaterThan(5);
    const numbers = tail.texts.map((text) => Number(text.slice(0, 9))).sort((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: written }, (_, number) => number));
  },
);
