import { expect, test } from 'vitest';
import { run, scratch } from '../command.ts';
import { configure, upload } from './installation.ts';

const LOGIN = [
  '2026-11-23T14:00:00.000000+00:00 gw1 sshd[7]: Accepted password for abroad_sftp from 13.232.114.36 port 50000 ssh2',
  '2026-11-23T14:00:01.000000+00:00 gw1 internal-sftp[8]: session opened for local user abroad_sftp from [13.232.114.36]',
];
const CLOSE =
  '2026-11-23T14:00:03.000000+00:00 gw1 internal-sftp[8]: close "/outbound/MRN-00481377_DOE_JANE.pdf" bytes read 3118402 written 0';

async function explain(args: readonly string[], input = '') {
  await using dir = await scratch();
  return await run(['explain', '--config', await configure(dir.path), ...args], { input });
}

test('every step of an upload is shown: transfer, vendor, terms, both databases, weights and rules', async () => {
  const { code, stdout, stderr } = await explain([upload({ second: 0, ip: '13.232.114.36' })]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // Both databases are pinned by the lock file.
  const shown = stdout.replaceAll(/built \d{4}-\d\d-\d\d, sha256 [0-9a-f]{12}/g, 'built DATE, sha256 HASH');
  expect(shown).toContain(
    `TRANSFER    512,644 bytes (500.6 KiB), as a body over https, delivered
              from  xxx_xxx~`,
  );
  expect(shown).toContain(
    `              to    upload.abroad.example (13.232.114.36:443)
VENDOR      Coders Abroad (abroad), by domain upload.abroad.example
            declared to carry PHI and nothing else
TERMS       in force  us-and-territories for storage and access, 2024-03-01 to 2026-12-31, BAA-17
LOCATION    India (IN), likely
              IN  13.232.0.0/14  dbip-country.mmdb           built DATE, sha256 HASH
              IN  13.232.0.0/14  geo-whois-asn-country.mmdb  built DATE, sha256 HASH
RESIDENCY   outside  permitted: us-and-territories (BAA-17), that is US, PR, GU, VI, AS, MP, UM
PHI         certain, by content-indicator
              identifier  health  seen in       because
                    0.40    0.60  content-type  media type application/edi-x12
`,
  );
  expect(shown).toContain('\n                    0.70    0.90  file-name     X12 837 claim\n');
  expect(shown).toContain('\n                    0.50    0.90  sender        sent by ehr, a system that holds PHI\n');
  expect(shown).toContain('\n                    0.10       -  file-name     date in the file name\n');
  expect(
    shown,
  ).toContain(`RULES       high  phi-outside-territory         PHI is certain and the receiver is outside its
                                                territory
            no    phi-to-country-of-concern     the residency is outside, not concern
            no    vendor-access-from-outside    it is a transfer, not a login
            no    phi-to-unregistered-endpoint  the receiver is a registered vendor, abroad
            no    location-undetermined         the residency is outside, not undetermined

FINDING     HIGH  PHI left the permitted territory
            proved: delivered
WHY         Coders Abroad received 512,644 bytes`);
  expect(shown).toContain('\nNEXT        1.  ');
});

test('an indicator that stands on both axes has one row', async () => {
  const { stdout } = await explain([upload({ second: 0 })]);
  expect(stdout.match(/EDI file$/gm)).toHaveLength(1);
});

test('piped, no line of prose is longer than 100 characters', async () => {
  const { stdout } = await explain([upload({ second: 0, ip: '13.232.114.36' })]);
  expect(stdout.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
});

test('earlier lines of a session on standard input say who downloaded', async () => {
  const { code, stdout } = await explain(['--source', 'sftp'], `${[...LOGIN, CLOSE].join('\n')}\n`);
  expect(code).toBe(0);
  expect(stdout).toContain(`TRANSFER    3,118,402 bytes (3.0 MiB), as a file over sftp, delivered
              from  gw1
              to    abroad_sftp at 13.232.114.36:50000
VENDOR      Coders Abroad (abroad), by account abroad_sftp
`);
  expect(stdout).toContain('\nLOCATION    India (IN), likely\n');
});

test('without them the receiver is unknown, and how to give them is said', async () => {
  const { stdout } = await explain([CLOSE]);
  expect(stdout).toContain('              to    somebody whom the log does not name\n');
  expect(stdout).toContain('the line that opened this session is not in the log');
  expect(stdout).toContain('give the earlier lines of its session on standard input, and the address is known\n');
});

test('the only source that can read a line need not be named', async () => {
  const [login = ''] = LOGIN;
  const { stdout } = await explain([login]);
  expect(stdout).toMatch(/^RECORD {6}login, 2026-11-23 14:00:00\.000 UTC, source sftp\n/);
  expect(stdout).toContain(
    '\nACCESS      login over ssh with password\n              by  abroad_sftp at 13.232.114.36:50000\n',
  );
});

test('at the gate it ends, with the reason', async () => {
  const { stdout } = await explain([upload({ second: 0, ip: '52.14.10.20' })]);
  expect(stdout).toContain('\nLOCATION    United States (US), likely\n');
  expect(stdout).toContain('\nRESIDENCY   home  permitted: us-and-territories (BAA-17)');
  expect(stdout).toMatch(/\nRULES {7}not asked, because the receiver is [^\n]*in the United States\n$/);
});

test('patients, users and queries are masked, in lines that can be read and lines that cannot', async () => {
  const path = '/charts/DOE_JANE_SSN-078-05-1120.pdf?mrn=84736251';
  const { stdout } = await explain([upload({ second: 0, path }).replace('edi-x12', 'doe-jane')]);
  const unreadable = await explain(['--source', 'squid', 'DOE JANE 078-05-1120 84736251 svc_ehr']);
  expect(unreadable.code).toBe(0);
  expect(unreadable.stdout).toMatch(/^LINE {8}37 characters of source squid\nRECORD {6}unreadable: /);
  for (const planted of ['DOE', 'JANE', '078-05', '1120', '84736251', 'svc_ehr'])
    expect((stdout + unreadable.stdout).toUpperCase(), planted).not.toContain(planted.toUpperCase());
});

test.each([
  [['rubbish'], 'No source can read the line; name one with --source: squid, sftp'],
  [['--source', 'squit', 'x'], 'Cannot find source "squit"; write "squid"'],
  [[], 'No line was given; give it as an argument or on standard input'],
])('explain %j is bad usage', async (args, words) => {
  expect(await explain(args)).toEqual({ code: 2, stdout: '', stderr: `phi-egress: ${words}\n` });
});
