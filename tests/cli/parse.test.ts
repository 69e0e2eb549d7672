import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, run } from '../command.ts';

const NATIVE = join(ROOT, 'tests/fixtures/squid/native.log');
const LINE =
  '1795442400.003     10 10.1.2.3 TCP_MISS/201 312 PUT http://up.example/a.837 - HIER_DIRECT/192.0.2.9 text/html\n';

test('a log becomes JSON, one record a line, and the counts are the last line on stderr', async () => {
  const { code, stdout, stderr } = await run(['parse', '--format', 'squid', NATIVE]);
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(stderr).toBe(`parsed ${records.length}, skipped 0, failed 0\n`);
  expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['http']));
});

test('standard input is read where no file is named', async () => {
  const { code, stdout, stderr } = await run(['parse', '--format', 'squid'], { input: LINE });
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'parsed 1, skipped 0, failed 0\n' });
  expect(JSON.parse(stdout)).toEqual({
    kind: 'http',
    time: '2026-11-23T14:00:00.003Z',
    client: { ip: '10.1.2.3' },
    server: { ip: '192.0.2.9', port: 80, host: 'up.example' },
    bytesToClient: 312,
    durationMs: 10,
    method: 'PUT',
    url: 'http://up.example/a.837',
    status: 201,
    contentType: 'text/html',
    outcome: 'success',
    proxyResult: 'TCP_MISS',
    reached: 'server',
  });
});

test('a line that cannot be read is named by its number and not quoted, and fails the command only when it is strict', async () => {
  const input = `${LINE}Jane Doe 078-05-1120\n${LINE}`;
  const lax = await run(['parse', '--format', 'squid', '-'], { input });
  expect(lax.code).toBe(0);
  expect(lax.stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(lax.stderr).toMatch(/^line 2: [^\n]+\nparsed 2, skipped 0, failed 1\n$/);
  expect(lax.stderr).not.toContain('Jane');
  const strict = await run(['parse', '--format', 'squid', '--strict'], { input });
  expect(strict).toEqual({ ...lax, code: 1 });
});

test('a logformat string of the operator’s own reads what the name reads', async () => {
  const logformat = '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt';
  const named = await run(['parse', '--format', 'squid', NATIVE]);
  expect(await run(['parse', '--logformat', logformat, NATIVE])).toEqual(named);
});

test.each([
  [join(ROOT, 'tests/fixtures'), 'EISDIR', 'name a file, not a directory'],
  ['/nonexistent.log', 'ENOENT', 'check the path'],
])('%s cannot be read, and what to do is said', async (path, code, todo) => {
  expect(await run(['parse', '--format', 'openssh', path])).toEqual({
    code: 2,
    stdout: '',
    stderr: `phi-egress: ${path}: Cannot read the log (${code}); ${todo}\n`,
  });
});
