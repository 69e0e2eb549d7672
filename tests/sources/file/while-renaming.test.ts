import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { scratch, tailByHand } from './by-hand.ts';

const WRITER = fileURLToPath(new URL('restless-writer.mjs', import.meta.url));
/** So many reads, however long they take: on a busy machine the writer has the longer for its rotations. */
const READS = 60;
/** Each rotation makes the row longer, and with it the reader's work: then the writer rests. */
const MOST_ROTATIONS = 150;

test.each(['rename', 'copytruncate'])(
  'files that are renamed while they are looked for are neither lost nor read twice: %s',
  { timeout: 600_000 },
  async (manner) => {
    const log = `${await scratch()}/auth.log`;
    const writer = spawn(process.execPath, [WRITER, log, manner, String(MOST_ROTATIONS)]);
    onTestFinished(() => void writer.kill());
    let printed = '';
    let rotated = -1;
    writer.stdout.on('data', (chunk) => {
      printed += String(chunk);
      rotated = printed.split('\n').length - 2;
    });

    while (rotated < 0) await once(writer.stdout, 'data');
    const tail = tailByHand(log);
    // What was rotated away before the log was seen for the first time is for `replay`.
    await tail.step();
    expect(tail.committed.size).toBe(1);
    writer.stdin.write('begin');
    for (let reads = 0; reads < READS; reads++) {
      await tail.step();
      // Like a daemon that is down now and then, for as long as several rotations take.
      if (Math.random() < 0.3) await tail.crash();
      for (let awaited = Math.min(rotated + (Math.random() < 0.2 ? 3 : 0), MOST_ROTATIONS); rotated < awaited; )
        await once(writer.stdout, 'data');
    }
    while (rotated <= 5) await once(writer.stdout, 'data');
    const closed = once(writer, 'close');
    writer.stdin.end();
    await closed;
    await tail.untilIdle({ endsAtIdle: true });

    const { written, rotations } = JSON.parse(printed.slice(printed.lastIndexOf('\n') + 1));
    process.stdout.write(`${written} lines over ${rotations} rotations\n`);
    expect(rotations).toBeGreaterThan(5);
    const numbers = tail.texts.map((text) => Number(text.slice(0, 9))).sort((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: written }, (_, number) => number));
  },
);
