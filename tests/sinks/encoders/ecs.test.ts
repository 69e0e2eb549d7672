import { expect, test } from 'vitest';
import { encodeEcs } from '../../../src/sinks/encoders/ecs.ts';
import { alert, conditionAlert } from '../alerts.ts';

const read = (line: string) => JSON.parse(line) as Record<string, unknown>;

test('a transfer is an alert of the category network, the sender its source, the receiver its destination', () => {
  const document = read(encodeEcs(alert(), '0.1.0'));
  expect(document).toMatchObject({
    '@timestamp': '2026-11-24T03:48:06.123Z',
    ecs: { version: '9.4.0' },
    event: {
      id: 'a-1f6b0c5be0e1b8e2a4d39c77',
      kind: 'alert',
      category: ['network'],
      type: ['connection', 'info'],
      outcome: 'success',
      action: 'phi-outside-territory-open',
      dataset: 'phi_egress.alerts',
      severity: 80,
      risk_score: 80,
    },
    rule: { id: 'phi-outside-territory' },
    observer: { product: 'phi-egress', version: '0.1.0', hostname: 'gw1' },
    labels: { vendor_id: 'acme-coding', vendor_name: 'Acme Medical Coding LLC' },
    source: { ip: '10.1.2.3', domain: 'ws12', bytes: 1_048_576, user: { name: 'jdoe' } },
    destination: { ip: '13.232.1.9', domain: 'upload.acme.example', port: 443, geo: { country_iso_code: 'IN' } },
    network: { protocol: 'https', direction: 'outbound' },
    http: { request: { method: 'PUT' } },
    phi_egress: { claim: 'delivered', receiver: { standing: 'likely' }, ledger: { seq: 42, hash: 'ab12' } },
  });
  expect(document.phi_egress).not.toHaveProperty('explanation');
});

test('a login is one of the categories authentication and session', () => {
  const login = alert({ rule: 'vendor-access-from-outside', claim: 'accessed' });
  expect(read(encodeEcs(login, '0.1.0')).event).toMatchObject({
    category: ['authentication', 'session'],
    type: ['start'],
    outcome: 'success',
  });
});

test('what was only attempted is no success', () => {
  expect(read(encodeEcs(alert({ claim: 'attempted' }), '0.1.0')).event).toMatchObject({ outcome: 'unknown' });
});

test('an alert about the watch itself is a state, or an error of the pipeline, and nobody is accused', () => {
  const silent = read(encodeEcs(conditionAlert(), '0.1.0'));
  expect(silent.event).toMatchObject({ kind: 'state', action: 'source-silent-open', provider: 'squid' });
  expect(silent).not.toHaveProperty('destination');
  const unread = read(encodeEcs(conditionAlert({ rule: 'format-mismatch' }), '0.1.0'));
  expect(unread.event).toMatchObject({ kind: 'pipeline_error' });
});

test('a place that is not known is no country', () => {
  const unknown = alert({ receiver: { ip: '192.0.2.9', standing: 'unknown', evidence: [] } });
  expect(read(encodeEcs(unknown, '0.1.0')).destination).toEqual({ ip: '192.0.2.9' });
});
