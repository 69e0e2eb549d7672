import { expect, test } from 'vitest';
import { ALERT_FORMATS } from '../../../src/sinks/encoders/alert-format.ts';
import { encodeForTerminal, encodeNoticeForTerminal } from '../../../src/sinks/encoders/terminal.ts';
import { alert } from '../alerts.ts';

const acknowledged = { at: '2026-11-25T12:00:00.000Z', by: 'lee' };
const disposition = { verdict: 'authorised', at: '2026-11-25T13:30:00.000Z', by: 'kim' } as const;
const closed = alert({
  state: 'closed',
  closedBecause: 'disposition',
  handling: { acts: 2, acknowledged, disposition },
});
const taken = alert({ handling: { acts: 1, acknowledged } });

const encoded = (format: keyof typeof ALERT_FORMATS, it = closed) => ALERT_FORMATS[format].encode(it, '0.1.0');

test('who took an alert up, and what it turned out to be, stands in every form', () => {
  const handling = { acts: 2, acknowledged, disposition };
  expect(JSON.parse(encoded('native'))).toMatchObject({ closedBecause: 'disposition', handling });
  expect(JSON.parse(encoded('ecs'))).toMatchObject({ phi_egress: { handling } });
  expect(JSON.parse(encoded('ocsf'))).toMatchObject({
    activity_id: 3,
    is_alert: false,
    metadata: { uid: 'a-1f6b0c5be0e1b8e2a4d39c77.closed.1.2' },
    unmapped: { phi_egress: { handling } },
  });
  expect(JSON.parse(encoded('cloudevents'))).toMatchObject({
    id: 'a-1f6b0c5be0e1b8e2a4d39c77.closed.1.2',
    data: { handling },
  });
  expect(encoded('cef')).toContain(' reason=authorised ');
  expect(encoded('cef')).toContain(' deviceCustomDate1=1795608000000 deviceCustomDate1Label=Acknowledged ');
  const facts = {
    acknowledgedAt: '2026-11-25T12:00:00.000Z',
    acknowledgedBy: 'lee',
    disposition: 'authorised',
    dispositionAt: '2026-11-25T13:30:00.000Z',
    dispositionBy: 'kim',
  };
  for (const [name, value] of Object.entries(facts)) {
    expect(encoded('leef')).toContain(`\t${name}=${value}\t`);
    expect(encoded('rfc5424')).toContain(` ${name}="${value}" `);
  }
});

test('people are told in a few lines, not the whole alert again', () => {
  const style = { width: 80, colour: false };
  expect(encodeNoticeForTerminal(taken, style)).not.toContain('\n  why ');
  expect(encodeNoticeForTerminal(taken, style)).toContain(
    '\n  handled   acknowledged by lee at 2026-11-25 12:00:00 UTC\n',
  );
  expect(encodeForTerminal(closed, style)).toContain(
    '\n  handled   acknowledged by lee at 2026-11-25 12:00:00 UTC\n            closed as authorised by kim at 2026-11-25 13:30:00 UTC\n',
  );
});
