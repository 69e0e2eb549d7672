import { expect, test } from 'vitest';
import { detectFormat } from '../../src/formats/detect.ts';
import { formats } from '../../src/formats/registry.ts';
import { WRITTEN_BEFORE_MS } from './fixtures.ts';

const APPLIANCES = [
  ...['proxysg', 'iis', 'cloudfront', 'zscaler', 'paloalto', 'fortigate', 'cisco-wsa', 'cisco-umbrella', 'skyhigh'],
  ...['zeek', 'suricata', 'aws-alb', 'aws-vpc-flow', 'aws-s3', 'cef', 'leef'],
];

test.each(APPLIANCES)('the lines of %s are found to be of that format, and of no other', (name) => {
  const samples = formats.find((it) => it.name === name)?.samples ?? [];
  const lines = samples.map(({ line }) => ({ text: line, writtenBeforeMs: WRITTEN_BEFORE_MS }));
  const { found, fits } = detectFormat(lines, { timezone: 'UTC' });
  expect(fits.map(({ format }) => format)).toEqual([name]);
  expect(found?.format).toBe(name);
});

test('a W3C log of a product that has no format of its own is found to be W3C', () => {
  const lines = [
    '#Software: Secure Proxy 3',
    '#Fields: date time c-ip cs-method cs-uri sc-bytes',
    '2026-11-24 04:04:56 10.1.2.3 GET http://h.example/ 90',
  ];
  const seen = lines.map((text) => ({ text, writtenBeforeMs: WRITTEN_BEFORE_MS }));
  expect(detectFormat(seen, { timezone: 'UTC' }).fits.map(({ format }) => format)).toEqual(['w3c']);
});
