import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Memory } from '../../src/agent/memory.ts';
import { SessionSeal } from '../../src/agent/sealed-sessions.ts';
import type { Finding } from '../../src/rules/finding.ts';
import type { SinkSettings } from '../../src/sinks/settings.ts';
import type { CommitBatch, StoredState } from '../../src/store/batch.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { finding, T0 } from '../alerts/findings.ts';
import { scratch } from '../command.ts';

const SINKS: readonly SinkSettings[] = [{ name: 'people', type: 'terminal', minSeverity: 'info' }];
const CONTEXT = { settings: { groupMs: 3_600_000 }, gateway: 'gw1', nowMs: T0 };
const EMPTY: StoredState = {
  positions: [],
  cursors: new Map(),
  sessions: [],
  alerts: [],
  conditions: [],
  ledgerHead: undefined,
  configuration: undefined,
  sourcesSeen: new Set(),
  formats: new Map(),
};

/** Findings of a few receivers, minutes apart, in any order of time. */
const someFindings = fc
  .array(fc.record({ who: fc.constantFrom('a', 'b', 'c'), minute: fc.nat(200), high: fc.boolean() }), { maxLength: 25 })
  .map((drawn) =>
    drawn.map(({ who, minute, high }, index) =>
      finding({
        id: `f-${String(index).padStart(24, '0')}`,
        timeMs: T0 + minute * 60_000,
        dedupeKey: `phi-outside-territory|${who}|IN|to-server`,
        severity: high ? 'high' : 'medium',
        bytes: 1000 + index,
      }),
    ),
  );

/** All that the batches store, in order; of an alert what stands in the end. */
function sumOf(batches: readonly CommitBatch[]) {
  return {
    ledger: batches.flatMap(({ ledger = [] }) => ledger),
    joinings: batches.flatMap(({ joinings = [] }) => joinings),
    outbox: batches.flatMap(({ outbox = [] }) => outbox),
    alerts: new Map(batches.flatMap(({ alerts = [] }) => alerts).map((it) => [it.alert.id, it])),
  };
}

function newMemory(state: StoredState, secret: Buffer = Buffer.alloc(32)): Memory {
  return new Memory(state, new SessionSeal(secret));
}

test('however findings are cut into batches, the same is stored', () => {
  fc.assert(
    fc.property(someFindings, fc.array(fc.nat(25), { maxLength: 4 }), (findings, cuts) => {
      const whole = newMemory(EMPTY).absorb(findings, CONTEXT, SINKS);
      const memory = newMemory(EMPTY);
      const batches = piecesOf(findings, cuts).map((it) => memory.absorb(it, CONTEXT, SINKS));
      expect(sumOf(batches)).toEqual(sumOf([whole]));
    }),
  );
});

test('a memory made anew from the store goes on as the one that was lost', async () => {
  await fc.assert(
    fc.asyncProperty(someFindings, fc.nat(25), async (findings, cut) => {
      await using dir = await scratch();
      const store = openStore(dir.path, () => T0);
      try {
        const memory = newMemory(store.loadState(), store.maskingKey);
        const head = absorbInto(store, memory, findings.slice(0, cut));
        const tail = absorbInto(store, newMemory(store.loadState(), store.maskingKey), findings.slice(cut));
        expect(sumOf([head, tail])).toEqual(sumOf([newMemory(EMPTY).absorb(findings, CONTEXT, SINKS)]));
      } finally {
        store.close();
      }
    }),
    { numRuns: 15 },
  );
});

test('no findings store nothing', () => {
  expect(newMemory(EMPTY).absorb([], CONTEXT, SINKS)).toEqual({});
});

function absorbInto(store: Store, memory: Memory, findings: readonly Finding[]): CommitBatch {
  const batch = memory.absorb(findings, CONTEXT, SINKS);
  store.commit(batch);
  return batch;
}

function piecesOf<T>(items: readonly T[], cuts: readonly number[]): readonly (readonly T[])[] {
  const ends = [...cuts, items.length].sort((one, other) => one - other);
  return ends.map((end, index) => items.slice(ends[index - 1] ?? 0, end));
}
