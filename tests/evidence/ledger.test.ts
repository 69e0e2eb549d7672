import { expect, test } from 'vitest';
import {
  configurationChange,
  EMPTY_LEDGER,
  extend,
  findingRecord,
  type LedgerRecord,
} from '../../src/evidence/ledger.ts';
import { finding } from '../alerts/findings.ts';

const configuration: LedgerRecord = { kind: 'configuration', sha256: 'abc', programVersion: '0.1.0' };
const found: LedgerRecord = {
  kind: 'finding',
  id: 'f-1',
  rule: 'phi-outside-territory',
  ruleVersion: 1,
  time: '2026-11-24T03:48:06.123Z',
  severity: 'high',
  factsSha256: 'def',
};

/**
 * Worked out with sha256sum: 32 zero bytes and `{"kind":"configuration","programVersion":"0.1.0","sha256":"abc"}`, then the
 * 32 bytes of that hash and the second record with its keys sorted.
 */
const HASHES = [
  'b3c49ba2803f5c40a56698bc091670c2c2d671bcf3a7d20d300897f16027032f',
  'ba89b96e1232adc99c48d0b9f5ce497d3974e24fda0f69aaac58e3fee3928389',
];

test('each hash is the SHA-256 of the hash before it and the record in canonical JSON', () => {
  expect(extend(EMPTY_LEDGER, [configuration, found])).toEqual([
    { seq: 1, hash: HASHES[0], record: configuration },
    { seq: 2, hash: HASHES[1], record: found },
  ]);
});

test('a chain goes on from its head as if it had never stopped', () => {
  const [first] = extend(EMPTY_LEDGER, [configuration]);
  expect(extend(first ?? EMPTY_LEDGER, [found])[0]).toMatchObject({ seq: 2, hash: HASHES[1] });
});

test('the record of a finding changes with any of its facts, not with the order of its keys', () => {
  const one = findingRecord(finding({ bytes: 10 }));
  const turned = Object.fromEntries(Object.entries(finding({ bytes: 10 })).reverse()) as ReturnType<typeof finding>;
  expect(findingRecord(turned)).toEqual(one);
  expect(findingRecord(finding({ bytes: 11 }))).not.toEqual(one);
  expect(one).toMatchObject({ kind: 'finding', id: 'f-000000000000000000000001', time: '2026-11-24T03:48:06.123Z' });
});

test('a configuration is recorded when it is new to the ledger, and when the program is', () => {
  expect(configurationChange(undefined, 'abc', '0.1.0')).toEqual(configuration);
  expect(configurationChange(configuration, 'abc', '0.1.0')).toBeUndefined();
  expect(configurationChange(configuration, 'abd', '0.1.0')).toMatchObject({ sha256: 'abd' });
  expect(configurationChange(configuration, 'abc', '0.2.0')).toMatchObject({ programVersion: '0.2.0' });
});
