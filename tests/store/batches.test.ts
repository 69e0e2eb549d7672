import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyLedger } from '../../src/evidence/verify.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { openStore } from '../../src/store/store.ts';
import { finding, T0 } from '../alerts/findings.ts';
import { dump } from './dump.ts';
import { recorder } from './recording.ts';
import { scratch } from './scratch.ts';

/** Few ids, so that some come twice; few keys, so that findings meet; times on both sides of the grouping time. */
const anyFinding: fc.Arbitrary<Finding> = fc
  .record({
    id: fc.integer({ min: 0, max: 60 }),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    minutes: fc.integer({ min: 0, max: 300 }),
    severity: fc.constantFrom('info', 'medium', 'high', 'critical'),
    claim: fc.constantFrom('delivered', 'accessed', 'attempted', 'indicator'),
    bytes: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ id, key, minutes, severity, claim, bytes }) =>
    finding({
      id: `f-${id}`,
      dedupeKey: key,
      timeMs: T0 + minutes * 60_000,
      severity: severity as Finding['severity'],
      claim: claim as Finding['claim'],
      ...(bytes !== undefined && { bytes }),
    }),
  );

/** Findings in batches, and after which of them the process is killed: before or after the commit. */
const anyRun = fc.record({
  batches: fc.array(
    fc.record({
      findings: fc.array(anyFinding, { maxLength: 12 }),
      killed: fc.constantFrom('no', 'before-commit', 'after-commit'),
    }),
    { maxLength: 8 },
  ),
  openAlerts: fc.constantFrom(2, 3, 1_000),
});

test('however findings are cut into batches and however often the agent is killed, the database is the same', () => {
  fc.assert(
    fc.property(anyRun, ({ batches, openAlerts }) => {
      using whole = scratch();
      const uninterrupted = openStore(whole.path, () => 1);
      recorder(uninterrupted, 1, openAlerts).record(batches.flatMap((it) => it.findings));
      uninterrupted.close();

      using pieces = scratch();
      let clock = 1_000;
      let store = openStore(pieces.path, () => clock++);
      let agent = recorder(store, clock, openAlerts);
      const restart = (): void => {
        store.close();
        store = openStore(pieces.path, () => clock++);
        agent = recorder(store, clock, openAlerts);
      };
      for (const { findings, killed } of batches) {
        if (killed === 'before-commit') {
          agent.prepare(findings);
          restart();
        }
        agent.record(findings);
        if (killed === 'after-commit') restart();
      }
      const { entries, anchors } = store.queries.ledger();
      expect(verifyLedger(entries, anchors).kind).toBe('intact');
      store.close();

      expect(dump(pieces.path)).toEqual(dump(whole.path));
    }),
    { numRuns: 40 },
  );
});

test('the same findings twice leave the database as once', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const findings = [1, 2, 3].map((n) => finding({ id: `f-${n}` }));
  const agent = recorder(store, 1);
  agent.record(findings);
  const once = dump(directory.path);
  agent.record([...findings, ...findings]);
  store.close();
  expect(dump(directory.path)).toEqual(once);
  expect(once.findings).toHaveLength(3);
});

test('a commit that fails leaves nothing behind', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const batch = recorder(store, 1).prepare([finding()]);
  const before = dump(directory.path);
  const twice = { ...batch, joinings: [...(batch.joinings ?? []), ...(batch.joinings ?? [])] };
  const counts = [{ source: 'squid', lines: 1, parsed: 1, skipped: 0, unreadable: 0, cut: 0 }];
  expect(() => store.commit({ ...twice, counts })).toThrow('UNIQUE constraint failed: findings');
  expect(dump(directory.path)).toEqual(before);
  store.commit(batch);
  expect(dump(directory.path).findings).toHaveLength(1);
  store.close();
});
