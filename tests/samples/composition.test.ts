import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT, sampleText } from './sample-files.ts';

function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'phi-egress-samples-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('the composer writes the samples of the repository again, byte for byte', () => {
  const directory = scratchDirectory();
  execFileSync(process.execPath, [join(ROOT, 'scripts/compose-samples.mjs'), directory], { stdio: 'pipe' });
  for (const file of ['squid-access.log', 'sftp-auth.log', 'truth.json']) {
    expect(readFileSync(join(directory, file), 'utf8') === sampleText(file), file).toBe(true);
  }
});

test('the benchmark log has as many lines as asked for, in the native format, and is the same every time', () => {
  const directory = scratchDirectory();
  const texts = ['a.log', 'b.log'].map((name) => {
    const file = join(directory, name);
    execFileSync(process.execPath, [join(ROOT, 'bench/generate-squid-log.mjs'), '20000', file]);
    return readFileSync(file, 'utf8');
  });
  expect(texts[0] === texts[1]).toBe(true);

  const lines = (texts[0] ?? '').trimEnd().split('\n');
  expect(lines).toHaveLength(20_000);
  const native =
    /^\d{10}\.\d{3} {1,6}\d{1,6} 10\.20\.\d{1,3}\.\d{1,3} [A-Z_]+\/\d{3} \d+ (?:CONNECT|GET|POST|PUT) \S+ \S+ (?:HIER_DIRECT\/[\d.]+|HIER_NONE\/-) \S+$/;
  expect(lines.filter((line) => !native.test(line))).toEqual([]);
  const toVendor = lines.filter((line) => line.includes('.summitridge-coding.example')).length;
  expect(toVendor).toBeGreaterThan(5);
  expect(toVendor).toBeLessThan(60);
});
