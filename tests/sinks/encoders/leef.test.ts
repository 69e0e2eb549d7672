import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeLeef } from '../../../src/sinks/encoders/leef.ts';
import { alert, conditionAlert } from '../alerts.ts';
import { hostileText } from './hostile-text.ts';

test('an alert is one line of LEEF 2.0, divided by tabs, with the names that QRadar knows and ours beside them', () => {
  const { header, attributes } = parseLeef(encodeLeef(alert(), '0.1.0'));
  expect(header).toEqual(['LEEF:2.0', 'phi-egress', 'phi-egress', '0.1.0', 'phi-outside-territory', 'x09']);
  expect(attributes).toMatchObject({
    cat: 'egress',
    devTime: '1795492086123',
    sev: '8',
    src: '10.1.2.3',
    dst: '13.232.1.9',
    dstPort: '443',
    usrName: 'jdoe',
    title: 'PHI left the permitted territory',
    alertId: 'a-1f6b0c5be0e1b8e2a4d39c77',
    receiverCountry: 'IN',
    receiverStanding: 'likely',
    bytes: '1048576',
    contract: 'BAA-2024-017 section 4.2',
    locationEvidence: 'dbip-country.mmdb 2026-11-01: IN; geo-whois-asn-country.mmdb: no entry',
    ledgerHash: 'ab12',
  });
  expect(attributes).not.toHaveProperty('receiverIp');
});

test('an alert about the watch itself has nothing of a transfer', () => {
  const { attributes } = parseLeef(encodeLeef(conditionAlert(), '0.1.0'));
  expect(attributes).toMatchObject({ cat: 'condition', sev: '5', source: 'squid' });
  expect(attributes).not.toHaveProperty('dst');
});

test('nothing in an alert divides a line, a header or an attribute', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (title, explanation) => {
      const line = encodeLeef(alert({ title, explanation }), '0.1.0|x');
      expect(line.indexOf('\n')).toBe(line.length - 1);
      const { header, attributes } = parseLeef(line);
      expect(header[3]).toBe('0.1.0/x');
      expect(Object.keys(attributes)).toEqual(Object.keys(parseLeef(encodeLeef(alert(), '0.1.0')).attributes));
      const seen = (text: string) =>
        text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim();
      expect(attributes).toMatchObject({ title: seen(title), explanation: seen(explanation) });
    }),
  );
});

/** From the format guide: six header fields, then `name=value` divided by the character that the last of them names. */
function parseLeef(line: string): { header: string[]; attributes: Record<string, string> } {
  const parts = line.slice(0, -1).split('|');
  const header = parts.slice(0, 6);
  const divider = String.fromCharCode(Number.parseInt((header[5] ?? '').replace('x', ''), 16));
  const pairs = parts.slice(6).join('|').split(divider);
  return {
    header,
    attributes: Object.fromEntries(pairs.map((it) => [it.slice(0, it.indexOf('=')), it.slice(it.indexOf('=') + 1)])),
  };
}
