import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, scratch } from '../command.ts';
import { configure, upload } from './installation.ts';

/** One state for all tests: two uploads abroad, one to a disputed place, one to nobody's endpoint, a line of rubbish. */
let dir: Awaited<ReturnType<typeof scratch>>;
let config: string;

beforeAll(async () => {
  dir = await scratch();
  config = await configure(dir.path);
  const log = [
    upload({ second: 0 }),
    upload({ second: 60, path: '/in/MRN-00481377_DOE_JANE.pdf' }),
    'DOE JANE 078-05-1120\n',
    upload({ second: 7_200, host: 'unsure.example', ip: '144.25.119.25' }),
    upload({ second: 86_400, host: 'nobody.example' }),
  ];
  await writeFile(join(dir.path, 'access.log'), log.join(''));
  await writeFile(join(dir.path, 'auth.log'), '');
  const { code, stderr } = await run(['run', '--config', config, '--until-idle']);
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => dir[Symbol.asyncDispose]());

async function list(...filters: string[]) {
  const { code, stdout, stderr } = await run(['alerts', 'list', '--config', config, '--json', ...filters]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { code, stderr, alerts: lines.map((line) => JSON.parse(line)) };
}

test('alerts list has a line for each alert, the latest seen first', async () => {
  const { code, stdout, stderr } = await run(['alerts', 'list', '--config', config]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.replaceAll(/a-[0-9a-f]{24}/g, 'ID')).toBe(
    [
      'id                          severity  state    last seen         findings  rule                          vendor or host  where',
      'ID  high      open     2026-11-24 14:00         1  phi-to-unregistered-endpoint  nobody.example  IN (certain)',
      'ID  medium    open     2026-11-23 16:00         1  location-undetermined         unsure          disputed',
      'ID  high      updated  2026-11-23 14:01         2  phi-outside-territory         abroad          IN (certain)',
      '',
    ].join('\n'),
  );
});

test.each([
  [['--state', 'updated'], ['phi-outside-territory']],
  [
    ['--severity', 'high'],
    ['phi-to-unregistered-endpoint', 'phi-outside-territory'],
  ],
  [
    ['--severity', 'medium'],
    ['phi-to-unregistered-endpoint', 'location-undetermined', 'phi-outside-territory'],
  ],
  [['--vendor', 'unsure'], ['location-undetermined']],
  [['--since', '2026-11-24'], ['phi-to-unregistered-endpoint']],
  [
    ['--since', '2026-11-23T11:00:00-05:00'],
    ['phi-to-unregistered-endpoint', 'location-undetermined'],
  ],
  [['--state', 'closed'], []],
])('alerts list %j lists %j', async (filters, rules) => {
  const { code, stderr, alerts } = await list(...filters);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(alerts.map(({ rule }) => rule)).toEqual(rules);
});

test('no alert is said in words, on stderr', async () => {
  const args = ['alerts', 'list', '--config', config, '--vendor', 'nobody'];
  expect(await run(args)).toEqual({ code: 0, stdout: '', stderr: 'no alerts\n' });
});

test('alerts show finds an alert by the beginning of its id, with findings and deliveries', async () => {
  const { alerts } = await list('--vendor', 'abroad');
  const { id } = alerts[0];
  const { code, stdout } = await run(['alerts', 'show', '--config', config, id.slice(0, 10)]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^HIGH {2}PHI left the permitted territory \(updated, now 2 findings\)\n/);
  expect(stdout).toContain('\nfindings  2\n');
  expect(stdout).toMatch(
    /\n {2}2026-11-23 14:00:00 {2}delivered {2}512,644 {2}f-[0-9a-f]{24} {2}https:\/\/upload\.abroad\.example\//,
  );
  // Two notices, new and grown, to each of two sinks.
  expect(stdout).toContain('\ndeliveries  4\n');
  expect(stdout).toMatch(/\n {2}open\.1 {5}file {4}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}delivered\n/);
  expect(stdout).not.toMatch(/DOE|JANE|00481377|svc_ehr/);
});

test('alerts show --json is one object', async () => {
  const { alerts } = await list('--vendor', 'unsure');
  const { stdout } = await run(['alerts', 'show', '--config', config, '--json', alerts[0].id]);
  const { alert, findings, deliveries } = JSON.parse(stdout);
  expect(alert).toMatchObject({ id: alerts[0].id, rule: 'location-undetermined', bytes: 512_644 });
  expect(findings).toMatchObject([{ rule: 'location-undetermined', residency: 'undetermined' }]);
  expect(deliveries).toMatchObject([
    { sink: 'file', outcome: 'delivered' },
    { sink: 'people', outcome: 'delivered' },
  ]);
});

test.each([
  ['zzz', /^phi-egress: No alert has the id "zzz"; see phi-egress alerts list\n$/],
  ['a-', /^phi-egress: More than one alert begins with "a-"; give more of it: (a-[0-9a-f]{24}(, )?){3}\n$/],
])('alerts show %s is bad usage', async (id, stderr) => {
  const shown = await run(['alerts', 'show', '--config', config, id]);
  expect(shown).toMatchObject({ code: 2, stdout: '' });
  expect(shown.stderr).toMatch(stderr);
});

test('a line that cannot be read is counted and shown masked, and stopped nothing', async () => {
  const { code, stdout } = await run(['status', '--config', config]);
  expect(code).toBe(0);
  expect(stdout).toContain('alerts  2 open, 1 updated, 0 closed, of 4 findings\n');
  expect(stdout).toMatch(/\n {2}squid {6}5 {7}4 {8}0 {11}1 {4}0\n/);
  expect(stdout).toMatch(/\n {2}squid at byte \d+: [^\n]+\n {4}XXX XXXX ###-##-####\n/);
  expect(stdout).not.toContain('JANE');
});

test('status --json is one object', async () => {
  const { stdout } = await run(['status', '--config', config, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    alerts: { open: 2, updated: 1, closed: 0 },
    findings: 4,
    sources: [
      { source: 'sftp', lines: 0 },
      { source: 'squid', lines: 5, parsed: 4, skipped: 0, unreadable: 1, cut: 0 },
    ],
    samples: [{ source: 'squid', masked: 'XXX XXXX ###-##-####' }],
  });
});
