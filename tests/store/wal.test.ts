import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OperatorError } from '../../src/errors/problem.ts';
import { openStore } from '../../src/store/store.ts';
import { isWalDamaged } from '../../src/store/wal.ts';
import { finding } from '../alerts/findings.ts';
import { recorder } from './recording.ts';
import { scratch } from './scratch.ts';

const HEADER = 32;
const FRAME = 24 + 4_096;

/** A state directory as a killed daemon leaves it: five commits, one finding each, are in its write-ahead log. */
function killed() {
  const from = scratch();
  const store = openStore(from.path, () => 1);
  const agent = recorder(store, 1);
  for (let n = 0; n < 5; n++) agent.record([finding({ id: `f-${n}` })]);
  const to = scratch();
  for (const file of ['phi-egress.db', 'phi-egress.db-wal']) copyFileSync(join(from.path, file), join(to.path, file));
  store.close();
  from[Symbol.dispose]();
  const wal = join(to.path, 'phi-egress.db-wal');
  const bytes = readFileSync(wal);
  const frames = (bytes.length - HEADER) / FRAME;
  const commits = Array.from({ length: frames }, (_, at) => at).filter(
    (at) => bytes.readUInt32BE(HEADER + at * FRAME + 4) > 0,
  );
  return { ...to, [Symbol.dispose]: () => to[Symbol.dispose](), path: to.path, wal, frames, commits };
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes[at] ?? 0) ^ 0xff, at);
  writeFileSync(path, bytes);
}

/** The findings that a daemon finds there, or why it does not start. */
function opened(directory: string): number | string {
  try {
    const store = openStore(directory, () => 1);
    const { findings } = store.queries.statusCounts();
    store.close();
    return findings;
  } catch (error) {
    if (error instanceof OperatorError) return error.problems.map(({ code }) => code).join();
    throw error;
  }
}

test('what a killed daemon leaves is sound, and all of it is there', () => {
  using state = killed();
  expect(state.commits.length).toBeGreaterThanOrEqual(5);
  expect(isWalDamaged(state.wal)).toBe(false);
  expect(opened(state.path)).toBe(5);
});

test('a byte changed before later commits is damage, which SQLite alone would have passed over', () => {
  using state = killed();
  flip(state.wal, HEADER + 24 + 100);
  expect(isWalDamaged(state.wal)).toBe(true);
  expect(opened(state.path)).toBe('state.damaged');
});

test.each([0, 3, 8, 16, 24, 31])('a byte changed in its header, at %d, is damage', (at) => {
  using state = killed();
  flip(state.wal, at);
  expect(isWalDamaged(state.wal)).toBe(true);
});

test('garbage in its place is damage', () => {
  using state = killed();
  writeFileSync(state.wal, Buffer.alloc(statSync(state.wal).size, 0xa5));
  expect(opened(state.path)).toBe('state.damaged');
});

test('a last commit that a power cut tore is none: the one before it is what was promised', () => {
  using state = killed();
  const beforeLast = state.commits.at(-2) ?? 0;
  truncateSync(state.wal, HEADER + (beforeLast + 1) * FRAME + 500);
  expect(isWalDamaged(state.wal)).toBe(false);
  expect(opened(state.path)).toBe(4);
  using torn = killed();
  flip(torn.wal, HEADER + (torn.frames - 1) * FRAME + 24 + 8);
  expect(isWalDamaged(torn.wal)).toBe(false);
  expect(opened(torn.path)).toBe(4);
});

test('what an earlier log left behind the end of this one is no damage', () => {
  using state = killed();
  const bytes = readFileSync(state.wal);
  const first = bytes.subarray(HEADER, HEADER + ((state.commits[1] ?? 0) + 1) * FRAME);
  const stale = Buffer.from(bytes.subarray(HEADER + first.length));
  for (let at = 0; at + FRAME <= stale.length; at += FRAME) stale.writeUInt32BE(7, at + 8);
  writeFileSync(state.wal, Buffer.concat([bytes.subarray(0, HEADER), first, stale]));
  expect(isWalDamaged(state.wal)).toBe(false);
});

test('a log that was never written to is no damage', () => {
  using state = killed();
  for (const content of [Buffer.alloc(0), Buffer.alloc(HEADER + FRAME)]) {
    writeFileSync(state.wal, content);
    expect(isWalDamaged(state.wal)).toBe(false);
  }
});
