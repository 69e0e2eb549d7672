import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, scratch } from '../command.ts';

const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'bench', 'geo-truth.mjs'), ...args], { encoding: 'utf8' });

interface Row {
  readonly provider: string;
  readonly name: string;
  readonly side: string;
  readonly networks: number;
  readonly right: number;
  readonly wrongUs: number;
  readonly edge: number;
}

// Amazon's own geofeed has 3.6.0.0/15 in Mumbai, 3.80.0.0/12 in Ashburn and 23.228.192.0/24 in Calgary; both embedded
// databases have the last in the US.
const PREFIXES = [
  { ip_prefix: '3.6.0.0/15', region: 'ap-south-1', service: 'AMAZON', network_border_group: 'ap-south-1' },
  { ip_prefix: '3.80.0.0/12', region: 'us-east-1', service: 'AMAZON', network_border_group: 'us-east-1' },
  { ip_prefix: '23.228.192.0/24', region: 'ca-west-1', service: 'AMAZON', network_border_group: 'ca-west-1' },
  { ip_prefix: '52.84.0.0/15', region: 'GLOBAL', service: 'CLOUDFRONT', network_border_group: 'GLOBAL' },
  { ip_prefix: '3.2.0.0/24', region: 'xx-new-1', service: 'EC2', network_border_group: 'xx-new-1' },
];

test('the truth benchmark holds databases and ladder against what a provider publishes', async () => {
  await using dir = await scratch();
  const file = { syncToken: '1764028997', createDate: '2025-11-25-00-03-17', prefixes: PREFIXES, ipv6_prefixes: [] };
  await writeFile(join(dir.path, 'as-published.json'), JSON.stringify(file));
  const { status, stdout, stderr } = bench('--ranges', dir.path, '--part', 'all', '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const rows = JSON.parse(stdout) as readonly Row[];
  const row = (name: string, side: string) =>
    rows.find((it) => it.provider === 'aws' && it.name === name && it.side === side);
  expect(row('dbip-country.mmdb', 'abroad')).toMatchObject({ networks: 2, right: 0.5, wrongUs: 0.5 });
  expect(row('ladder without ranges', 'abroad')).toMatchObject({ networks: 2, right: 0.5, wrongUs: 0.5 });
  expect(row('ladder with ranges', 'abroad')).toMatchObject({ networks: 2, right: 1, wrongUs: 0 });
  expect(row('ladder with ranges', 'US')).toMatchObject({ networks: 1, right: 1 });
});

test('of the networks each is in one part, and a table is for people', async () => {
  await using dir = await scratch();
  const file = { syncToken: '1764028997', createDate: '2025-11-25-00-03-17', prefixes: PREFIXES, ipv6_prefixes: [] };
  await writeFile(join(dir.path, 'ip-ranges.json'), JSON.stringify(file));
  const networks = (part: string) =>
    (JSON.parse(bench('--ranges', dir.path, '--part', part, '--json').stdout) as readonly Row[])
      .filter(({ provider, name }) => provider === 'all' && name === 'ladder with ranges')
      .reduce((sum, it) => sum + it.networks, 0);
  expect(networks('tune') + networks('report')).toBe(networks('all'));
  expect(bench('--ranges', dir.path, '--part', 'all').stdout).toMatch(
    /^ip-ranges\.json: aws 1764028997, 5 networks\nPart: all; shares of networks\n\n {2,}networks +right +false US/,
  );
});

test.each([
  [[], '--ranges is missing; name a directory with range files\n'],
  [['--ranges', '/nowhere', '--part', 'half'], '--part half; write report, tune or all\n'],
])('%j is refused with what to write', (args, stderr) => {
  expect(bench(...args)).toMatchObject({ status: 1, stderr });
});
