import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRfc5424 } from '../../../src/sinks/encoders/rfc5424.ts';
import { alert, conditionAlert } from '../alerts.ts';
import { hostileText } from './hostile-text.ts';

test('an alert is one syslog message: facility 13, severity error for high, the rule as its id, the facts as parameters', () => {
  const line = encodeRfc5424(alert());
  expect(line).toMatch(
    /^<107>1 2026-11-24T03:48:06\.123Z gw1 phi-egress - phi-outside-territory \[alert@32473 alertId="a-1f6b0c5be0e1b8e2a4d39c77" kind="egress" /,
  );
  expect(line).toMatch(/ ledgerSeq="42" ledgerHash="ab12"\] PHI left the permitted territory\n$/);
  expect(line).toContain(' receiverIp="13.232.1.9" receiverHost="upload.acme.example" receiverPort="443" ');
});

test.each([
  ['info', 110],
  ['low', 109],
  ['medium', 108],
  ['high', 107],
  ['critical', 106],
] as const)('severity %s has the priority %i', (severity, priority) => {
  expect(encodeRfc5424(conditionAlert({ severity }))).toMatch(new RegExp(`^<${priority}>1 `));
});

test('whatever stands in an alert, its parameters end where they should', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (explanation, gateway) => {
      const line = encodeRfc5424(alert({ explanation, gateway }));
      expect(line.indexOf('\n')).toBe(line.length - 1);
      const [, host, parameters, title] =
        /^<107>1 \S+ ([!-~]{1,255}) phi-egress - \S+ \[alert@32473((?: [A-Za-z]+="(?:[^"\\\]]|\\["\\\]])*")+)\] (.*)\n$/u.exec(
          line,
        ) ?? [];
      expect(host).toBeDefined();
      expect(title).toBe('PHI left the permitted territory');
      const [, written = ''] = / explanation="((?:[^"\\\]]|\\["\\\]])*)"/u.exec(parameters ?? '') ?? [];
      const seen = explanation
        .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
        .trim();
      expect(written.replace(/\\(["\\\]])/g, '$1')).toBe(seen);
    }),
  );
});
