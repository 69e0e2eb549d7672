import { expect, test } from 'vitest';
import { country } from '../../src/net/country.ts';
import { COUNTRY_CODES } from '../../src/net/country-codes.ts';

test('codes are read in any case and written in capitals', () => {
  expect(country('US')).toBe('US');
  expect(country('in')).toBe('IN');
  expect(country('Xk')).toBe('XK');
});

test.each(['ZZ', 'XX', 'AA', 'EU', 'AP', 'A1', 'O1', 'UK', 'AN', 'SU', '-', '', 'USA', 'U', 'us ', 'İN'])(
  '%j names no country',
  (text) => {
    expect(country(text)).toBeUndefined();
  },
);

test('ISO 3166-1 assigns 249 codes, and Kosovo has one beside', () => {
  expect(COUNTRY_CODES.size).toBe(250);
});

test('every code has a name of its own', () => {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  expect([...COUNTRY_CODES].filter((code) => names.of(code) === undefined)).toEqual([]);
});
