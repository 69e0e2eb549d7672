import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Finished, run, scratch } from '../command.ts';
import { CANARIES, expectClean, SQUID_LINES, SSH_LINES } from './canaries.ts';

test('nothing of a patient comes out: not in output, log, alerts or database', async () => {
  await using dir = await scratch();
  const config = join(dir.path, 'phi-egress.yaml');
  writeFileSync(join(dir.path, 'access.log'), `${SQUID_LINES.join('\n')}\n`);
  writeFileSync(join(dir.path, 'auth.log'), `${SSH_LINES.join('\n')}\n`);
  writeFileSync(
    config,
    `agent: { name: gw1, state: state, log: { level: debug, file: agent.log }, http: null }
sources:
  - { name: squid, type: file, paths: [access.log], format: squid, inside: client, start: beginning, silence: null }
  - { name: sftp, type: file, paths: [auth.log], format: openssh, inside: server, start: beginning, silence: null }
vendors:
  - { id: abroad, name: Coders Abroad, carries: phi, endpoints: { domains: [upload.abroad.example], accounts: [abroad_sftp] } }
phi:
  systems: [{ name: outbound, paths: ["/outbound/**"] }]
geo:
  overrides: [{ networks: [192.0.2.0/24], country: IN, reason: for the test }]
rules:
  format-mismatch: { share: 0.05, least-lines: 1 }
sinks:
  - { name: people, type: terminal }
  - { name: file, type: file, path: alerts.ndjson, format: native }
`,
  );

  const outputs: Finished[] = [await run(['run', '--config', config, '--until-idle'])];
  const command = async (...args: string[]) => {
    const output = await run([...args, '--config', config]);
    expect(output.code, args.join(' ')).toBe(0);
    outputs.push(output);
    return output;
  };
  const listed = await command('alerts', 'list', '--json');
  const alerts = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { id } of alerts) await command('alerts', 'show', id);
  for (const { id } of alerts) await command('alerts', 'show', id, '--json');
  const [handled] = alerts.filter(({ kind }) => kind === 'egress');
  const reason = `chart of ${CANARIES.family}, MRN ${CANARIES.mrn}`;
  const refused = await run(['alerts', 'ack', handled.id, '--reason', reason, '--config', config]);
  expect(refused).toMatchObject({ code: 2 });
  outputs.push(refused);
  await command('alerts', 'close', handled.id, '--disposition', 'authorised', '--reason', 'amendment 3');
  await command('alerts', 'show', handled.id);
  await command('sinks', 'test');
  await command('alerts', 'list');
  await command('status');
  await command('coverage');
  await command('coverage', '--json');
  await command('status', '--json');
  for (const line of SQUID_LINES) await command('explain', '--source', 'squid', line);
  for (const line of SSH_LINES) await command('explain', '--source', 'sftp', line);
  await command(
    'replay',
    '--source',
    'squid',
    join(dir.path, 'access.log'),
    '--alerts',
    join(dir.path, 'replayed.ndjson'),
  );
  outputs.push(await run(['parse', '--format', 'squid'], { input: `${SQUID_LINES.at(-1)}\n` }));

  // The plants were seen, so that their absence means something.
  expect(alerts.map(({ rule }) => rule).sort()).toEqual([
    'format-mismatch',
    'format-mismatch',
    'location-undetermined',
    'phi-outside-territory',
    'phi-outside-territory',
    'phi-to-unregistered-endpoint',
    'phi-to-unregistered-endpoint',
    'vendor-access-from-outside',
  ]);

  const written = readdirSync(dir.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !['access.log', 'auth.log'].includes(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  expect(written.map((path) => path.slice(dir.path.length + 1))).toEqual(
    expect.arrayContaining(['alerts.ndjson', 'agent.log', 'replayed.ndjson', 'state/phi-egress.db']),
  );
  for (const path of written) expectClean(readFileSync(path, 'latin1'), path);
  for (const { stdout, stderr } of outputs) {
    expectClean(stdout, 'standard output');
    expectClean(stderr, 'standard error');
  }
});
