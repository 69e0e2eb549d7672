import { expect, test } from 'vitest';
import { backtrackingRisk } from '../../src/phi/backtracking.ts';

test.each([
  ['(a+)+$', 'a repeat holds another repeat'],
  ['(a*)*', 'a repeat holds another repeat'],
  ['(a?){20}b', 'a repeat holds another repeat'],
  ['^(?:(?:x{1,3}))*y', 'a repeat holds another repeat'],
  ['(?<n>[a-z]+,)+', 'a repeat holds another repeat'],
  ['([(]+)+', 'a repeat holds another repeat'],
  ['^(a|a)*$', 'a repeat holds alternatives that may begin alike'],
  ['^(a|ab)*$', 'a repeat holds alternatives that may begin alike'],
  ['^(\\d|1)*$', 'a repeat holds alternatives that may begin alike'],
  ['^(a|)*$', 'a repeat holds alternatives that may begin alike'],
  ['^(\\x61|a)+$', 'a repeat holds alternatives that may begin alike'],
  ['^((a|ab)c)*$', 'a repeat holds alternatives that may begin alike'],
  ['\\w+\\w+', 'it has too many wide repeats'],
  ['^.*a.*b.*c', 'it has too many wide repeats'],
  ['\\w{1,60}-\\w{1,60}', 'it has too many wide repeats'],
  ['^a.*|b.*c.*', 'it has too many wide repeats'],
  ['(a)\\1', 'it has a backreference'],
  ['(?<n>a)\\k<n>', 'it has a backreference'],
  [`${'(?:a|a)'.repeat(9)}b`, 'it can match in too many ways'],
  [`${'a?'.repeat(9)}b`, 'it can match in too many ways'],
  ['a{1000}', 'it repeats too often'],
  ['a'.repeat(501), 'it is longer than 500 characters'],
])('%s is refused', (source, because) => {
  expect(() => new RegExp(source, 'u')).not.toThrow();
  expect(backtrackingRisk(source)?.because).toBe(because);
});

test.each([
  '^enc_export_\\d{8}\\.csv$',
  'mrn=\\d+',
  '/charts?/[^/]+',
  '^/charts?/\\d+/.*\\.pdf$',
  '\\d{3}-\\d{2}-\\d{4}',
  '[1-9][AC-HJKMNP-RT-Y]{2}\\d',
  '(?:claim|superbill|denial)_\\d{4,12}',
  '(?:ab|cd)+x',
  '\\(\\+\\)\\*',
  '[+*(){}|]+',
  '\\p{Lu}{2}\\u{1F4C4}?',
])('%s is let through', (source) => {
  expect(() => new RegExp(source, 'u')).not.toThrow();
  expect(backtrackingRisk(source)).toBeUndefined();
});
