import { expect, test } from 'vitest';
import { readerFor } from '../../../src/formats/registry.ts';

const NEAR = { writtenBeforeMs: Date.parse('2026-11-25T22:00:00Z') };
const SQUID =
  '1795645500.123    151 10.1.2.3 TCP_MISS/201 312 PUT https://up.vendor.example/a.837 - HIER_DIRECT/192.0.2.9 -';
const SSHD = 'Accepted password for acme from 192.0.2.9 port 50000 ssh2';

/** What a listener hands on: with the priority, in the forms that rsyslog and syslog-ng send. */
test.each([
  ['squid', `<190>Nov 25 21:45:00 gw1 (squid-1)[812]: ${SQUID}`],
  ['squid', `<190>1 2026-11-25T21:45:00.123456+00:00 gw1 (squid-1) 812 - - ${SQUID}`],
  ['squid', `<190>1 2026-11-25T21:45:00Z gw1 squid 812 - [meta sequenceId="7"] ${SQUID}`],
])('%s is read behind %s', (format, text) => {
  expect(readerFor(format, { timezone: 'UTC' })(text, NEAR)).toMatchObject({
    kind: 'record',
    record: { kind: 'http', timeMs: 1_795_645_500_123, server: { host: 'up.vendor.example', ip: '192.0.2.9' } },
  });
});

test.each([
  `<38>Nov 25 21:45:00 gw1 sshd[100]: ${SSHD}`,
  `<38>1 2026-11-25T21:45:00.000000+00:00 gw1 sshd 100 - - ${SSHD}`,
  `<38>1 2026-11-25T21:45:00+00:00 gw1 sshd 100 - [meta sequenceId="7"] ${SSHD}`,
  `{"__REALTIME_TIMESTAMP":"1795643100000000","_HOSTNAME":"gw1","SYSLOG_IDENTIFIER":"sshd","_PID":"100","MESSAGE":"${SSHD}"}`,
])('openssh is read behind %s', (text) => {
  expect(readerFor('openssh', { timezone: 'UTC' })(text, NEAR)).toMatchObject({
    kind: 'record',
    record: {
      kind: 'login',
      timeMs: Date.parse('2026-11-25T21:45:00Z'),
      client: { ip: '192.0.2.9', port: 50_000, user: 'acme' },
      server: { host: 'gw1' },
    },
  });
});
