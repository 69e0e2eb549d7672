import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { AlertBook } from '../../src/alerts/book.ts';
import { absorb, absorbAll } from '../../src/alerts/grouping.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { finding, T0 } from './findings.ts';

const HOUR = 3_600_000;
const context = { settings: { groupMs: HOUR }, gateway: 'gw1', nowMs: 5 };

function ledgered(findings: readonly Finding[]) {
  return findings.map((it, index) => ({ finding: it, ledger: { seq: index + 1, hash: `${index + 1}` } }));
}

function alertsOf(findings: readonly Finding[], book = new AlertBook()) {
  return absorbAll(book, ledgered(findings), context);
}

test('the first finding opens an alert that shows it whole', () => {
  const { alert, notice } = absorb(
    new AlertBook(),
    { finding: finding({ bytes: 10 }), ledger: { seq: 7, hash: 'h7' } },
    context,
  );
  const id = createHash('sha256')
    .update('phi-outside-territory|acme-coding|IN|to-server\nf-000000000000000000000001')
    .digest('hex');
  expect(alert).toEqual({
    id: `a-${id.slice(0, 24)}`,
    kind: 'egress',
    dedupeKey: 'phi-outside-territory|acme-coding|IN|to-server',
    rule: 'phi-outside-territory',
    title: 'PHI left the permitted territory',
    severity: 'high',
    state: 'open',
    firstSeen: '2026-11-24T03:48:06.123Z',
    lastSeen: '2026-11-24T03:48:06.123Z',
    count: 1,
    bytes: 10,
    claim: 'delivered',
    vendor: { id: 'acme-coding', name: 'Acme Medical Coding LLC', contract: 'BAA-2024-017 section 4.2' },
    receiver: {
      ip: '13.232.1.9',
      port: 443,
      host: 'upload.acme.example',
      country: 'IN',
      standing: 'likely',
      evidence: [{ step: 'database', source: 'dbip-country.mmdb', network: '13.232.0.0/14', said: 'IN' }],
    },
    sender: { ip: '10.1.2.3', user: 'jdoe' },
    phi: {
      strength: 'likely',
      basis: 'vendor-presumption',
      indicators: [
        {
          class: 'declared-vendor',
          axis: 'health-context',
          weight: 0.8,
          seenIn: 'vendor',
          says: 'declared to receive PHI',
        },
      ],
    },
    protocol: 'https',
    source: 'squid',
    gateway: 'gw1',
    samples: [finding({ bytes: 10 }).activity],
    attack: ['T1567'],
    explanation: 'Acme Medical Coding LLC received data in India (IN).',
    nextSteps: ['Note the time you read this.'],
    ledger: { seq: 7, hash: 'h7' },
  });
  expect(notice).toEqual({ kind: 'opened', because: 'first', alert });
});

test('a finding joins exactly while it is at most the grouping time from what the alert spans', () => {
  const at = (id: string, timeMs: number) => finding({ id, timeMs });
  const { joinings } = alertsOf([
    at('first', T0),
    at('just-after', T0 + HOUR),
    at('after-the-longer-span', T0 + 2 * HOUR),
    at('too-late', T0 + 3 * HOUR + 1),
    at('before', T0 - HOUR),
    at('too-early', T0 - 2 * HOUR - 1),
  ]);
  const [first, justAfter, after, tooLate, before, tooEarly] = joinings.map(({ alertId }) => alertId);
  expect([justAfter, after, before]).toEqual([first, first, first]);
  expect(new Set([first, tooLate, tooEarly]).size).toBe(3);
});

test('findings of other keys do not join', () => {
  const { alerts } = alertsOf([finding(), finding({ id: 'f-2', dedupeKey: 'other' })]);
  expect(alerts.map(({ alert }) => alert.count)).toEqual([1, 1]);
});

test('findings out of order widen the span both ways', () => {
  const { alerts } = alertsOf([
    finding(),
    finding({ id: 'f-2', timeMs: T0 - 60_000 }),
    finding({ id: 'f-3', timeMs: T0 + 60_000 }),
    finding({ id: 'f-4', timeMs: T0 - 30_000 }),
  ]);
  expect(alerts[0]?.alert).toMatchObject({
    firstSeen: '2026-11-24T03:47:06.123Z',
    lastSeen: '2026-11-24T03:49:06.123Z',
    count: 4,
    state: 'updated',
    ledger: { seq: 4, hash: '4' },
  });
});

test('an alert shows the first of its worst findings, the strongest claim and the sum of the known sizes', () => {
  const { alerts } = alertsOf([
    finding({ id: 'f-1', severity: 'medium', claim: 'delivered', bytes: 100, explanation: 'one' }),
    finding({ id: 'f-2', severity: 'critical', claim: 'attempted', explanation: 'two', title: 'Two' }),
    finding({ id: 'f-3', severity: 'critical', claim: 'indicator', bytes: 20, explanation: 'three' }),
    finding({ id: 'f-4', severity: 'low', claim: 'attempted', explanation: 'four' }),
  ]);
  expect(alerts[0]?.alert).toMatchObject({
    severity: 'critical',
    claim: 'delivered',
    bytes: 120,
    explanation: 'two',
    title: 'Two',
    count: 4,
  });
});

test('no known size is no sum, not a sum of 0', () => {
  const { alerts } = alertsOf([finding(), finding({ id: 'f-2' })]);
  expect(alerts[0]?.alert).not.toHaveProperty('bytes');
});

test('what the worst finding does not tell is absent, however much another told', () => {
  const { vendor: _, ...unregistered } = finding({ id: 'f-2', severity: 'critical' });
  const { alerts } = alertsOf([finding(), unregistered]);
  expect(alerts[0]?.alert).not.toHaveProperty('vendor');
});

test('the samples are the first five', () => {
  const findings = [1, 2, 3, 4, 5, 6].map((n) => finding({ id: `f-${n}`, timeMs: T0 + n }));
  const { alerts } = alertsOf(findings);
  expect(alerts[0]?.alert.samples).toEqual(findings.slice(0, 5).map(({ activity }) => activity));
});

test('notices come with the first finding and when the count reaches a power of two', () => {
  const { notices } = alertsOf([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => finding({ id: `f-${n}` })));
  expect(notices.map(({ kind, because, alert }) => [kind, because, alert.count])).toEqual([
    ['opened', 'first', 1],
    ['updated', 'count-doubled', 2],
    ['updated', 'count-doubled', 4],
    ['updated', 'count-doubled', 8],
  ]);
});

test('a worse or better proved finding is told at once', () => {
  const { notices } = alertsOf([
    finding({ id: 'f-1', severity: 'medium', claim: 'attempted' }),
    finding({ id: 'f-2', severity: 'medium', claim: 'attempted' }),
    finding({ id: 'f-3', severity: 'high', claim: 'attempted' }),
    finding({ id: 'f-4', severity: 'high', claim: 'attempted' }),
    finding({ id: 'f-5', severity: 'low', claim: 'delivered' }),
  ]);
  expect(notices.map(({ because, alert }) => [because, alert.count])).toEqual([
    ['first', 1],
    ['count-doubled', 2],
    ['more-severe', 3],
    ['count-doubled', 4],
    ['stronger-claim', 5],
  ]);
});

test('a full book closes the alert that was touched longest ago', () => {
  const book = new AlertBook([], 2);
  const { notices, alerts } = alertsOf(
    ['a', 'b', 'a', 'c'].map((key, index) => finding({ id: `f-${index}`, dedupeKey: key })),
    book,
  );
  expect(notices.map(({ kind, because, alert }) => [kind, because, alert.dedupeKey])).toEqual([
    ['opened', 'first', 'a'],
    ['opened', 'first', 'b'],
    ['updated', 'count-doubled', 'a'],
    ['opened', 'first', 'c'],
    ['closed', 'too-many-open', 'b'],
  ]);
  expect(book.size).toBe(2);
  expect(alerts.find(({ alert }) => alert.dedupeKey === 'b')?.alert.state).toBe('closed');
});
