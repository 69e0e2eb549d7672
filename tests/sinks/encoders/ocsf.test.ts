import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.ts';
import { encodeOcsf } from '../../../src/sinks/encoders/ocsf.ts';
import { alert, conditionAlert } from '../alerts.ts';
import { hostileText } from './hostile-text.ts';
import { OCSF_SCHEMA } from './ocsf-schema.ts';

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(OCSF_SCHEMA);

function valid(it: Alert): Record<string, unknown> {
  const event = JSON.parse(encodeOcsf(it, '0.1.0')) as Record<string, unknown>;
  expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  return event;
}

test('data that moved is a Data Security Finding, from the sender to the receiver', () => {
  expect(valid(alert())).toMatchObject({
    class_uid: 2006,
    type_uid: 200601,
    severity_id: 4,
    time: 1_795_492_086_123,
    is_alert: true,
    confidence_id: 2,
    metadata: { uid: 'a-1f6b0c5be0e1b8e2a4d39c77.open.1', product: { name: 'phi-egress', version: '0.1.0' } },
    finding_info: { uid: 'a-1f6b0c5be0e1b8e2a4d39c77', analytic: { type_id: 1, uid: 'phi-outside-territory' } },
    data_security: {
      category_id: 1,
      data_lifecycle_state_id: 2,
      detection_system_id: 5,
      policy: { name: 'BAA-2024-017 section 4.2' },
    },
    actor: { user: { name: 'jdoe' } },
    src_endpoint: { ip: '10.1.2.3', hostname: 'ws12' },
    dst_endpoint: { ip: '13.232.1.9', hostname: 'upload.acme.example', port: 443, location: { country: 'IN' } },
    unmapped: { phi_egress: { claim: 'delivered', ledger: { seq: 42, hash: 'ab12' } } },
  });
});

test.each([
  ['open', 1, true],
  ['updated', 2, true],
  ['closed', 3, false],
] as const)('a finding that is %s has the activity %i', (state, activity, isAlert) => {
  expect(valid(alert({ state }))).toMatchObject({
    activity_id: activity,
    type_uid: 200600 + activity,
    is_alert: isAlert,
  });
});

test('a login is a Detection Finding whose evidence is who came from where', () => {
  const login = alert({ rule: 'vendor-access-from-outside', claim: 'accessed', protocol: 'ssh' });
  expect(valid(login)).toMatchObject({
    class_uid: 2004,
    type_uid: 200401,
    evidences: [{ src_endpoint: { ip: '13.232.1.9', location: { country: 'IN' } } }],
  });
});

test('what is not told is no endpoint and no country', () => {
  const unknown = valid(alert({ sender: {}, receiver: { ip: '192.0.2.9', standing: 'unknown', evidence: [] } }));
  expect(unknown).not.toHaveProperty('src_endpoint');
  expect(unknown).not.toHaveProperty('actor');
  expect(unknown.dst_endpoint).toEqual({ ip: '192.0.2.9' });
});

test('a source that fell silent is a log that stopped, and one that came back is a log that started', () => {
  expect(valid(conditionAlert())).toMatchObject({ class_uid: 1008, type_uid: 100807, status_id: 2, log_name: 'squid' });
  expect(valid(conditionAlert({ state: 'closed' }))).toMatchObject({ type_uid: 100806, status_id: 1 });
});

test('any other trouble with the watch is an error of the application', () => {
  expect(valid(conditionAlert({ rule: 'coverage-gap' }))).toMatchObject({ class_uid: 6008, type_uid: 600801 });
  expect(valid(conditionAlert({ rule: 'format-mismatch' }))).toMatchObject({ class_uid: 6008, type_uid: 600802 });
});

test('whatever stands in an alert, the event is valid', () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (title, host, user) => {
      valid(alert({ title, sender: { user, host }, receiver: { host, standing: 'unknown', evidence: [] } }));
    }),
  );
});
