import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Finished, run, scratch } from '../command.ts';

/** What must never come out again, in any spelling. None belongs to anybody. */
const CANARIES = {
  ssn: '078-05-1120',
  ssnBare: '219099999',
  mbi: '1EG4-TE5-MK73',
  mbiBare: '1EG4TE5MK73',
  mrn: '84736251',
  family: 'Quillfeather',
  given: 'Thessaly',
  born: '19480229',
};

const { ssn, ssnBare, mbi, mbiBare, mrn, family, given, born } = CANARIES;

const SQUID_LINES = [
  // Query strings, of a GET and of an upload.
  `1795442400.001     10 10.1.2.3 TCP_MISS/200 312 GET http://upload.abroad.example/fhir/R4/Patient?identifier=${mrn}&family=${family}&ssn=${ssn} - HIER_DIRECT/192.0.2.9 application/fhir+json`,
  `1795442400.002     10 10.1.2.3 TCP_MISS/201 312 POST http://upload.abroad.example/in?mbi=${mbi}&given=${given}#${family} - HIER_DIRECT/192.0.2.9 -`,
  // Paths: as names, as identifiers, percent-encoded, in capitals.
  `1795442400.003     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/charts/${family.toUpperCase()}_${given}_${born}_MRN${mrn}.pdf - HIER_DIRECT/192.0.2.9 -`,
  `1795442400.004     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/charts/${family}%2C%20${given}/${ssn}.hl7 - HIER_DIRECT/192.0.2.9 -`,
  `1795442400.005     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/charts/%51uillfeather/${mbiBare}/${ssnBare} - HIER_DIRECT/192.0.2.9 -`,
  // The user, and a host name.
  `1795442400.006     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/a.837 ${given}.${family} HIER_DIRECT/192.0.2.9 -`,
  `1795442400.007     10 10.1.2.3 TCP_MISS/201 312 POST http://mrn${mrn}.unknown.example/fhir/R4/Patient/${mrn} - HIER_DIRECT/192.0.2.10 application/fhir+json`,
  // A line that cannot be read.
  `${family} ${given} ${ssn} ${mbi} MRN ${mrn} [[[`,
];

const SSH_LINES = [
  `2026-11-23T14:00:00.000000+00:00 gw1 sshd[1]: Accepted password for abroad_sftp from 192.0.2.77 port 50000 ssh2`,
  `2026-11-23T14:00:01.000000+00:00 gw1 internal-sftp[2]: session opened for local user abroad_sftp from [192.0.2.77]`,
  `2026-11-23T14:00:02.000000+00:00 gw1 internal-sftp[2]: open "/outbound/${family}, ${given} ${born}.pdf" flags READ mode 0666`,
  `2026-11-23T14:00:03.000000+00:00 gw1 internal-sftp[2]: close "/outbound/${family}, ${given} ${born}.pdf" bytes read 66893 written 0`,
  `2026-11-23T14:00:04.000000+00:00 gw1 internal-sftp[3]: session opened for local user ${given}.${family} from [192.0.2.78]`,
  `2026-11-23T14:00:05.000000+00:00 gw1 internal-sftp[3]: close "/outbound/837P_MRN-${mrn}_${ssn}.x12" bytes read 100 written 0`,
  // A session whose beginning is not in the log, and a message that is cut.
  `2026-11-23T14:00:06.000000+00:00 gw1 internal-sftp[4]: close "/outbound/${mbi}.pdf" bytes read 100 written 0`,
  `2026-11-23T14:00:07.000000+00:00 gw1 internal-sftp[4]: close "/outbound/${family} ${ssn}`,
];

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
  const reason = `chart of ${family}, MRN ${mrn}`;
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

function expectClean(text: string, where: string): void {
  const plain = decoded(text).toLowerCase();
  for (const [name, canary] of Object.entries(CANARIES))
    expect(plain.includes(canary.toLowerCase()), `${name} is in ${where}`).toBe(false);
}

function decoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
