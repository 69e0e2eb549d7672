import fc from 'fast-check';
import type { Alert, ConditionAlert, EgressAlert, Handling, Heartbeat, TestAlert } from '../../src/alerts/alert.ts';
import { nextHeartbeat } from '../../src/alerts/heartbeat.ts';
import { knownAnswer, sinkTest } from '../../src/alerts/test-alert.ts';
import { alert, conditionAlert } from '../sinks/alerts.ts';
import { hostileText } from '../sinks/encoders/hostile-text.ts';

/** Every key there is, so that a key that alerts come to have must be given here. */
type Whole<T> = T extends readonly (infer E)[]
  ? readonly Whole<E>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Whole<T[K]> }
    : T;

const sender = { ip: '10.1.2.3', port: 51_514, host: 'ws12', user: 'jdoe' };
const receiver = { ip: '13.232.1.9', port: 443, host: 'upload.acme.example', user: 'acme_sftp' };

const handling = {
  acts: 2,
  acknowledged: { at: '2026-11-24T04:10:00.000Z', by: 'analyst' },
  disposition: { verdict: 'true-positive', at: '2026-11-24T06:00:00.000Z', by: 'privacy' },
} as const;

/** An alert with every key that one about findings can have. */
const egress: Whole<EgressAlert> = {
  ...alert(),
  state: 'closed',
  closedBecause: 'quiet',
  handling,
  bytes: 1_048_576,
  vendor: { id: 'acme-coding', name: 'Acme Medical Coding LLC', contract: 'BAA-2024-017 section 4.2' },
  receiver: {
    ...receiver,
    country: 'IN',
    standing: 'likely',
    evidence: [
      {
        step: 'database',
        source: 'dbip-country.mmdb',
        edition: 'DBIP-Country-Lite',
        built: '2026-11-01T00:00:00.000Z',
        sha256: 'c0ffee',
        network: '13.232.0.0/14',
        said: 'IN',
        inferred: true,
      },
    ],
  },
  sender,
  phi: {
    strength: 'likely',
    basis: 'content-indicator',
    indicators: [{ class: 'mrn', axis: 'identifier', weight: 0.7, seenIn: 'file-name', says: 'medical record number' }],
  },
  samples: [
    {
      time: '2026-11-24T03:48:06.123Z',
      kind: 'transfer',
      protocol: 'https',
      sender,
      receiver,
      bytes: 1_048_576,
      method: 'PUT',
      status: 201,
      url: 'https://upload.acme.example/in/MRN-######.837',
      path: '/in/MRN-######.837',
      contentType: 'application/edi-x12',
      account: 'acme_sftp',
      key: 'SHA256:abc',
    },
  ],
};

/** An alert with every key that one about the watch itself can have. */
const condition: Whole<ConditionAlert> = {
  ...conditionAlert(),
  state: 'closed',
  closedBecause: 'mended',
  handling,
  source: 'squid',
  vendor: { id: 'acme-coding', name: 'Acme Medical Coding LLC', contract: 'BAA-2024-017 section 4.2' },
};

const context = { gateway: 'gw1', nowMs: Date.parse('2026-11-24T03:48:06.123Z'), ledger: { seq: 42, hash: 'ab12' } };
const beat = { name: 'squid', lines: 1_204, parsed: 1_200, skipped: 1, unreadable: 3, cut: 2, quietSeconds: 12 };

/** As the agent sends them. */
export const HEARTBEAT: Heartbeat = nextHeartbeat([beat], { ...context, lastNumber: 6 });
export const SINK_TEST: TestAlert = sinkTest('a-000000000000000000000001', 'siem', context);
export const KNOWN_ANSWER: TestAlert = knownAnswer({ ...context, askedMs: context.nowMs - 8_000, lastNumber: 2 });

/** Keys that any kind may have, and that the agent sends neither of them with. */
const rest = {
  closedBecause: 'disposition',
  handling,
  source: 'squid',
  vendor: { id: 'acme-coding', name: 'Acme Medical Coding LLC', contract: 'BAA-2024-017 section 4.2' },
} as const;

const heartbeat: Whole<Heartbeat> = { ...HEARTBEAT, ...rest, state: 'closed' };
const test: Whole<TestAlert> = { ...KNOWN_ANSWER, ...rest, state: 'closed' };

/** Together they have every key that any alert can have, in every form that depends on the rule. */
export const WHOLE_ALERTS: readonly Alert[] = [
  egress,
  { ...egress, rule: 'vendor-access-from-outside', claim: 'accessed' },
  condition,
  { ...condition, rule: 'format-mismatch' },
  heartbeat,
  test,
  { ...test, rule: 'sink-test' },
];

const time = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const address = fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::9', 'fe80::1', '::1'));
const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const port = fc.integer({ min: 0, max: 65_535 });
const party = fc.record({ ip: address, port, host: hostileText, user: hostileText }, { requiredKeys: [] });

const life = {
  id: fc.constant('a-1f6b0c5be0e1b8e2a4d39c77'),
  dedupeKey: hostileText,
  title: hostileText,
  severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical'),
  firstSeen: time,
  lastSeen: time,
  count: fc.integer({ min: 1 }),
  gateway: hostileText,
  explanation: hostileText,
  nextSteps: fc.array(hostileText, { maxLength: 3 }),
  ledger: fc.record({ seq: size, hash: fc.constant('ab12') }),
} as const;

const state = fc.constantFrom<Partial<Alert>>(
  { state: 'open' },
  { state: 'updated' },
  { state: 'closed', closedBecause: 'quiet' },
);
const vendor = fc.record(
  { id: fc.constant('acme-coding'), name: hostileText, contract: hostileText },
  { requiredKeys: ['id', 'name'] },
);
const handled = fc.constantFrom<Handling>(handling, { acts: 1, acknowledged: handling.acknowledged });
const optional = { requiredKeys: [] };

const anyEgress = fc
  .tuple(
    fc.record({
      ...life,
      rule: fc.constantFrom('phi-outside-territory', 'vendor-access-from-outside', 'location-undetermined'),
      claim: fc.constantFrom('delivered', 'attempted', 'accessed', 'indicator'),
      sender: party,
      protocol: fc.constantFrom('https', 'sftp', 'tunnel'),
      source: hostileText,
    }),
    state,
    fc.record({ vendor, bytes: size, handling: handled }, optional),
    fc.tuple(
      party,
      fc.constantFrom(
        { country: 'IN', standing: 'likely' as const },
        { standing: 'disputed' as const },
        { standing: 'unknown' as const },
      ),
      fc.subarray([...egress.receiver.evidence]),
    ),
    fc.constantFrom<EgressAlert['phi']>(egress.phi, { strength: 'none', indicators: [] }),
    fc.subarray([...egress.samples]),
    fc.subarray(['T1567', 'T1048']),
  )
  .map(([fixed, lived, known, [party, place, evidence], phi, samples, attack]) =>
    alert({
      ...fixed,
      ...(lived as Partial<EgressAlert>),
      ...known,
      receiver: { ...party, ...place, evidence },
      phi,
      samples,
      attack,
    }),
  );

const anyCondition = fc
  .tuple(
    fc.record({
      ...life,
      rule: fc.constantFrom('source-silent', 'coverage-gap', 'format-mismatch', 'geo-database-stale'),
    }),
    state,
    fc.record({ vendor, source: hostileText, handling: handled }, optional),
  )
  .map(([fixed, lived, known]) => conditionAlert({ ...fixed, ...(lived as Partial<ConditionAlert>), ...known }));

const counter = fc.nat();
const anyBeat = fc.record({
  name: hostileText,
  lines: counter,
  parsed: counter,
  skipped: counter,
  unreadable: counter,
  cut: counter,
  quietSeconds: counter,
});

const anyHeartbeat = fc
  .record({
    beats: fc.array(anyBeat, { maxLength: 3 }),
    gateway: hostileText,
    nowMs: fc.integer({ min: Date.parse('2020-01-01T00:00:00Z'), max: Date.parse('2099-12-31T23:59:59Z') }),
    lastNumber: fc.nat(),
    ledger: life.ledger,
  })
  .map(({ beats, ...given }) => nextHeartbeat(beats, given));

const anyTest = fc
  .record({
    gateway: hostileText,
    sink: hostileText,
    ledger: life.ledger,
    lastNumber: fc.nat(),
    answered: fc.boolean(),
  })
  .map(({ sink, answered, ...given }) =>
    answered
      ? knownAnswer({ ...context, ...given, askedMs: context.nowMs - 8_000 })
      : sinkTest('a-000000000000000000000001', sink, { ...context, ...given }),
  );

/** Alerts of any kind, with hostile text wherever text may stand, and any of the keys missing that may be. */
export const anyAlert: fc.Arbitrary<Alert> = fc.oneof(anyEgress, anyCondition, anyHeartbeat, anyTest);
