import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { meant, ROOT, sampleLines, sampleText } from './sample-files.ts';

interface VendorEntry {
  readonly id: string;
  readonly endpoints: { readonly accounts?: readonly string[]; readonly keys?: readonly string[] };
}

const quickstart = parse(readFileSync(`${ROOT}/config/quickstart.yaml`, 'utf8'));
const directory = `${ROOT}/config/quickstart-vendors.d`;
const vendors: readonly VendorEntry[] = readdirSync(directory).flatMap((file) =>
  parse(readFileSync(`${directory}/${file}`, 'utf8')),
);

test('the quick start reads the samples with the logformat that samples/README.md gives', () => {
  const [squid, sftp] = quickstart.sources;
  expect([squid.name, ...squid.paths]).toEqual(['squid', '../samples/squid-access.log']);
  expect([sftp.name, ...sftp.paths]).toEqual(['sftp', '../samples/sftp-auth.log']);
  expect(sampleText('README.md')).toContain(`logformat egress ${squid.format.squid}\n`);
});

test('every vendor of the truth is in the register, and nobody else', () => {
  const inTruth = new Set(meant().flatMap(({ vendor }) => (vendor === null ? [] : [vendor])));
  expect(vendors.map(({ id }) => id).sort()).toEqual([...inTruth].sort());
});

test("the vendors' keys are the ones that the log accepts for their accounts", () => {
  const log = sampleLines('sftp-auth.log').join('\n');
  for (const { endpoints } of vendors) {
    for (const account of endpoints.accounts ?? []) {
      const keys = new Set(
        [...log.matchAll(new RegExp(`Accepted publickey for ${account} from .* ED25519 (\\S+)`, 'g'))].map(
          ([, key]) => key,
        ),
      );
      expect([...keys]).toEqual(endpoints.keys);
    }
  }
});
