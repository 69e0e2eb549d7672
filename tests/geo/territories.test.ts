import { expect, test } from 'vitest';
import { TERRITORIES } from '../../src/geo/territories.ts';

test('three territories are built in', () => {
  expect(TERRITORIES.map(({ name, countries }) => [name, [...countries].join(' ')])).toEqual([
    ['us', 'US'],
    ['us-and-territories', 'US PR GU VI AS MP UM'],
    ['us-territories-canada', 'US PR GU VI AS MP UM CA'],
  ]);
});
