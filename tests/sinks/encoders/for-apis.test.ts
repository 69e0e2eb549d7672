import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.ts';
import { briefOf } from '../../../src/sinks/encoders/brief.ts';
import { encodeDatadog } from '../../../src/sinks/encoders/datadog.ts';
import { encodeMail } from '../../../src/sinks/encoders/mail.ts';
import { encodePagerduty } from '../../../src/sinks/encoders/pagerduty.ts';
import { encodeSlack } from '../../../src/sinks/encoders/slack.ts';
import { encodeSplunkHec } from '../../../src/sinks/encoders/splunk-hec.ts';
import { encodeTeams } from '../../../src/sinks/encoders/teams.ts';
import { encodeUdm } from '../../../src/sinks/encoders/udm.ts';
import { alert, conditionAlert } from '../alerts.ts';
import { hostileText } from './hostile-text.ts';

const JSON_FORMS: Readonly<Record<string, (it: Alert) => string>> = {
  'splunk-hec': (it) => encodeSplunkHec(it, { sourcetype: 'phi:egress:alert' }),
  datadog: encodeDatadog,
  udm: (it) => encodeUdm(it, '0.1.0'),
  pagerduty: encodePagerduty,
  slack: encodeSlack,
  teams: encodeTeams,
};

test.each(Object.entries(JSON_FORMS))('%s is one line of JSON whatever stands in an alert', (_, encode) => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (title, explanation, name) => {
      const differences = { title, explanation, gateway: name, vendor: { id: 'acme', name } };
      for (const it of [alert(differences), conditionAlert(differences)]) {
        const line = encode(it);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(line).not.toMatch(/[\u0085\u2028\u2029\u202e]/);
        expect(JSON.parse(line)).toBeTypeOf('object');
      }
    }),
    { numRuns: 50 },
  );
});

test('in a few words, each fact stands on a line of its own, and nothing breaks out of it', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (title, name) => {
      const it = alert({ title, vendor: { id: 'acme', name } });
      const lines = encodeMail(it).trimEnd().split('\n');
      expect(lines).toHaveLength(1 + briefOf(it).facts.length);
      expect(lines.slice(1).every((line) => line.startsWith('  '))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('what is not known is left out or said to be unknown, never 0 or empty', () => {
  const {
    bytes: _,
    vendor: __,
    ...bare
  } = alert({
    sender: {},
    receiver: { standing: 'unknown', evidence: [] },
    samples: [],
  });
  expect(briefOf(bare).facts).toEqual([
    ['where', 'not known, unknown'],
    ['how much', 'an unknown number of bytes in 1 finding'],
    ['proved', 'delivered'],
    ['last seen', '2026-11-24 03:48:06 UTC'],
    ['gateway', 'gw1'],
    ['read on', 'phi-egress alerts show a-1f6b0c5be0e1b8e2a4d39c77'],
  ]);
  const udm = JSON.parse(encodeUdm(bare, '0.1.0'));
  expect(udm.metadata.eventType).toBe('GENERIC_EVENT');
  expect(udm).not.toHaveProperty('principal');
  expect(udm).not.toHaveProperty('target');
  expect(udm.network).not.toHaveProperty('sentBytes');
  const { fields } = JSON.parse(encodeSplunkHec(bare, { sourcetype: 'x' }));
  expect(Object.keys(fields)).toEqual([
    'event_id',
    'alert_id',
    'signature',
    'signature_id',
    'severity',
    'app',
    'dest_zone',
  ]);
});
