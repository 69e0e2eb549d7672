import { expect, test } from 'vitest';
import { COUNTRY_CODES } from '../../src/net/country-codes.ts';

test('the list holds the 249 assigned codes and Kosovo, and CLDR knows each', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(COUNTRY_CODES.size).toBe(250);
  expect([...COUNTRY_CODES].filter((code) => names.of(code) === undefined)).toEqual([]);
});

test('codes that CLDR knows beside it are no countries of ISO 3166-1', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const more = letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !COUNTRY_CODES.has(code) && names.of(code) !== undefined)
    .filter((code) => new Intl.Locale(`und-${code}`).region === code);
  // Exceptionally reserved (AC, CP, CQ, DG, EA, EU, EZ, IC, TA, UN), of CLDR's own (QO, XA, XB), and unknown (ZZ).
  expect(more).toEqual(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ']);
});
