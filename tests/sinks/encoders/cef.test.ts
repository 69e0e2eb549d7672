import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCef } from '../../../src/sinks/encoders/cef.ts';
import { alert, conditionAlert } from '../alerts.ts';
import { hostileText } from './hostile-text.ts';

/** 2026-11-24T03:48:06.123Z. */
const MS = 1_795_492_086_123;

test('an alert is one line of CEF with the keys of the standard, and labels for those that are ours', () => {
  expect(encodeCef(alert(), '0.1.0')).toBe(
    [
      'CEF:0|phi-egress|phi-egress|0.1.0|phi-outside-territory|PHI left the permitted territory|8|',
      `rt=${MS} start=${MS} end=${MS} externalId=a-1f6b0c5be0e1b8e2a4d39c77 cat=egress cnt=1 dvchost=gw1 `,
      'deviceExternalId=squid msg=Acme Medical Coding LLC received 1,048,576 bytes (1.0 MiB) over https. ',
      'Permitted is us-and-territories (BAA-2024-017 section 4.2). cs2=acme-coding cs2Label=VendorId ',
      'cs3=BAA-2024-017 section 4.2 cs3Label=Contract cn1=80 cn1Label=RiskScore cn2=42 cn2Label=LedgerSequence ',
      'flexString1=open flexString1Label=State src=10.1.2.3 shost=ws12 suser=jdoe dst=13.232.1.9 ',
      'dhost=upload.acme.example dpt=443 app=HTTPS deviceDirection=1 outcome=delivered out=1048576 cn3=1048576 ',
      'cn3Label=Bytes requestMethod=PUT cs1=IN cs1Label=ReceiverCountry ',
      'cs4=dbip-country.mmdb 2026-11-01: IN; geo-whois-asn-country.mmdb: no entry cs4Label=LocationEvidence ',
      'cs5=file name of an X12 claim; medical record number cs5Label=PhiIndicators ',
      'cs6=likely content-indicator cs6Label=Phi flexString2=likely flexString2Label=Standing\n',
    ].join(''),
  );
});

test('IPv6 has keys of its own, and a size beyond 32 bits stands in a long alone', () => {
  const six = alert({ receiver: { ip: '2001:db8::9', standing: 'unknown', evidence: [] }, bytes: 2_147_483_648 });
  const { extension } = parseCef(encodeCef(six, '0.1.0'));
  expect(extension).toMatchObject({ c6a3: '2001:db8::9', c6a3Label: 'Destination IPv6 Address', cn3: '2147483648' });
  expect(extension).not.toHaveProperty('dst');
  expect(extension).not.toHaveProperty('out');
  expect(extension.cs1).toBe('unknown');
});

test('an alert about the watch itself has nothing of a transfer', () => {
  const { header, extension } = parseCef(
    encodeCef(conditionAlert({ state: 'closed', closedBecause: 'mended' }), '0.1.0'),
  );
  expect(header.slice(4)).toEqual(['source-silent', 'Source squid has fallen silent', '5']);
  expect(extension).toMatchObject({ cat: 'condition', flexString1: 'closed', reason: 'mended' });
  expect(Object.keys(extension)).not.toContain('deviceDirection');
});

test('whatever stands in an alert, a parser written from the standard reads back what was said', () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (title, explanation, host) => {
      const line = encodeCef(
        alert({ title, explanation, receiver: { host, standing: 'unknown', evidence: [] } }),
        '0.1.0',
      );
      expect(line.indexOf('\n')).toBe(line.length - 1);
      const { header, extension } = parseCef(line);
      expect(header).toHaveLength(7);
      expect(header[5]).toBe(seen(title));
      expect(extension.msg).toBe(seen(explanation));
      expect(extension.dhost).toBe(seen(host));
      expect(extension.deviceDirection).toBe('1');
    }),
  );
});

/** Controls and whatever turns the reading order become blanks; none is left at the ends. */
function seen(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** As the standard describes a reader: the header split at bare `|`, the extension at blanks before `key=`. */
function parseCef(line: string): { header: string[]; extension: Record<string, string> } {
  const header: string[] = [];
  let field = '';
  let at = 0;
  while (header.length < 7) {
    const character = line.charAt(at++);
    if (character === '') throw new Error('The header is short');
    if (character === '\\') field += line.charAt(at++);
    else if (character === '|') {
      header.push(field);
      field = '';
    } else field += character;
  }
  const extension: Record<string, string> = {};
  const keys = [...line.slice(at, -1).matchAll(/(?<=^| )([A-Za-z0-9]+)=/g)];
  keys.forEach((key, index) => {
    const start = at + key.index + key[0].length;
    const next = keys[index + 1];
    const end = next === undefined ? line.length - 1 : at + next.index - 1;
    extension[key[1] ?? ''] = line.slice(start, end).replace(/\\(.)/g, '$1');
  });
  return { header, extension };
}
