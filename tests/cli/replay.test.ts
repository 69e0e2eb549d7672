import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { collect, eventually, run, scratch, start } from '../command.ts';
import { configure, upload } from './installation.ts';

const LOG = [
  upload({ second: 0 }),
  upload({ second: 60 }),
  upload({ second: 7_200, host: 'unsure.example', ip: '144.25.119.25' }),
  'rubbish\n',
].join('');

test('a packed log gives the same alerts as the plain one, and no state is made', async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  const plain = join(dir.path, 'access.log.1');
  const packed = join(dir.path, 'access.log.2.gz');
  await writeFile(plain, LOG);
  await writeFile(packed, gzipSync(LOG));
  const replay = (file: string) => run(['replay', '--config', config, '--alerts', `${file}.ndjson`, file]);

  const fromPlain = await replay(plain);
  expect(fromPlain).toMatchObject({ code: 0, stderr: '' });
  expect(fromPlain.stdout).toBe(
    `4 lines of 1 file: parsed 3, skipped 0, failed 1
3 findings in 2 alerts

severity  rule                   vendor or host        where     findings      bytes  first (UTC)       last (UTC)
high      phi-outside-territory  Coders Abroad         IN               2  1,025,288  2026-11-23 14:00  2026-11-23 14:01
medium    location-undetermined  Unsure Transcription  disputed         1    512,644  2026-11-23 16:00  2026-11-23 16:00
`,
  );
  expect(await replay(packed)).toEqual(fromPlain);
  const alerts = readFileSync(`${plain}.ndjson`, 'utf8');
  expect(alerts.trimEnd().split('\n')).toHaveLength(2);
  expect(idsIn(readFileSync(`${packed}.ndjson`, 'utf8'))).toEqual(idsIn(alerts));
  expect(await readdir(dir.path)).not.toContain('state');
});

test('--json is one object with the alerts in the native form, the oldest first', async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  await writeFile(join(dir.path, 'access.log'), LOG);
  const { code, stdout } = await run(['replay', '--config', config, '--json', join(dir.path, 'access.log')]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    sources: [{ source: 'squid', lines: 4, parsed: 3, skipped: 0, unreadable: 1, cut: 0 }],
    findings: 3,
    alerts: [
      { rule: 'phi-outside-territory', state: 'updated', count: 2, bytes: 1_025_288 },
      { rule: 'location-undetermined', state: 'open', count: 1 },
    ],
  });
});

test('nothing found is said', async () => {
  await using dir = await scratch();
  await writeFile(join(dir.path, 'access.log'), '');
  const config = await configure(dir.path);
  expect(await run(['replay', '--config', config, join(dir.path, 'access.log')])).toEqual({
    code: 0,
    stdout: '0 lines of 1 file: parsed 0, skipped 0, failed 0\nno findings\n',
    stderr: '',
  });
});

test('of a directory, the logs are taken by what they hold, in the order of their first records', async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  const logs = join(dir.path, 'logs');
  await mkdir(join(logs, 'below'), { recursive: true });
  await writeFile(join(logs, 'access.log'), upload({ second: 7_200 }));
  await writeFile(join(logs, 'access.log.1.gz'), gzipSync(LOG));
  await writeFile(join(logs, 'cache.log'), '2026/11/23 14:00:00 kid1| Starting Squid Cache\n');
  await writeFile(join(logs, '.hidden'), LOG);
  await writeFile(join(logs, 'below', 'access.log.9'), LOG);
  const { code, stdout, stderr } = await run(['replay', '--config', config, '--source', 'squid', '--json', logs]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'left out, without a record of the format: cache.log\n' });
  expect(JSON.parse(stdout)).toMatchObject({ sources: [{ source: 'squid', lines: 5, parsed: 4 }] });
});

test('a replay that is stopped says how to go on, and goes on with its files and options', {
  timeout: 120_000,
}, async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  const log = join(dir.path, 'access.log');
  const lines = Array.from({ length: 2_000 }, (_, second) => upload({ second, host: `site-${second % 50}.example` }));
  await writeFile(log, lines.join(''));
  const child = start(['replay', '--config', config, '--source', 'squid', '--alerts', join(dir.path, 'a.ndjson'), log]);
  const output = collect(child);
  const closed = once(child, 'close');
  const scratchOf = () => readdirSync(tmpdir()).filter((name) => name.startsWith('phi-egress-replay-'));
  const before = new Set(scratchOf());
  await eventually(async () => scratchOf().find((name) => !before.has(name)), 60_000, 'the replay to begin');
  child.kill('SIGINT');
  expect((await closed)[0]).toBe(1);
  const [, directory = ''] = /^stopped; to go on: phi-egress replay --resume (\S+)\n$/m.exec(output().stderr) ?? [];
  expect(directory).not.toBe('');
  const ended = await run(['replay', '--resume', directory]);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(/^2,000 lines of 1 file: parsed 2,000, skipped 0, failed 0\n/);
  expect(readFileSync(join(dir.path, 'a.ndjson'), 'utf8')).not.toBe('');
  expect(existsSync(directory)).toBe(false);
});

test('what cannot be replayed is refused before the work begins', async () => {
  await using dir = await scratch();
  const config = await configure(dir.path);
  const log = join(dir.path, 'access.log');
  await writeFile(log, LOG);
  await writeFile(`${log}.3.gz`, gzipSync(LOG).subarray(0, 40));
  await writeFile(join(dir.path, 'mystery'), LOG);
  const words = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(['replay', '--config', config, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr.replaceAll(`${dir.path}/`, '');
  };
  expect(await words(join(dir.path, 'mystery'))).toBe(
    'phi-egress: Cannot tell which source "mystery" belongs to; name one with --source: squid, sftp\n',
  );
  expect(await words('--alerts', join(dir.path, 'nowhere/a.ndjson'), log)).toBe(
    'phi-egress: Cannot write the alerts to "nowhere/a.ndjson" (ENOENT); name a file in a directory that is there and can be written to\n',
  );
  expect(await words(`${log}.3.gz`)).toBe(
    'phi-egress: access.log.3.gz: The gzip data is cut short; restore the archive from another copy\n',
  );
});

function idsIn(ndjson: string): readonly string[] {
  return ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
}
