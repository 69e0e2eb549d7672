import { expect, test } from 'vitest';
import { run } from '../command.ts';

test('locate --json answers every address of standard input on a line, with what each database said', async () => {
  const { code, stdout, stderr } = await run(['locate', '--json'], {
    input: '13.232.114.36\n\n 10.1.2.3 \n144.25.119.25\n',
  });
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(answers).toMatchObject([
    {
      address: '13.232.114.36',
      standing: 'likely',
      country: 'IN',
      evidence: [
        { source: 'dbip-country.mmdb', network: '13.232.0.0/14', said: 'IN' },
        { source: 'geo-whois-asn-country.mmdb', network: '13.232.0.0/14', said: 'IN' },
      ],
    },
    { address: '10.1.2.3', standing: 'internal', evidence: [{ said: 'private use (RFC 1918)' }] },
    { address: '144.25.119.25', standing: 'disputed', countries: ['IN', 'US'] },
  ]);
});

test('what is no address is told and passed over on standard input, and refused as an argument', async () => {
  const todo = 'write an address such as 192.0.2.1 or 2001:db8::1; look a name up first';
  const stderr = `phi-egress: "vendor.example" is no IP address; ${todo}\n`;
  const input = await run(['locate', '--json'], { input: 'vendor.example\n10.1.2.3\n' });
  expect(input).toMatchObject({ code: 1, stderr });
  expect(JSON.parse(input.stdout)).toMatchObject({ address: '10.1.2.3' });
  expect(await run(['locate', '10.1.2.3', 'vendor.example'])).toEqual({ code: 2, stdout: '', stderr });
});

test('a person is shown the place, how sure it is, and a line for each source', async () => {
  const { stdout } = await run(['locate', '144.25.119.25']);
  expect(stdout).toMatch(
    /^144\.25\.119\.25 {2}India \(IN\) or United States \(US\), disputed\n {2}IN {2}144\.25\.112\.0\/21 {2}dbip-country\.mmdb {11}built \d{4}-\d\d-\d\d, sha256 [0-9a-f]{12}\n {2}US {2}144\.25\.0\.0\/16 {4}geo-whois-asn-country\.mmdb {2}built /,
  );
});
