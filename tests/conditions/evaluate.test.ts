import { expect, test } from 'vitest';
import type { Condition } from '../../src/conditions/condition.ts';
import { evaluate } from '../../src/conditions/evaluate.ts';
import type { Facts } from '../../src/conditions/facts.ts';
import { formatsThatRead } from '../../src/conditions/format-mismatch.ts';
import type { ConditionsSettings } from '../../src/conditions/settings.ts';
import { durationInWords } from '../../src/conditions/words.ts';
import type { GapKind } from '../../src/coverage/gap.ts';
import { formats } from '../../src/formats/registry.ts';
import { DAY, facts, gap, MINUTE, NOW, SETTINGS, source } from './facts.ts';

/** `coverage-gap squid medium x1`, and what cannot be said with a question mark. */
function said(of: Facts, settings: Partial<ConditionsSettings> = {}): readonly string[] {
  const { holding, undetermined } = evaluate(of, { ...SETTINGS, ...settings });
  return [
    ...holding.map(({ id, subject, severity, count }) => `${id} ${subject} ${severity} x${count}`),
    ...[...undetermined].map((key) => `${key}?`),
  ];
}

function only(of: Facts): Condition {
  const [first, ...more] = evaluate(of, SETTINGS).holding;
  if (first === undefined || more.length > 0) throw new Error('Not exactly one condition holds');
  return first;
}

test('where all is well, nothing is said', () => {
  expect(said(facts(source()))).toEqual([]);
});

test('a source is silent when its last line is as long ago as it may be, not a moment earlier', () => {
  expect(said(facts(source({ quietMs: 30 * MINUTE - 1 })))).toEqual([]);
  expect(said(facts(source({ quietMs: 30 * MINUTE })))).toEqual(['source-silent squid medium x1']);
  const { sinceMs, lastMs, words } = only(facts(source({ quietMs: 45 * MINUTE })));
  expect({ sinceMs, lastMs }).toEqual({ sinceMs: NOW - 45 * MINUTE, lastMs: NOW });
  expect(words().explanation).toBe(
    'No line has come from source squid since 2026-11-25 13:15:00 UTC; 30 minutes without one are told. ' +
      'Either nothing happens there, or what happens is not logged where we read: ' +
      "a vendor's data that moves through it leaves unseen until the next line comes.",
  );
});

test('before the first line after a start, silence can begin, but nothing tells that it has ended', () => {
  expect(said(facts(source({ quietMs: 5, hasSpoken: false })))).toEqual(['source-silent|squid?']);
  expect(said(facts(source({ quietMs: 30 * MINUTE, hasSpoken: false })))).toEqual(['source-silent squid medium x1']);
});

test('a source without a limit may be silent for ever', () => {
  const { silenceMs: _, ...unlimited } = source({ quietMs: 9 * DAY, hasSpoken: false });
  expect(said(facts(unlimited))).toEqual([]);
});

test.each<[GapKind, string]>([
  ['downtime', 'medium'],
  ['truncated', 'medium'],
  ['vanished', 'medium'],
  ['line-cut', 'low'],
  ['journal-vacuumed', 'medium'],
  ['datagrams-lost', 'medium'],
  ['clock-forward', 'low'],
  ['clock-backward', 'low'],
  ['state-reset', 'high'],
  ['position-reset', 'medium'],
  ['sessions-lost', 'medium'],
])('%s is told, until none has come for as long as alerts stay open', (kind, severity) => {
  expect(said(facts(source({ gaps: [gap(kind)] })))).toEqual([`coverage-gap squid ${severity} x1`]);
  const old = { fromMs: NOW - DAY - MINUTE, untilMs: NOW - DAY };
  expect(said(facts(source({ gaps: [gap(kind, old)] })))).toEqual([]);
  const { title, explanation, nextSteps } = only(facts(source({ gaps: [gap(kind)] }))).words();
  expect(title).toBe('Something of source squid may not have been seen');
  expect(explanation).toContain("A vendor's data may have passed there unseen");
  expect(nextSteps).toHaveLength(3);
});

test.each<[GapKind, boolean]>([
  ['downtime', false],
  ['clock-forward', false],
  ['clock-backward', false],
  ['truncated', true],
  ['line-cut', true],
])('%s shorter than the shortest that is told: told is %s', (kind, isTold) => {
  const short = gap(kind, { fromMs: NOW - MINUTE + 1, untilMs: NOW - 2 });
  expect(said(facts(source({ gaps: [short] }))).length > 0).toBe(isTold);
});

test('what cannot be read is told once it has lasted, and is over with the gap', () => {
  const blind = (differences: object) =>
    facts(
      source({ gaps: [gap('unreadable', { lasts: true, path: '/var/log/x.log', because: 'EACCES', ...differences })] }),
    );
  expect(said(blind({ fromMs: NOW - MINUTE + 1 }))).toEqual([]);
  expect(said(blind({ fromMs: NOW - MINUTE }))).toEqual(['coverage-gap squid high x1']);
  expect(said(blind({ lasts: false, unwatched: false }))).toEqual([]);
  expect(only(blind({})).words()).toEqual({
    title: 'Source squid cannot be watched',
    explanation:
      '1 path cannot be read since 2026-11-25 13:57:00 UTC (/var/log/x.log, EACCES). ' +
      "A vendor's data may have passed there unseen: for that time, no alert about this source does not mean that nothing left.",
    nextSteps: [
      'Let the account that runs phi-egress read the path, for instance through the group of the file.',
      'Look for the missing time in what the product keeps by itself, archives above all, and take it through phi-egress replay --source squid.',
      'See phi-egress coverage --source squid for every gap; note it for the evidence of that time.',
    ],
  });
});

test('several gaps are one condition of the gravest, with a sentence for each kind', () => {
  const gaps = [
    gap('line-cut', { count: 1_204, path: '/var/log/a.log', offset: 4_096 }),
    gap('truncated', { fromMs: NOW - 10 * MINUTE, path: '/var/log/a.log', offset: 77 }),
  ];
  const condition = only(facts(source({ gaps })));
  expect(condition).toMatchObject({
    severity: 'medium',
    count: 1_205,
    sinceMs: NOW - 10 * MINUTE,
    lastMs: NOW - MINUTE,
  });
  expect(condition.words().explanation).toMatch(
    /^A log was emptied once between 2026-11-25 13:50:00 UTC and 2026-11-25 13:59:00 UTC without a copy of what had not been read \(\/var\/log\/a\.log at byte 77\)\. 1,204 lines longer than the limit were read in part between [^(]+ \(first \/var\/log\/a\.log at byte 4,096\)\. A vendor's/,
  );
});

const read = (parsed: number, unreadable: number) =>
  source({ window: { buckets: [{ parsed, unreadable }], samples: [] } });

test.each([
  [0, 19, ['format-mismatch|squid?']],
  [0, 20, ['format-mismatch squid high x1']],
  [50, 50, ['format-mismatch|squid?']],
  [49, 51, ['format-mismatch squid high x1']],
  [74, 26, ['format-mismatch|squid?']],
  [75, 25, []],
  [1_000, 0, []],
])('of the latest lines %d were read and %d could not: %j', (parsed, unreadable, expected) => {
  expect(said(facts(read(parsed, unreadable)))).toEqual(expected);
});

const SAMPLE_OF = new Map(
  formats.map((it) => [it.name, it.samples.filter(({ record }) => record !== 'skipped').map(({ line }) => line)]),
);

test('the explanation names the format that reads the lines, if there is exactly one', () => {
  const samples = SAMPLE_OF.get('openssh') ?? [];
  expect(samples.length).toBeGreaterThan(2);
  const window = { buckets: [{ parsed: 0, unreadable: 40 }], samples };
  const { explanation, nextSteps } = only(facts(source({ window }))).words();
  expect(explanation).toBe(
    '40 lines of the latest 40 of source squid cannot be read as squid; they read as openssh. ' +
      "A line that cannot be read is not judged: a vendor's data may pass in it unseen.",
  );
  expect(nextSteps[0]).toBe('If the log is openssh, write format: openssh for source squid.');
  const unknown = { ...window, samples: ['DOE JANE 078-05-1120'] };
  expect(only(facts(source({ window: unknown }))).words().explanation).toBe(
    '40 lines of the latest 40 of source squid cannot be read as squid. ' +
      "A line that cannot be read is not judged: a vendor's data may pass in it unseen.",
  );
});

test('the samples of a format are read by that format', () => {
  for (const { name, samples } of formats) {
    const texts = samples.map(({ line }) => line);
    expect(formatsThatRead({ window: { buckets: [], samples: texts }, timezone: 'UTC' })).toContain(name);
  }
  expect(formatsThatRead({ window: { buckets: [], samples: [] }, timezone: 'UTC' })).toEqual([]);
});

test('one that is turned off never holds, and the severity can be chosen', () => {
  const bad = facts(source({ quietMs: DAY, gaps: [gap('truncated')] }));
  expect(said(bad, { 'coverage-gap': { enabled: false, shortestMs: 1 } })).toEqual(['source-silent squid medium x1']);
  expect(said(bad, { 'source-silent': { enabled: true, severity: 'critical' } })).toEqual([
    'source-silent squid critical x1',
    'coverage-gap squid medium x1',
  ]);
});

test.each([
  [999, 'less than a second'],
  [1_000, '1 second'],
  [61_000, '1 minute 1 second'],
  [30 * MINUTE, '30 minutes'],
  [DAY + 59_000, '1 day'],
  [2 * DAY + 4 * 3_600_000 + 59_000, '2 days 4 hours'],
])('%d ms are %s', (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});
