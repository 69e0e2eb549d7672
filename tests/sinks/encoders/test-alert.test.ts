import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { knownAnswer, sinkTest } from '../../../src/alerts/test-alert.ts';
import { ALERT_FORMATS } from '../../../src/sinks/encoders/alert-format.ts';
import { encodeForTerminal } from '../../../src/sinks/encoders/terminal.ts';
import { OCSF_SCHEMA } from './ocsf-schema.ts';

const trial = sinkTest('a-000000000000000000000001', 'siem', {
  gateway: 'gw1',
  nowMs: Date.UTC(2026, 10, 25, 12, 0, 0),
  ledger: { seq: 0, hash: '0' },
});

const asJson = (format: 'native' | 'ecs' | 'ocsf' | 'cloudevents') =>
  JSON.parse(ALERT_FORMATS[format].encode(trial, '0.1.0'));

test('a test alert says in every form that it is one, in a field to filter by and in words, and is never severe', () => {
  expect(asJson('native')).toMatchObject({ kind: 'test', rule: 'sink-test', severity: 'info' });
  expect(asJson('ecs')).toMatchObject({
    event: { kind: 'event', severity: 10, action: 'sink-test-open' },
    tags: ['test'],
    rule: { id: 'sink-test' },
  });
  expect(asJson('cloudevents')).toMatchObject({ type: 'phi-egress.test.open', data: { kind: 'test' } });
  expect(ALERT_FORMATS.cef.encode(trial, '0.1.0')).toMatch(
    /^CEF:0\|phi-egress\|phi-egress\|0\.1\.0\|sink-test\|TEST: phi-egress can reach this destination\|1\|.* cat=test /,
  );
  expect(ALERT_FORMATS.leef.encode(trial, '0.1.0')).toMatch(
    /^LEEF:2\.0\|phi-egress\|phi-egress\|0\.1\.0\|sink-test\|x09\|.*\tsev=1\tcat=test\t/,
  );
  expect(ALERT_FORMATS.rfc5424.encode(trial, '0.1.0')).toMatch(/^<110>1 .* sink-test \[alert@32473 .* kind="test" /);
  for (const { encode } of Object.values(ALERT_FORMATS)) expect(encode(trial, '0.1.0')).toContain('TEST: ');
  expect(encodeForTerminal(trial, { width: 80, colour: false })).toMatch(/^INFO {2}TEST: /);
});

test('so does what comes of the known-answer test', () => {
  const context = { gateway: 'gw1', nowMs: Date.UTC(2026, 10, 25, 12, 0, 1), ledger: { seq: 7, hash: 'ab' } };
  const answer = knownAnswer({ ...context, askedMs: Date.UTC(2026, 10, 25, 12, 0, 0), lastNumber: 4 });
  for (const { encode } of Object.values(ALERT_FORMATS)) {
    const line = encode(answer, '0.1.0');
    expect(line).toMatch(/\btest\b/);
    expect(line).toContain('TEST: a synthetic transfer was found, as it must be');
    expect(line).toContain('known-answer');
  }
  expect(answer).toMatchObject({
    count: 5,
    severity: 'info',
    firstSeen: '2026-11-25T12:00:00.000Z',
    lastSeen: '2026-11-25T12:00:01.000Z',
  });
});

test('for OCSF it is something that the application does, and no finding', () => {
  const event = asJson('ocsf');
  const validate = new Ajv2020({ strict: false }).compile(OCSF_SCHEMA);
  expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  expect(event).toMatchObject({ class_uid: 6002, type_uid: 600299, activity_name: 'Test', severity_id: 1 });
  expect(event).not.toHaveProperty('is_alert');
});
