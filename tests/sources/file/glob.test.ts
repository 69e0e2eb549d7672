import { expect, test } from 'vitest';
import { globMatcher } from '../../../src/sources/file/glob.ts';
import { isRotationSuffix, logNameOf } from '../../../src/sources/file/rotation-names.ts';

test.each([
  ['access.log', 'access.log', true],
  ['access.log', 'accessXlog', false],
  ['*.log', 'access.log', true],
  ['*.log', 'access.log.1', false],
  ['*.log', '.hidden.log', false],
  ['.*.log', '.hidden.log', true],
  ['access*log*', 'access.log-20261124', true],
  ['a*b*c', 'aXbXbXc', true],
  ['a*b*c', 'aXbXbX', false],
  ['u_ex??????.log', 'u_ex261124.log', true],
  ['u_ex??????.log', 'u_ex26112.log', false],
  ['worker[0-9].log', 'worker7.log', true],
  ['worker[0-9].log', 'workerx.log', false],
  ['worker[!0-9].log', 'workerx.log', true],
  ['worker[]a].log', 'worker].log', true],
  ['worker[a-].log', 'worker-.log', true],
  ['worker[', 'worker[', true],
  ['*', '', true],
] as const)('%s against %s: %s', (pattern, name, expected) => {
  expect(globMatcher(pattern)(name)).toBe(expected);
});

test('a pattern of many stars does not take forever', () => {
  expect(globMatcher('*a*a*a*a*a*a*a*a*b')('a'.repeat(255))).toBe(false);
});

test.each([
  ['.1', true],
  ['-20261124', true],
  ['.2026-11-24', true],
  ['-20261124T0300Z', true],
  ['-1764042486', true],
  ['.old', true],
  ['.bak', false],
  ['.1~', false],
  ['2', false],
  ['', false],
] as const)('a suffix %s of a rotated file: %s', (suffix, expected) => {
  expect(isRotationSuffix(suffix)).toBe(expected);
});

test.each([
  ['mail.log.1', 'mail.log'],
  ['mail.log', 'mail.log'],
  ['mail.1', 'mail'],
  ['mail.log.bak', 'mail.log'],
  ['mail.log.1.bak', 'mail.log.1'],
  ['other.log', undefined],
] as const)('%s belongs to %s', (name, log) => {
  expect(logNameOf(name, new Set(['mail', 'mail.log', 'mail.log.1']))).toBe(log);
});
