import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { nextHeartbeat } from '../../../src/alerts/heartbeat.ts';
import { ALERT_FORMATS } from '../../../src/sinks/encoders/alert-format.ts';
import { OCSF_SCHEMA } from './ocsf-schema.ts';

const squid = { name: 'squid', lines: 1_204, parsed: 1_200, skipped: 1, unreadable: 3, cut: 0, quietSeconds: 12 };
const beat = nextHeartbeat([squid, { ...squid, name: 'sftp', lines: 7 }], {
  gateway: 'gw1',
  nowMs: Date.UTC(2026, 10, 25, 12, 0, 0),
  lastNumber: 41,
  ledger: { seq: 9, hash: 'ab' },
});
const SOURCES =
  'squid lines=1204 parsed=1200 skipped=1 unreadable=3 cut=0 quiet=12; sftp lines=7 parsed=1200 skipped=1 unreadable=3 cut=0 quiet=12';

const encoded = (format: keyof typeof ALERT_FORMATS) => ALERT_FORMATS[format].encode(beat, '0.1.0');

test('in JSON a heartbeat has its number, the lines of each source, and where the ledger stands', () => {
  expect(JSON.parse(encoded('native'))).toMatchObject({
    kind: 'heartbeat',
    severity: 'info',
    count: 42,
    sources: [squid, { name: 'sftp', lines: 7 }],
    ledger: { seq: 9, hash: 'ab' },
  });
  expect(JSON.parse(encoded('ecs'))).toMatchObject({
    event: { kind: 'state', sequence: 42, action: 'heartbeat-open' },
    phi_egress: { sources: [squid, { name: 'sftp' }] },
  });
  expect(JSON.parse(encoded('cloudevents'))).toMatchObject({
    type: 'phi-egress.heartbeat.open',
    id: expect.stringMatching(/^a-[0-9a-f]{24}\.open\.42$/),
  });
  const event = JSON.parse(encoded('ocsf'));
  const validate = new Ajv2020({ strict: false }).compile(OCSF_SCHEMA);
  expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  expect(event).toMatchObject({
    type_uid: 600299,
    activity_name: 'Heartbeat',
    count: 42,
    unmapped: { phi_egress: { sources: [squid, { name: 'sftp' }] } },
  });
});

test('where values are single, the number is the count, and the sources are one text', () => {
  expect(encoded('leef')).toContain(`\tcat=heartbeat\t`);
  expect(encoded('leef')).toContain(`\tcount=42\tsources=${SOURCES}\t`);
  expect(encoded('rfc5424')).toContain(` count="42" sources="${SOURCES}" `);
  expect(encoded('cef')).toContain('|heartbeat|Heartbeat: the agent is running|1|');
  expect(encoded('cef')).toContain(
    ' cat=heartbeat cnt=42 dvchost=gw1 msg=Heartbeat 42, no alert. Lines so far: ' +
      'squid 1204 (3 unreadable, quiet for 12 s); sftp 7 (3 unreadable, quiet for 12 s). ',
  );
});
