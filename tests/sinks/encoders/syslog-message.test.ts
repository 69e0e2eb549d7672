import { expect, test } from 'vitest';
import { encodeRfc5424 } from '../../../src/sinks/encoders/rfc5424.ts';
import { encodeSyslogMessage } from '../../../src/sinks/encoders/syslog-message.ts';
import { alert } from '../alerts.ts';

test('a format that is no syslog message is the text of one', () => {
  expect(encodeSyslogMessage(alert({ severity: 'critical' }), 'cef', '0.1.0')).toMatch(
    /^<106>1 2026-11-24T03:48:06\.123Z gw1 phi-egress - phi-outside-territory - CEF:0\|phi-egress\|[^\n]*$/,
  );
});

test('the format rfc5424 is a syslog message already', () => {
  expect(encodeSyslogMessage(alert(), 'rfc5424', '0.1.0')).toBe(encodeRfc5424(alert()).trimEnd());
});
