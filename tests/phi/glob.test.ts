import { expect, test } from 'vitest';
import { globMatcher } from '../../src/phi/glob.ts';

test.each<readonly [string, string, boolean]>([
  ['/srv/sftp/outbound/**', '/srv/sftp/outbound/a/b.zip', true],
  ['/srv/sftp/outbound/**', '/srv/sftp/outbound/', true],
  ['/srv/sftp/outbound/**', '/srv/sftp/outbound', false],
  ['/srv/sftp/outbound/**', '/srv/sftp/outbounds/a', false],
  ['/srv/*/a.zip', '/srv/x/a.zip', true],
  ['/srv/*/a.zip', '/srv/x/y/a.zip', false],
  ['/srv/*.zip', '/srv/.zip', true],
  ['/srv/a?.zip', '/srv/ab.zip', true],
  ['/srv/a?b', '/srv/a/b', false],
  ['/srv/**/charts/*.pdf', '/srv/charts/a.pdf', true],
  ['/srv/**/charts/*.pdf', '/srv/x/y/charts/a.pdf', true],
  ['/srv/**/charts/*.pdf', '/srv/xcharts/a.pdf', false],
  ['/srv/**/charts/*.pdf', '/srv/x/ycharts/a.pdf', false],
  ['**/charts/**', 'charts/a', true],
  ['**/charts/**', '/x/charts/a', true],
  ['/srv/a**z', '/srv/a/b/z', true],
  ['/srv/a.b', '/srv/aXb', false],
  ['/srv/(a)[b]', '/srv/(a)[b]', true],
  ['', '', true],
  ['', 'a', false],
])('the glob %s on %s: %s', (glob, path, expected) => {
  expect(globMatcher(glob)(path)).toBe(expected);
});

test('time grows with the length of the path only, whatever the path', () => {
  const matches = globMatcher('/**/*a*a*a*a*a*a*a*b');
  const before = performance.now();
  expect(matches(`/${'a/aaaaaaaa'.repeat(800)}`)).toBe(false);
  expect(performance.now() - before).toBeLessThan(1000);
});
