import { expect, test } from 'vitest';
import { nearest, suggest } from '../../src/errors/nearest.ts';

test.each([
  ['squidd', 'squid'],
  ['sqiud', 'squid'],
  ['SQUID', 'squid'],
  ['opensh', 'openssh'],
  ['min_severity', 'min-severity'],
  ['nginx', undefined],
  ['', undefined],
  ['x'.repeat(1_000_000), undefined],
])('of the known names, %s means %s', (found, meant) => {
  expect(nearest(found, ['squid', 'openssh', 'min-severity'])).toBe(meant);
});

test('where no name is near, all are told', () => {
  expect(suggest('squidd', ['squid', 'openssh'])).toBe('write "squid"');
  expect(suggest('nginx', ['squid', 'openssh'])).toBe('write one of squid, openssh');
  expect(suggest('nginx', ['squid'])).toBe('write "squid"');
});
