import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, run, scratch } from '../command.ts';
import { configure } from './installation.ts';

test('--help lists the commands in the order in which they are needed, and the exit codes', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  expect(commands).toEqual([
    'validate',
    'doctor',
    'replay',
    'run',
    'alerts',
    'coverage',
    'status',
    'sinks',
    'explain',
    'locate',
    'geo',
    'detect',
    'parse',
    'formats',
    'help',
  ]);
  expect(stdout).toContain("Exit codes: 0 done, 1 the command's own failure,\n2 bad usage or bad configuration.");
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  [['bogus'], "phi-egress: unknown command 'bogus'\n(see phi-egress --help)\n"],
  [['alerts', 'lst'], "phi-egress: unknown command 'lst'\n(Did you mean list?)\n(see phi-egress --help)\n"],
  [['alerts', 'list', '--bogus'], "phi-egress: unknown option '--bogus'\n(see phi-egress --help)\n"],
  [['alerts', 'show'], "phi-egress: missing required argument 'id'\n(see phi-egress --help)\n"],
  [
    ['run', '--config', '/nonexistent'],
    'phi-egress: Cannot read "/nonexistent": it does not exist; name a file that does\n',
  ],
  [
    ['parse'],
    'phi-egress: No format was given; name one with --format, or give a Squid logformat string with --logformat\n',
  ],
  [
    ['parse', '--format', 'squid', '--timezone', 'Mars/Olympus'],
    'phi-egress: Cannot find time zone "Mars/Olympus"; write UTC or an IANA name such as America/New_York\n',
  ],
])('%j is bad usage, said in words, with exit code 2', async (args, stderr) => {
  expect(await run(args)).toEqual({ code: 2, stdout: '', stderr });
});

test('without a command, help goes to stderr', async () => {
  const { code, stdout, stderr } = await run([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: phi-egress');
});

test('status before the first run is a failure of its own, with exit code 1', async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  expect(await run(['status', '--config', config])).toEqual({
    code: 1,
    stdout: '',
    stderr: `phi-egress: ${dir.path}/state/phi-egress.db: There is no state yet; start the agent with phi-egress run, or name its configuration with --config\n`,
  });
});

test('formats --json is one array, with what each format tells and cannot show', async () => {
  const { code, stdout } = await run(['formats', '--json']);
  const listed = JSON.parse(stdout) as { name: string; tells: object; blindSpots: { missing: string }[] }[];
  expect(code).toBe(0);
  expect(listed.map(({ name }) => name)).toEqual([
    'squid',
    'squid-common',
    'squid-combined',
    'squid-referrer',
    'squid-useragent',
    'apache-common',
    'apache-combined',
    'apache-combinedio',
    'apache-vhost-combined',
    'nginx',
    'haproxy',
    'envoy',
    'envoy-json',
    'traefik',
    'traefik-json',
    'caddy',
    'w3c',
    'proxysg',
    'iis',
    'cloudfront',
    'zscaler',
    'paloalto',
    'fortigate',
    'cisco-wsa',
    'cisco-umbrella',
    'skyhigh',
    'zeek',
    'suricata',
    'aws-alb',
    'aws-vpc-flow',
    'aws-s3',
    'cef',
    'leef',
    'openssh',
    'xferlog',
    'proftpd-extended',
    'proftpd-phi-egress',
    'proftpd-sftp',
    'proftpd-system',
    'vsftpd',
    'pure-ftpd',
    'pure-ftpd-clf',
    'pure-ftpd-w3c',
    'pure-ftpd-stats',
    'sftpgo',
    'aws-transfer',
    'lftp',
    'rclone',
    'winscp',
  ]);
  expect(listed[0]?.tells).toMatchObject({ timeMs: 'always', bytesToClient: 'always', status: 'sometimes' });
  expect(listed[0]?.blindSpots[0]?.missing).toBe('the bytes that a client sent');
});

test('validate says once how to mend what one line mends, and what it waits for', async () => {
  await using dir = await scratch();
  await writeFile(join(dir.path, 'auth.log'), '');
  const sources =
    '[{ name: squid, type: file, paths: [access.log], format: squid, inside: client }, { name: sftp, type: file, paths: [auth.log], format: openssh, inside: server }]';
  const config = await configure(dir.path, { sources });
  const { code, stdout, stderr } = await run(['validate', '--config', config]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`valid  ${config}\n`);
  expect(stdout).toContain('\n  unsure has no terms, so us-and-territories holds\n');
  expect(stdout).toContain(`\n  waits for  ${dir.path}/access.log, which does not exist yet\n`);
  expect(stdout).not.toContain(`waits for  ${dir.path}/auth.log`);
  // The sizes and the media types of uploads are mended by the same line.
  expect(stdout.match(/put into \/etc\/squid\/squid\.conf:/g)).toHaveLength(1);
  expect(stdout.match(/ForceCommand internal-sftp -l INFO/g)).toHaveLength(1);
});

test('validate --json tells the same to a program', async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  const { code, stdout } = await run(['validate', '--config', config, '--json']);
  const found = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(found).toMatchObject({
    file: config,
    vendors: [
      { id: 'abroad', name: 'Coders Abroad', terms: 1 },
      { id: 'unsure', name: 'Unsure Transcription', terms: 0 },
    ],
    sinks: [
      { name: 'people', type: 'terminal' },
      { name: 'file', type: 'file' },
    ],
    sources: [
      { name: 'squid', awaited: [`${dir.path}/access.log`] },
      { name: 'sftp', awaited: [`${dir.path}/auth.log`] },
    ],
  });
  expect(found.databases.map(({ name }: { name: string }) => name)).toEqual([
    'dbip-country.mmdb',
    'geo-whois-asn-country.mmdb',
  ]);
});
