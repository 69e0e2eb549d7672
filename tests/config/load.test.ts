import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfiguration, loadSettings } from '../../src/config/load.ts';
import { OperatorError } from '../../src/errors/problem.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';

const MINIMAL = `sources:
  - { name: squid, type: file, paths: [/var/log/squid/access.log], format: squid, inside: client }
`;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'phi-egress-config-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('one source is a whole configuration, and all else has its default', async () => {
  const file = await write('phi-egress.yaml', MINIMAL);
  const { settings, notes } = await loadConfiguration(file);
  expect(settings).toEqual({
    file,
    agent: {
      name: hostname(),
      state: '/var/lib/phi-egress',
      onCorruptState: 'stop',
      outboxBytes: 536_870_912,
      log: { level: 'info' },
      http: { kind: 'tcp', address: '127.0.0.1', port: 9464 },
    },
    sources: [
      {
        name: 'squid',
        type: 'file',
        paths: ['/var/log/squid/access.log'],
        format: 'squid',
        inside: 'client',
        timezone: 'UTC',
        start: 'end',
        silenceMs: 1_800_000,
      },
    ],
    vendors: [],
    exceptions: [],
    residency: {
      default: { name: 'us-and-territories', countries: new Set(['US', 'PR', 'GU', 'VI', 'AS', 'MP', 'UM']) },
      concern: new Set(['CN', 'CU', 'IR', 'KP', 'RU', 'VE', 'HK', 'MO']),
    },
    phi: { systems: [], threshold: 'likely', ignoreHosts: [], patterns: [] },
    geo: { directory: '/var/lib/phi-egress/geoip', embedded: true, overrides: [], usMilitaryAbroad: true },
    rules: { rules: {}, phiThreshold: 'likely', onDisputed: 'medium', onUnknown: 'medium' },
    conditions: {
      'source-silent': { enabled: true },
      'coverage-gap': { enabled: true, shortestMs: 60_000 },
      'geo-database-stale': { enabled: true },
      'vendor-endpoint-moved': { enabled: true },
      'alerts-refused': { enabled: true },
      'sink-failing': { enabled: true, afterMs: 300_000 },
      'known-answer-missing': { enabled: true },
      'format-mismatch': { enabled: true, share: 0.5, leastLines: 20 },
    },
    alerts: { groupMs: 3_600_000, closeAfterMs: 86_400_000 },
    sinks: [],
    sha256: sha256(`${sha256(MINIMAL)}\n`),
  });
  expect(notes).toEqual([
    'No vendor is declared: every foreign receiver counts as unregistered',
    'No sink is declared: alerts are stored and shown by `phi-egress alerts` alone',
  ]);
});

test('the example configuration loads, with the vendor beside it', async () => {
  const file = fileURLToPath(new URL('../../config/phi-egress.example.yaml', import.meta.url));
  const { settings, notes } = await loadConfiguration(file);
  expect(settings.sources.map(({ name, format }) => [name, format])).toEqual([
    ['squid', 'squid'],
    ['sftp', 'openssh'],
    ['sshd-journal', 'openssh'],
    ['appliance', 'squid'],
  ]);
  expect(settings.sources.slice(2)).toMatchObject([
    { type: 'journald', match: { _SYSTEMD_UNIT: ['ssh.service', 'sshd.service'] }, start: 'end' },
    {
      type: 'syslog',
      listen: { protocol: 'tcp', address: '127.0.0.1', port: 6514 },
      allow: ['127.0.0.0/8', '10.20.0.0/16'],
    },
  ]);
  expect(settings.sinks).toEqual([
    {
      name: 'file',
      type: 'file',
      path: '/var/log/phi-egress/alerts.ndjson',
      format: 'native',
      rotateBytes: 104_857_600,
      keep: 10,
      minSeverity: 'info',
    },
    { name: 'console', type: 'terminal', minSeverity: 'medium' },
  ]);
  expect(settings.geo.overrides).toEqual([
    {
      networks: ['198.51.100.0/24'],
      country: 'US',
      reason: "the vendor's data centre in Ohio, visited",
      expiresMs: Date.parse('2027-07-01T00:00:00Z'),
    },
  ]);
  expect(settings.rules.rules).toEqual({ 'phi-to-unregistered-endpoint': { enabled: true, severity: 'high' } });
  expect(settings.exceptions).toEqual([
    {
      vendor: 'acme-coding',
      country: 'CA',
      untilMs: Date.parse('2027-02-01T00:00:00Z'),
      reason: 'amendment 3',
      approvedBy: 'privacy office',
    },
  ]);
  expect(settings.phi.patterns.map(({ regex }) => regex)).toEqual([/^enc_export_\d{8}\.csv$/u]);
  expect(settings.vendors).toEqual<Vendor[]>([
    {
      id: 'acme-coding',
      name: 'Acme Medical Coding LLC',
      service: 'medical coding',
      terms: [
        {
          fromMs: Date.parse('2024-03-01T00:00:00Z'),
          untilMs: Date.parse('2027-01-01T00:00:00Z'),
          territory: settings.residency.default,
          covers: new Set(['storage', 'access'] as const),
          reference: 'BAA-2024-017 section 4.2',
          programme: 'medicare-advantage',
          notice: 'privacy@hospital.example',
        },
      ],
      declared: { networks: ['203.0.113.0/24'], asns: [64500] },
      endpoints: {
        domains: ['acme-coding.example', '*.files.acme-coding.example'],
        networks: ['203.0.113.0/24', '2001:db8:5::/48'],
        accounts: ['acme_sftp', 'acme_batch_*'],
        keys: ['SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU'],
      },
      carries: 'phi',
      workday: { zone: 'America/New_York', days: 'mon-fri', hours: '07:00-19:00' },
    },
  ]);
  const vendorFile = path.join(path.dirname(file), 'vendors.d/example.yaml');
  const lineOf = async (text: string) =>
    (await readFile(file, 'utf8')).split('\n').findIndex((line) => line.includes(text)) + 1;
  const updateLine = await lineOf('MAXMIND_ACCOUNT');
  const retainLine = await lineOf('retain: 2192d');
  expect(notes).toEqual([
    `${vendorFile}:21: declared is kept, and not judged by in this version`,
    `${vendorFile}:37: workday is kept, and not judged by in this version`,
    `${file}:${retainLine}: this version deletes no evidence, whatever evidence.retain says`,
    `${file}:${updateLine}:25 geo.update.maxmind.account: The environment has no MAXMIND_ACCOUNT; set it where phi-egress is started, in the unit through EnvironmentFile=`,
    `${file}:${updateLine}:56 geo.update.maxmind.key: The environment has no MAXMIND_KEY; set it where phi-egress is started, in the unit through EnvironmentFile=`,
  ]);
});

test('relative paths start from the directory of the file, wherever the agent is started', async () => {
  const file = await write(
    'phi-egress.yaml',
    `agent: { state: state, log: { file: agent.log }, http: { listen: ./http.sock } }
sources:
  - { name: squid, type: file, paths: [../logs/access*.log], format: squid, inside: client }
sinks:
  - { name: file, type: file, path: alerts.ndjson, rotate: null }
geo: { directory: geoip }
`,
  );
  const settings = await loadSettings(path.relative(process.cwd(), file));
  expect(settings.file).toBe(file);
  expect(settings.agent.state).toBe(`${directory}/state`);
  expect(settings.agent.log.file).toBe(`${directory}/agent.log`);
  expect(settings.agent.http).toEqual({ kind: 'unix', path: `${directory}/http.sock` });
  expect(settings.sources[0]).toMatchObject({ paths: [path.join(directory, '../logs/access*.log')] });
  expect(settings.geo.directory).toBe(`${directory}/geoip`);
  expect(settings.sinks).toEqual([
    {
      name: 'file',
      type: 'file',
      path: `${directory}/alerts.ndjson`,
      format: 'native',
      keep: 10,
      minSeverity: 'info',
    },
  ]);
});

test('vendor files are found without being named, in the order of their names, and no others', async () => {
  await mkdir(`${directory}/vendors.d`);
  await write('vendors.d/b.yaml', '- { id: b, name: B, endpoints: { accounts: [b] } }\n');
  await write('vendors.d/a.yaml', '- { id: a, name: A, endpoints: { accounts: [a] } }\n');
  await write('vendors.d/.hidden.yaml', '- { id: c }\n');
  await write('vendors.d/old.yaml.bak', '- { id: d }\n');
  const settings = await loadSettings(await write('phi-egress.yaml', MINIMAL));
  expect(settings.vendors.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('the hash changes with the main file and with each vendor file, and not with the directory', async () => {
  await mkdir(`${directory}/vendors.d`);
  await mkdir(`${directory}/copy/vendors.d`, { recursive: true });
  const vendor = '- { id: a, name: A, endpoints: { accounts: [a] } }\n';
  const main = await write('phi-egress.yaml', MINIMAL);
  await write('vendors.d/a.yaml', vendor);
  const copy = await write('copy/phi-egress.yaml', MINIMAL);
  await write('copy/vendors.d/a.yaml', vendor);
  const first = (await loadSettings(main)).sha256;
  expect((await loadSettings(copy)).sha256).toBe(first);
  await write('vendors.d/a.yaml', `${vendor}# a word more\n`);
  const second = (await loadSettings(main)).sha256;
  await write('phi-egress.yaml', `${MINIMAL}# a word more\n`);
  expect(new Set([first, second, (await loadSettings(main)).sha256]).size).toBe(3);
});

test('the territories that an operator adds can be named by terms and by the default', async () => {
  const file = await write(
    'phi-egress.yaml',
    `${MINIMAL}residency:
  territories: { north: [us, ca], narrow: [US] }
  default: narrow
vendors:
  - { id: a, name: A, endpoints: { accounts: [a] }, terms: [{ territory: north, covers: [access] }] }
`,
  );
  const settings = await loadSettings(file);
  expect(settings.residency.default).toEqual({ name: 'narrow', countries: new Set(['US']) });
  expect(settings.vendors[0]?.terms).toEqual([
    { territory: { name: 'north', countries: new Set(['US', 'CA']) }, covers: new Set(['access']) },
  ]);
});

test('a rule that is turned off is a note', async () => {
  const file = await write('phi-egress.yaml', `${MINIMAL}rules: { location-undetermined: { enabled: false } }\n`);
  const { settings, notes } = await loadConfiguration(file);
  expect(settings.rules.rules).toEqual({ 'location-undetermined': { enabled: false } });
  expect(notes).toContain(`${file}:3: rule location-undetermined is off, so what it would find is not reported`);
});

test('what is turned off by null or an empty list is no error', async () => {
  const file = await write(
    'phi-egress.yaml',
    `agent: { http: null }
sources:
  - { name: a, type: file, paths: [/var/log/a], format: openssh, inside: server, silence: null }
geo: { update: null, stale-after: null }
evidence: { seal-to: [] }
`,
  );
  const settings = await loadSettings(file);
  expect(settings.sources[0]?.name).toBe('a');
  expect(settings.agent.http).toBeUndefined();
});

test.each([
  ['127.0.0.1:9464', { kind: 'tcp', address: '127.0.0.1', port: 9464 }],
  ['127.0.0.1:0', { kind: 'tcp', address: '127.0.0.1', port: 0 }],
  ['"[::1]:9464"', { kind: 'tcp', address: '::1', port: 9464 }],
  ['/run/phi-egress/http.sock', { kind: 'unix', path: '/run/phi-egress/http.sock' }],
])('health and metrics are served at %s', async (listen, expected) => {
  const file = await write('phi-egress.yaml', `agent: { http: { listen: ${listen} } }\n${MINIMAL}`);
  expect((await loadSettings(file)).agent.http).toEqual(expected);
});

test('health and metrics at an address that others reach are a note', async () => {
  const file = await write('phi-egress.yaml', `agent: { http: { listen: 0.0.0.0:9464 } }\n${MINIMAL}`);
  const { notes } = await loadConfiguration(file);
  expect(notes).toContain(`${file}:1: whoever reaches this port can read how much is found of what`);
});

test('a file that is not there, is a directory or is not text is one plain message', async () => {
  expect(await problemsOf(`${directory}/none.yaml`)).toEqual([
    `Cannot read "${directory}/none.yaml": it does not exist; name a file that does`,
  ]);
  expect(await problemsOf(directory)).toEqual([`Cannot read "${directory}": it is a directory; name a file`]);
  const latin = `${directory}/latin.yaml`;
  await writeFile(latin, Buffer.from('agent: { name: caf\xe9 }', 'latin1'));
  expect(await problemsOf(latin)).toEqual([`${latin}: The file is not UTF-8 text; save it as UTF-8`]);
});

test('a vendor file that is named and not there is shown where it is named', async () => {
  const file = await write('phi-egress.yaml', `${MINIMAL}vendors: acme.yaml\n`);
  expect(await problemsOf(file)).toEqual([
    `${file}:3:10 vendors: Cannot read "${directory}/acme.yaml": it does not exist; name a file that does`,
  ]);
});

test('a byte order mark and Windows line ends do no harm', async () => {
  const file = await write('phi-egress.yaml', `\ufeff${MINIMAL.replaceAll('\n', '\r\n')}`);
  expect((await loadSettings(file)).sources).toHaveLength(1);
});

async function write(name: string, text: string): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, text);
  return file;
}

async function problemsOf(file: string): Promise<readonly string[]> {
  const error: unknown = await loadSettings(file).catch((thrown: unknown) => thrown);
  if (!(error instanceof OperatorError)) throw new Error('no problem was found', { cause: error });
  return error.message.split('\n');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
