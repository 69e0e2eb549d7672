import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, scratch } from '../command.ts';
import { freePort } from '../e2e/free-port.ts';
import { configure } from './installation.ts';

test('a marked alert goes through every sink, and what came back is printed, with exit code 1 if one failed', async () => {
  await using dir = await scratch();
  const port = await freePort('127.0.0.1');
  const config = await configure(dir.path, {
    sinks: `[{ name: people, type: terminal, min-severity: critical }, { name: file, type: file, path: alerts.ndjson }, { name: siem, type: syslog, protocol: tcp, address: "127.0.0.1:${port}" }]`,
  });
  const all = await run(['sinks', 'test', '--config', config]);
  expect(all.code).toBe(1);
  expect(all.stdout.replaceAll(/\d+ ms/g, 'N ms').replaceAll(/ {2,}/g, '  ')).toBe(
    [
      'sink  type  took  outcome',
      'people  terminal  N ms  delivered',
      'file  file  N ms  delivered',
      `siem  syslog  N ms  failed: cannot send to 127.0.0.1:${port} (ECONNREFUSED)`,
      '',
    ].join('\n'),
  );
  expect(all.stderr).toMatch(/^INFO {2}TEST: phi-egress can reach this destination\n/);
  const sent = (await readFile(join(dir.path, 'alerts.ndjson'), 'utf8')).trim().split('\n');
  expect(sent.map((line) => JSON.parse(line))).toMatchObject([{ kind: 'test', rule: 'sink-test', gateway: 'gw1' }]);

  const one = await run(['sinks', 'test', '--config', config, '--json', 'file']);
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(one.stdout)).toMatchObject({ sink: 'file', outcome: 'delivered' });

  expect(await run(['sinks', 'test', '--config', config, 'fiel'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'phi-egress: Cannot find sink "fiel"; write "file"\n',
  });
});
