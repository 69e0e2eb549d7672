import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReadLimits } from '../../../src/sources/source.ts';
import { TailByHand } from './by-hand.ts';

/** What one writer put into one file, from its creation or truncation to the next. */
class Generation {
  content = '';
  path: string;
  writable = true;

  constructor(path: string) {
    this.path = path;
  }

  /** Lines as they must be handed on, with their places worked out from the content alone. */
  expected(): readonly { text: string; file: string; offset: number; bytes: number }[] {
    const lines = this.content.split('\n');
    const isWhole = lines.at(-1) === '';
    const file = createHash('sha256')
      .update(lines[0] ?? '')
      .digest('hex')
      .slice(0, 16);
    let offset = 0;
    return lines.slice(0, isWhole ? -1 : undefined).map((text, index) => {
      const bytes = text.length + (isWhole || index < lines.length - 1 ? 1 : 0);
      offset += bytes;
      return { text, file, offset: offset - bytes, bytes };
    });
  }
}

/** A log with a writer and a rotation, on a clock of its own, and what was written to it. */
class LogHost {
  readonly directory = mkdtempSync(join(tmpdir(), 'exactly-once-'));
  readonly log = join(this.directory, 'access.log');
  readonly generations: Generation[] = [];
  nowMs = Date.UTC(2026, 10, 24);
  #rotated: Generation[] = [];
  #current: Generation | undefined;
  /** Still has the renamed file open. */
  #slowWriter: Generation | undefined;
  #lineNumber = 0;

  constructor() {
    this.#create();
  }

  append(lines: number, padding: number, partial: boolean): void {
    const generation = this.#current ?? this.#create();
    this.#write(generation, lines, padding, partial);
  }

  appendToRenamed(lines: number, partial: boolean): void {
    if (this.#slowWriter !== undefined) this.#write(this.#slowWriter, lines, 3, partial);
  }

  rename(create: boolean): void {
    if (this.#current === undefined) return;
    this.#shift();
    renameSync(this.log, `${this.log}.1`);
    this.#current.path = `${this.log}.1`;
    this.#slowWriter = this.#current;
    this.#rotated.unshift(this.#current);
    this.#current = undefined;
    if (create) this.#create();
  }

  copyAndTruncate(): void {
    if (this.#current === undefined) return;
    this.#shift();
    const copied = this.#current;
    copied.path = `${this.log}.1`;
    copyFileSync(this.log, copied.path);
    this.#touch(copied.path);
    this.#rotated.unshift(copied);
    truncateSync(this.log);
    this.#touch(this.log);
    this.#current = new Generation(this.log);
    this.generations.push(this.#current);
  }

  /** Past the time after which a renamed file counts as finished; its writer has let go. */
  aMinutePasses(): void {
    this.nowMs += 61_000;
    this.#slowWriter = undefined;
  }

  /** What logrotate does with the oldest, `seen` being what was committed of it. */
  deleteOldest(seen: ReadonlySet<string>): void {
    const oldest = this.#rotated.at(-1);
    const isOnly = this.#rotated.length === 1 && this.#current === undefined;
    if (oldest === undefined || oldest === this.#slowWriter || isOnly) return;
    if (!oldest.expected().every(({ text }) => seen.has(text))) return;
    rmSync(oldest.path);
    this.#rotated.pop();
  }

  /** The last line of the log itself would wait for its end, and that of a renamed one for a successor. */
  finish(): void {
    const last = this.#current ?? this.#create();
    if (!/(?:^|\n)$/.test(last.content)) this.#put(last, '\n');
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #create(): Generation {
    writeFileSync(this.log, '', { flag: 'wx' });
    this.#touch(this.log);
    this.#current = new Generation(this.log);
    this.generations.push(this.#current);
    return this.#current;
  }

  #write(generation: Generation, lines: number, padding: number, partial: boolean): void {
    for (let index = 0; index < lines; index++) {
      const isWhole = !partial || index < lines - 1;
      const startsLine = /(?:^|\n)$/.test(generation.content);
      const start = startsLine ? `${String(this.#lineNumber++).padStart(5, '0')}-` : '';
      this.#put(generation, `${start}${'x'.repeat(padding)}${isWhole ? '\n' : ''}`);
    }
  }

  #put(generation: Generation, text: string): void {
    appendFileSync(generation.path, text);
    generation.content += text;
    this.#touch(generation.path);
  }

  #shift(): void {
    for (const [index, generation] of [...this.#rotated.entries()].reverse()) {
      const path = `${this.log}.${index + 2}`;
      if (existsSync(path)) throw new Error(`${path} is in the way`);
      renameSync(generation.path, path);
      generation.path = path;
    }
  }

  #touch(path: string): void {
    this.nowMs += 10;
    utimesSync(path, this.nowMs / 1_000, this.nowMs / 1_000);
  }
}

type Act = (host: LogHost, tail: TailByHand) => Promise<void> | void;

const limits: fc.Arbitrary<ReadLimits> = fc.record({
  maxLines: fc.integer({ min: 1, max: 6 }),
  maxBytes: fc.integer({ min: 1, max: 400 }),
});

function act(name: string, run: Act): readonly [string, Act] {
  return [name, run];
}

const acts: fc.Arbitrary<readonly [string, Act]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.constantFrom(0, 3, 40, 700), fc.boolean())
      .map((it) => act(`append ${it}`, (host) => host.append(...it))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
      .map((it) => act(`append to renamed ${it}`, (host) => host.appendToRenamed(...it))),
  },
  { weight: 2, arbitrary: fc.boolean().map((it) => act(`rename, create ${it}`, (host) => host.rename(it))) },
  { weight: 2, arbitrary: fc.constant(act('copy and truncate', (host) => host.copyAndTruncate())) },
  { weight: 1, arbitrary: fc.constant(act('a minute passes', (host) => host.aMinutePasses())) },
  {
    weight: 1,
    arbitrary: fc.constant(act('delete oldest', (host, tail) => host.deleteOldest(new Set(tail.texts)))),
  },
  {
    weight: 8,
    arbitrary: limits.map((it) =>
      act(`read ${JSON.stringify(it)}`, async (_, tail) => {
        await tail.step(it);
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: limits.map((it) =>
      act(`read ${JSON.stringify(it)} and crash`, async (_, tail) => {
        await tail.read(it);
        await tail.crash();
      }),
    ),
  },
  { weight: 2, arbitrary: fc.constant(act('restart', (_, tail) => tail.crash())) },
);

for (const [title, pattern] of [
  ['a log that is named', 'access.log'],
  ['a glob that matches the rotated files as well', 'access.log*'],
] as const) {
  test(`every line is handed on once, in order and with its place, for ${title}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { minLength: 1, maxLength: 30 }), async (steps) => {
        const host = new LogHost();
        const tail = new TailByHand([join(host.directory, pattern)], { nowMs: () => host.nowMs });
        try {
          await tail.untilIdle();
          for (const [, run] of steps) await run(host, tail);
          host.finish();
          await tail.untilIdle();
          host.aMinutePasses();
          await tail.untilIdle({ endsAtIdle: true });
          const expected = host.generations.flatMap((it) => it.expected());
          const inFile = (text: string) => expected.findIndex((it) => it.text === text);
          const seen = tail.lines.map(({ text, place }) => ({ text, ...place }));
          // Two files may take turns; within each, the order is as written.
          const order = new Map<string, number>();
          for (const { text, offset, file } of seen) {
            expect(offset, text).toBeGreaterThan(order.get(file) ?? -1);
            order.set(file, offset);
          }
          expect(seen.sort((a, b) => inFile(a.text) - inFile(b.text))).toEqual(expected);
        } finally {
          await tail.close();
          host.dispose();
        }
      }),
      { numRuns: 300 },
    );
  });
}
