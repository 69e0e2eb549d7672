import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, scratch } from '../command.ts';
import { configure } from './installation.ts';

/** What `run` says of a configuration, with the directory left out. */
async function refusal(changes: Readonly<Record<string, string>>, ...more: string[]) {
  await using dir = await scratch();
  await mkdir(join(dir.path, 'a-directory'));
  const config = await configure(dir.path, changes);
  const { code, stdout, stderr } = await run(['run', '--config', config, '--until-idle', ...more]);
  return { code, stdout, stderr: stderr.replaceAll(`${dir.path}/`, '') };
}

test('an unknown key is refused with its line, its name and the one that was meant', async () => {
  expect(await refusal({ alerts: '{ gruop: 1h }' })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'phi-egress: phi-egress.yaml:7:11 alerts.gruop: Unknown key "gruop"; write "group"\n',
  });
});

test('a vendor without endpoints is refused', async () => {
  const { code, stderr } = await refusal({ vendors: '[{ id: acme, name: Acme, carries: phi, endpoints: {} }]' });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^phi-egress: phi-egress\.yaml:3:\d+ vendors\.0\.endpoints: [^\n]+; [^\n]+\n$/);
});

test('two sources with one name are refused, with the line of the other', async () => {
  const one = '{ name: squid, type: file, paths: [a.log], format: squid, inside: client }';
  const { code, stderr } = await refusal({ sources: `[${one}, ${one.replace('a.log', 'b.log')}]` });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^phi-egress: phi-egress\.yaml:2:\d+ sources\.1\.name: [^\n]*phi-egress\.yaml:2[^\n]*\n$/);
});

test('a log that cannot be read is refused with the line that names it', async () => {
  const source = '{ name: squid, type: file, paths: [access.log, a-directory], format: squid, inside: client }';
  expect(await refusal({ sources: `[${source}]` })).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'phi-egress: phi-egress.yaml:2:58 sources.0.paths.1: Cannot read the log "a-directory": it is a directory; write a-directory/*.log\n',
  });
});

test('a missing database is refused with the line of the key that could mend it', async () => {
  expect(await refusal({ geo: '{ directory: geoip, embedded: false }' })).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'phi-egress: phi-egress.yaml:5:36 geo.embedded: Cannot locate anything: geo.embedded is false and no *.mmdb in geoip tells a country; set geo.embedded to true, or put a Country or City database there; geoip/README.md lists them\n',
  });
});

test('an own log that cannot be written is refused with the line that names it', async () => {
  const { code, stderr } = await refusal({
    agent: '{ name: gw1, state: state, log: { level: info, file: nowhere/a.log } }',
  });
  expect(code).toBe(2);
  expect(stderr).toBe(
    'phi-egress: phi-egress.yaml:1:61 agent.log.file: Cannot write the agent\'s own log "nowhere/a.log" (ENOENT); name a file in a directory that is there and can be written to, or null for standard error\n',
  );
});

test('several mistakes are told at once', async () => {
  const { stderr } = await refusal({ alerts: '{ gruop: 1h }', rules: '{ phi-outside-teritory: { enabled: false } }' });
  expect(stderr.match(/^phi-egress: phi-egress\.yaml:/gm)).toHaveLength(2);
});

test('validate finds what run would find', async () => {
  await using dir = await scratch();
  await mkdir(join(dir.path, 'access.log'));
  const config = await configure(dir.path);
  const { code, stdout, stderr } = await run(['validate', '--config', config]);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(`${config}:2:46 sources.0.paths.0: Cannot read the log "${dir.path}/access.log"`);
});
