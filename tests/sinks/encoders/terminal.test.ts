import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeForTerminal, encodeNoticeForTerminal } from '../../../src/sinks/encoders/terminal.ts';
import { alert, conditionAlert } from '../alerts.ts';

const GOLDEN = `\
HIGH  PHI left the permitted territory
  who       jdoe at ws12 (10.1.2.3) -> Acme Medical Coding LLC (acme-coding),
            upload.acme.example (13.232.1.9:443)
  where     India (IN), likely
            dbip-country.mmdb (DBIP-Country-Lite, built 2026-11-01) for
            13.232.0.0/14: IN
            geo-whois-asn-country.mmdb: no entry
  how much  1,048,576 bytes (1.0 MiB) in 1 finding over https
  when      2026-11-24 03:48:06 UTC
  proved    delivered: status and byte counts say that the receiver got it
  PHI       likely, by its content as far as the log shows it: file name of an
            X12 claim; medical record number
  contract  BAA-2024-017 section 4.2
  why       Acme Medical Coding LLC received 1,048,576 bytes (1.0 MiB) over
            https. Permitted is us-and-territories (BAA-2024-017 section 4.2).
  next      1. Note the time you read this: notice periods in the agreement may
            count from discovery.
            2. Ask Acme Medical Coding LLC to state in writing where this
            endpoint is and who works there.
  alert     a-1f6b0c5be0e1b8e2a4d39c77, rule phi-outside-territory, source squid
            on gw1

`;

test('an alert reads from who to what next, wrapped to the width', () => {
  expect(encodeForTerminal(alert(), { width: 80, colour: false })).toBe(GOLDEN);
});

test('on a terminal the heading alone is coloured', () => {
  const text = encodeForTerminal(alert(), { width: 80, colour: true });
  expect(text.startsWith('\u001b[1;31mHIGH  PHI left the permitted territory\u001b[0m\n')).toBe(true);
  expect(text.slice(text.indexOf('\n'))).toBe(GOLDEN.slice(GOLDEN.indexOf('\n')));
});

test('an update and a closing say how many findings there are, and the time from first to last', () => {
  const updated = alert({ state: 'updated', count: 1_024, lastSeen: '2026-11-24T05:00:00.000Z' });
  const text = encodeForTerminal(updated, { width: 100, colour: false });
  expect(text).toContain('HIGH  PHI left the permitted territory (updated, now 1,024 findings)\n');
  expect(text).toContain('  when      2026-11-24 03:48:06 UTC to 2026-11-24 05:00:00 UTC\n');
  const closed = encodeForTerminal(alert({ state: 'closed' }), { width: 100, colour: false });
  expect(closed).toContain('HIGH  PHI left the permitted territory (closed after 1 finding)\n');
});

test('what is not known is said to be, and a missing clause leaves no row', () => {
  const {
    bytes: _bytes,
    vendor: _vendor,
    ...rest
  } = alert({
    sender: {},
    receiver: { ip: '2001:db8::1', port: 22, standing: 'unknown', evidence: [] },
    phi: { strength: 'none', indicators: [] },
    claim: 'accessed',
    protocol: 'ssh',
  });
  const text = encodeForTerminal(rest, { width: 100, colour: false });
  expect(text).toContain('  who       our side -> [2001:db8::1]:22\n  where     unknown\n');
  expect(text).toContain('  how much  an unknown number of bytes in 1 finding over ssh\n');
  expect(text).toContain('  PHI       none\n  why ');
  expect(text).not.toContain('contract  ');
});

test('no control character passes and no line is longer than the width, whatever the log held', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(text, text, text, fc.integer({ min: 0, max: 300 }), (title, host, said, width) => {
      const hostile = alert({
        title,
        explanation: said,
        nextSteps: [host, title],
        receiver: { host, standing: 'unknown', evidence: [{ step: 'log', source: title, said }] },
      });
      const written = encodeForTerminal(hostile, { width, colour: false });
      expect(written.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      for (const line of written.split('\n').slice(1))
        expect([...line].length).toBeLessThanOrEqual(Math.min(Math.max(width, 60), 120));
    }),
  );
});

test('a notice of an alert that is not new says what has changed and where the rest is', () => {
  const updated = alert({ state: 'updated', count: 4, bytes: 4_194_304, lastSeen: '2026-11-24T05:00:00.000Z' });
  expect(encodeNoticeForTerminal(updated, { width: 80, colour: false })).toBe(`\
HIGH  PHI left the permitted territory (updated, now 4 findings)
  who       Acme Medical Coding LLC (acme-coding), upload.acme.example
            (13.232.1.9:443)
  where     India (IN), likely
  how much  4,194,304 bytes (4.0 MiB) in 4 findings over https
  when      2026-11-24 03:48:06 UTC to 2026-11-24 05:00:00 UTC
  alert     a-1f6b0c5be0e1b8e2a4d39c77, see phi-egress alerts show a-1f6b0c

`);
  expect(encodeNoticeForTerminal(alert(), { width: 80, colour: false })).toBe(GOLDEN);
});

test('a disputed place names the countries that the databases disagree about', () => {
  const evidence = [
    { step: 'database', source: 'one', said: 'IN' },
    { step: 'database', source: 'two', said: 'US' },
    { step: 'database', source: 'three', said: 'no entry' },
  ] as const;
  const text = encodeForTerminal(alert({ receiver: { standing: 'disputed', evidence } }), {
    width: 100,
    colour: false,
  });
  expect(text).toContain('  where     India (IN) or United States (US), disputed\n');
});

test('an alert about the watch itself names source and gateway, and at its end that it is mended', () => {
  expect(encodeNoticeForTerminal(conditionAlert(), { width: 100, colour: false })).toBe(
    [
      'MEDIUM  Source squid has fallen silent',
      '  watch     source squid on gw1',
      '  when      2026-11-24 03:48:06 UTC',
      '  why       No line has come from source squid for 30 minutes. What moves meanwhile is not seen.',
      '  next      1. See whether the log is still written to.',
      '  alert     a-77b0f9a5c2d14e3f8a6b5c4d, rule source-silent',
      '',
      '',
    ].join('\n'),
  );
  const mended = conditionAlert({ state: 'closed', closedBecause: 'mended', lastSeen: '2026-11-24T05:00:00.000Z' });
  expect(encodeNoticeForTerminal(mended, { width: 100, colour: false })).toBe(
    [
      'MEDIUM  Source squid has fallen silent (mended after showing once)',
      '  watch     source squid on gw1',
      '  when      2026-11-24 03:48:06 UTC to 2026-11-24 05:00:00 UTC',
      '  alert     a-77b0f9a5c2d14e3f8a6b5c4d, see phi-egress alerts show a-77b0f9',
      '',
      '',
    ].join('\n'),
  );
});
