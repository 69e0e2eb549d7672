import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, scratch } from '../command.ts';

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

test('an edge is shown with whose it is, and a name and a connect time are taken into account', async () => {
  expect((await run(['locate', '104.16.1.1'])).stdout).toMatch(
    /^104\.16\.1\.1 {2}an edge \(content network of Cloudflare\), edge\n {2}content network of Cloudflare {2}104\.16\.0\.0\/13 {2}edge: cloudflare\.com\/ips\n/,
  );
  const named = await run(['locate', '--host', 'B.s3.us-east-1.amazonaws.com.', '13.232.1.9']);
  expect(named.stdout).toMatch(
    /^13\.232\.1\.9 {2}United States \(US\) or India \(IN\), disputed\n {2}US: us-east-1 +host-name: aws\n/,
  );
  expect(await run(['locate', '--connect-ms', 'soon', '13.232.1.9'])).toMatchObject({ code: 2, stdout: '' });
});

test('the range files of the configured directory decide, and the connect time refutes', async () => {
  await using dir = await scratch();
  const prefix = {
    ip_prefix: '52.94.0.0/16',
    region: 'ap-south-1',
    service: 'EC2',
    network_border_group: 'ap-south-1',
  };
  const ranges = { syncToken: '1764028997', createDate: '2025-11-25-00-03-17', prefixes: [prefix] };
  await writeFile(join(dir.path, 'ip-ranges.json'), JSON.stringify(ranges));
  await writeFile(
    join(dir.path, 'phi-egress.yaml'),
    'sources:\n  - { name: s, type: file, paths: [a.log], format: squid, inside: client }\nvendors: []\ngeo: { directory: ., gateway: { latitude: 39.96, longitude: -83 } }\n',
  );
  const config = join(dir.path, 'phi-egress.yaml');
  expect((await run(['locate', '--config', config, '52.94.1.1'])).stdout).toMatch(
    /^52\.94\.1\.1 {2}India \(IN\), certain \(by its cloud provider's ranges\)\n {2}IN: ap-south-1 +52\.94\.0\.0\/16 +cloud-range: ip-ranges\.json +built 2025-11-25, sha256 [0-9a-f]{12}\n/,
  );
  const { stdout } = await run(['locate', '--config', config, '--json', '--connect-ms', '12', '13.232.1.9']);
  expect(JSON.parse(stdout)).toMatchObject({ standing: 'unknown', decidedBy: 'round-trip' });
});

test('many addresses are answered in their order, however the input is cut', async () => {
  const asked = Array.from({ length: 30_000 }, (_, at) => (at % 3 === 0 ? '10.1.2.3' : `13.232.${at % 7}.9`));
  const { code, stdout } = await run(['locate', '--json'], { input: asked.join('\r\n') });
  const answered = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).address);
  expect(code).toBe(0);
  expect(answered).toEqual(asked);
});
