import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_LEDGER, extend, findingRecord, type LedgerEntry } from '../../src/evidence/ledger.ts';
import { verifyChain, verifyLedger } from '../../src/evidence/verify.ts';
import { finding } from '../alerts/findings.ts';

const findings = Array.from({ length: 8 }, (_, index) => finding({ id: `f-${index}`, bytes: index }));
const chain = extend(EMPTY_LEDGER, findings.map(findingRecord));
const head = chain.at(-1) ?? EMPTY_LEDGER;
const index = fc.integer({ min: 0, max: chain.length - 1 });

test('a chain that was left alone is intact', () => {
  expect(verifyChain(chain, [head])).toEqual({ kind: 'intact', head: { seq: 8, hash: head.hash } });
  expect(verifyChain([])).toEqual({ kind: 'intact', head: EMPTY_LEDGER });
});

test('a record that was changed in any key breaks the chain there', () => {
  fc.assert(
    fc.property(index, fc.constantFrom('id', 'rule', 'ruleVersion', 'time', 'severity', 'factsSha256'), (at, key) => {
      const changed = chain.map((entry, n) =>
        n === at ? ({ ...entry, record: { ...entry.record, [key]: 'other' } } as LedgerEntry) : entry,
      );
      expect(verifyChain(changed)).toMatchObject({ kind: 'broken', seq: at + 1 });
    }),
  );
});

test('a record that was changed together with its hash breaks the chain at the next, or at the anchor', () => {
  fc.assert(
    fc.property(index, (at) => {
      const [forged] = extend(chain[at - 1] ?? EMPTY_LEDGER, [findingRecord(finding({ id: 'f-forged' }))]);
      const changed = chain.map((entry, n) => (n === at && forged !== undefined ? forged : entry));
      const isLast = at === chain.length - 1;
      expect(verifyChain(changed, [head])).toMatchObject({ kind: 'broken', seq: isLast ? at + 1 : at + 2 });
    }),
  );
});

test('a record that was removed is missed, the last one by an alert that was issued with it', () => {
  fc.assert(
    fc.property(index, (at) => {
      const verdict = verifyChain(
        chain.filter((_, n) => n !== at),
        [head],
      );
      expect(verdict).toMatchObject({ kind: 'broken', seq: at + 1 });
    }),
  );
});

test('records in another order break the chain at the first that moved', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...chain], { minLength: 8 }), (shuffled) => {
      const firstMoved = shuffled.findIndex((entry, n) => entry !== chain[n]);
      if (firstMoved === -1) expect(verifyChain(shuffled).kind).toBe('intact');
      else expect(verifyChain(shuffled)).toMatchObject({ kind: 'broken', seq: firstMoved + 1 });
    }),
  );
});

test('a chain that was rebuilt whole does not meet the hash that an alert was issued with', () => {
  const rebuilt = extend(
    EMPTY_LEDGER,
    findings.map((it) => findingRecord({ ...it, bytes: 0 })),
  );
  expect(verifyChain(rebuilt)).toMatchObject({ kind: 'intact' });
  expect(verifyChain(rebuilt, [head])).toMatchObject({ kind: 'broken', seq: 8 });
});

test('a finding that was changed or lost beside an intact chain is found out', () => {
  const kept = chain.map((entry, n) => ({ entry, finding: findings[n] ?? finding() }));
  expect(verifyLedger(kept, [head]).kind).toBe('intact');
  const changed = kept.map((it, n) => (n === 3 ? { ...it, finding: finding({ id: 'f-3', bytes: 99 }) } : it));
  expect(verifyLedger(changed, [head])).toEqual({
    kind: 'broken',
    seq: 4,
    because: 'the finding differs from the one recorded',
  });
  const lost = kept.map((it, n) => (n === 5 ? { entry: it.entry } : it));
  expect(verifyLedger(lost, [head])).toEqual({
    kind: 'broken',
    seq: 6,
    because: 'the finding that was recorded is gone',
  });
});
