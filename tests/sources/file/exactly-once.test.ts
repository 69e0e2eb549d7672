import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
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
import type { Compression } from '../../../src/sources/file/compression.ts';
import type { ReadLimits } from '../../../src/sources/source.ts';
import { TailByHand } from './by-hand.ts';
import { EXTENSIONS, packQuickly } from './packers.ts';

/** What one writer put into one file, from its creation or truncation to the next. */
class Generation {
  content = '';
  path: string;
  modifiedMs = 0;
  packed = false;
  /** Deleted or truncated before it was read to its end: what of it is missing must have been told. */
  lost = false;

  constructor(path: string) {
    this.path = path;
  }

  /** Lines as they must be handed on, with their places worked out from the content alone. */
  expected(): readonly { text: string; file: string; offset: number; bytes: number }[] {
    const lines = this.content.split('\n');
    const isWhole = lines.at(-1) === '';
    const firstBehindHeader = lines.findIndex((line) => !line.startsWith('#'));
    const file = createHash('sha256')
      .update(lines.slice(0, firstBehindHeader + 1).join('\n'))
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

/** Between two writes. */
const STEP_MS = 300;

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
  #rotations = 0;
  /** What the writer begins each file with. */
  readonly #header: string;

  constructor(header: string) {
    this.#header = header;
    this.#create();
  }

  /** Room for the header besides what was asked for: otherwise a reading would hardly get behind it. */
  limits({ maxLines = 0, maxBytes = 0 }: ReadLimits): ReadLimits {
    const headerLines = this.#header.split('\n').length - 1;
    return { maxLines: maxLines + headerLines, maxBytes: maxBytes + this.#header.length };
  }

  append(lines: number, padding: number, partial: boolean): void {
    const generation = this.#current ?? this.#create();
    this.#write(generation, lines, padding, partial);
  }

  appendToRenamed(lines: number, partial: boolean): void {
    if (this.#slowWriter !== undefined) this.#write(this.#slowWriter, lines, 3, partial);
  }

  rename(create: boolean, dated: boolean): void {
    if (this.#current === undefined) return;
    const path = this.#freeName(dated);
    renameSync(this.log, path);
    this.#current.path = path;
    this.#slowWriter = this.#current;
    this.#rotated.unshift(this.#current);
    this.#current = undefined;
    if (create) this.#create();
  }

  copyAndTruncate(dated: boolean): void {
    if (this.#current === undefined) return;
    const copied = this.#current;
    copied.path = this.#freeName(dated);
    copyFileSync(this.log, copied.path);
    this.#touch(copied);
    this.#rotated.unshift(copied);
    this.#truncate();
  }

  /** Without a copy: what was not read is lost. */
  truncateOnly(): void {
    if (this.#current === undefined) return;
    this.#current.lost = true;
    this.#truncate();
  }

  /** As logrotate does: beside the file, with its times, before that is removed. Its writer has been told by then. */
  compress(which: 'latest' | 'all but the latest', compression: Compression): void {
    const [latest, ...others] = this.#rotated;
    for (const generation of which === 'latest' ? [latest] : others) {
      if (generation === undefined || generation.packed) continue;
      if (generation === this.#slowWriter) this.#slowWriter = undefined;
      const archive = `${generation.path}.${EXTENSIONS[compression]}`;
      writeFileSync(archive, packQuickly(readFileSync(generation.path), compression));
      // logrotate(8) hands its time on in whole seconds.
      const seconds = Math.floor(generation.modifiedMs / 1_000);
      utimesSync(archive, seconds, seconds);
      rmSync(generation.path);
      generation.path = archive;
      generation.packed = true;
    }
  }

  /** Past the time after which a renamed file counts as finished; its writer has let go. */
  aMinutePasses(): void {
    this.nowMs += 61_000;
    this.#slowWriter = undefined;
  }

  /** What logrotate does with the oldest. */
  deleteOldest(): void {
    const oldest = this.#rotated.at(-1);
    if (oldest === undefined || oldest === this.#slowWriter) return;
    oldest.lost = true;
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
    return this.#begin();
  }

  #begin(): Generation {
    const generation = new Generation(this.log);
    this.#current = generation;
    this.generations.push(generation);
    this.#put(generation, this.#header);
    return generation;
  }

  #truncate(): void {
    truncateSync(this.log);
    this.#begin();
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
    this.#touch(generation);
  }

  #freeName(dated: boolean): string {
    if (dated) {
      this.#rotations += 1;
      return `${this.log}-20261124-${String(this.#rotations).padStart(4, '0')}`;
    }
    const numbered = this.#rotated.filter(({ path }) => path.startsWith(`${this.log}.`));
    for (const generation of numbered.reverse()) {
      const [, number, extension] = /\.(\d+)(\.\w+)?$/.exec(generation.path) ?? [];
      const path = `${this.log}.${Number(number) + 1}${extension ?? ''}`;
      if (existsSync(path)) throw new Error(`${path} is in the way`);
      renameSync(generation.path, path);
      generation.path = path;
    }
    return `${this.log}.1`;
  }

  #touch(generation: Generation): void {
    this.nowMs += STEP_MS;
    generation.modifiedMs = this.nowMs;
    utimesSync(generation.path, this.nowMs / 1_000, this.nowMs / 1_000);
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

const PACKING = {
  weight: 3,
  arbitrary: fc
    .tuple(
      fc.constantFrom('latest' as const, 'all but the latest' as const),
      // Starting a tool takes as long as all the rest of a run.
      fc.oneof(
        { weight: 40, arbitrary: fc.constant('gzip' as const) },
        { weight: 1, arbitrary: fc.constantFrom('xz' as const, 'zstd' as const, 'bzip2' as const) },
      ),
    )
    .map((it) => act(`compress ${it}`, (host) => host.compress(...it))),
};

const acts: fc.Arbitrary<readonly [string, Act]> = fc.oneof(
  PACKING,
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
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.boolean(), fc.boolean())
      .map((it) => act(`rename, create and dated ${it}`, (host) => host.rename(...it))),
  },
  {
    weight: 2,
    arbitrary: fc.boolean().map((it) => act(`copy and truncate, dated ${it}`, (host) => host.copyAndTruncate(it))),
  },
  { weight: 1, arbitrary: fc.constant(act('truncate', (host) => host.truncateOnly())) },
  { weight: 1, arbitrary: fc.constant(act('a minute passes', (host) => host.aMinutePasses())) },
  { weight: 1, arbitrary: fc.constant(act('delete oldest', (host) => host.deleteOldest())) },
  {
    weight: 8,
    arbitrary: limits.map((it) =>
      act(`read ${JSON.stringify(it)}`, async (host, tail) => {
        await tail.step(host.limits(it));
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: limits.map((it) =>
      act(`read ${JSON.stringify(it)} and crash`, async (host, tail) => {
        await tail.read(host.limits(it));
        await tail.crash();
      }),
    ),
  },
  { weight: 2, arbitrary: fc.constant(act('restart', (_, tail) => tail.crash())) },
);

const RUNS = Number(process.env.PHI_EGRESS_RUNS ?? 500);
const SEED = Number(process.env.PHI_EGRESS_SEED ?? Date.now() % 2 ** 31);

/** Longer than what two logs of other kinds are told apart by. */
const HEADER = '#Fields: date time s-ip cs-method cs-uri-stem\n'.repeat(30);

for (const [title, pattern, header] of [
  ['a log that is named', 'access.log', ''],
  ['a glob that matches the rotated files as well', 'access.log*', ''],
  ['a log that always begins with the same header', 'access.log', HEADER],
  ['a glob, and the same header', 'access.log*', HEADER],
] as const) {
  test(`every line is handed on once, in order and with its place, or its loss is told: ${title}`, {
    timeout: 900_000,
  }, async () => {
    process.stdout.write(`${RUNS} runs with PHI_EGRESS_SEED=${SEED}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { minLength: 1, maxLength: 30 }), async (steps) => {
        const host = new LogHost(header);
        const tail = new TailByHand([join(host.directory, pattern)], { nowMs: () => host.nowMs });
        try {
          await tail.untilIdle();
          for (const [, run] of steps) await run(host, tail);
          host.finish();
          await tail.untilIdle();
          host.aMinutePasses();
          await tail.untilIdle({ endsAtIdle: true });
          check(host, tail);
        } finally {
          await tail.close();
          host.dispose();
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
}

function check(host: LogHost, tail: TailByHand): void {
  // Two files may take turns; within each, the order is as written. Lines are numbered, so none can be taken for another.
  const isBody = ({ text }: { readonly text: string }) => !text.startsWith('#');
  const bodies = tail.lines.filter(isBody).map(({ text, place }) => ({ text, ...place }));
  const at = new Map(bodies.map((it, index) => [it.text, index]));
  expect(at.size, 'lines read twice').toBe(bodies.length);
  let lost = 0;
  for (const generation of host.generations) {
    const expected = generation.expected().filter(isBody);
    const read = expected.filter(({ text }) => at.has(text));
    // Of a lost file it is its beginning that was read; one that came and went unseen nobody can tell of.
    if (generation.lost && read.length > 0 && read.length < expected.length) lost += 1;
    expect(read).toEqual(generation.lost ? expected.slice(0, read.length) : expected);
    expect(read.map(({ text }) => bodies[at.get(text) ?? -1])).toEqual(read);
    const order = read.map(({ text }) => at.get(text) ?? -1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
  const all = new Set(host.generations.flatMap((it) => it.expected().map(({ text }) => text)));
  expect(bodies.filter(({ text }) => !all.has(text))).toEqual([]);
  const told = tail.events.filter((it) => it.kind === 'vanished' || (it.kind === 'truncated' && !it.continuedIn));
  expect(told.length, 'losses that were told').toBeGreaterThanOrEqual(lost);
  if (!host.generations.some((it) => it.lost)) expect(told, 'losses that were none').toEqual([]);
}
