import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collect, eventually, run, scratch, start } from '../command.ts';
import { configure, deliveredTo, upload } from './installation.ts';

const PATIENCE_MS = 15_000;
/** Far more than it takes, far less than a service manager would wait. */
const STOP_WITHIN_MS = 5_000;

/** A daemon with its own log on standard error, killed at the end of the scope if it still runs. */
async function daemon(directory: string, changes: Readonly<Record<string, string>> = {}) {
  const config = await configure(directory, changes);
  const child = start(['run', '--config', config]);
  const output = collect(child);
  const closed = once(child, 'close').then(([code]) => code as number | null);
  const says = (words: string) =>
    eventually(
      async () => {
        if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output().stderr}`);
        return output().stderr.includes(words) ? true : undefined;
      },
      PATIENCE_MS,
      `"${words}" on stderr, found ${output().stderr}`,
    );
  await says('ends with Ctrl-C or SIGTERM');
  return {
    child,
    config,
    output,
    says,
    /** @returns the exit code. */
    async stop(): Promise<number | null> {
      child.kill('SIGTERM');
      const code = eventually(async () => (child.exitCode === null ? undefined : true), STOP_WITHIN_MS, 'its end');
      await code;
      return closed;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await closed;
    },
  };
}

function alertThat(directory: string, matches: (alert: ReturnType<typeof deliveredTo>[number]) => boolean) {
  return eventually(async () => deliveredTo(directory).find(matches), PATIENCE_MS, 'the alert');
}

test('a log that does not exist yet is waited for, and SIGTERM ends the daemon in order', async () => {
  await using dir = await scratch();
  await using agent = await daemon(dir.path);
  const awaited = readFileSync(join(dir.path, 'agent.log'), 'utf8');
  expect(awaited).toContain(`"path":"${dir.path}/access.log","msg":"waiting for a log"`);

  await writeFile(join(dir.path, 'access.log'), upload({ second: 0 }));
  const alert = await alertThat(dir.path, () => true);
  expect(alert).toMatchObject({ rule: 'phi-outside-territory', vendor: { id: 'abroad' }, count: 1 });

  expect(await agent.stop()).toBe(0);
  expect(agent.output().stdout).toMatch(/^HIGH {2}PHI left the permitted territory\n/);
  expect(agent.output().stderr).toMatch(/\n1 line read in all, 0 of them unreadable; 1 finding in 1 alert\n$/);
});

test('a second daemon on one state directory is refused', async () => {
  await using dir = await scratch();
  await using agent = await daemon(dir.path);
  expect(await run(['run', '--config', agent.config])).toEqual({
    code: 1,
    stdout: '',
    stderr: `phi-egress: ${dir.path}/state: Another phi-egress is running on this state directory; stop it first, or give this one a directory of its own in agent.state\n`,
  });
  expect(agent.child.exitCode).toBe(null);
});

test('SIGHUP brings a new configuration into force, and keeps the old one where the new one is wrong', async () => {
  await using dir = await scratch();
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload({ second: 0, host: 'new.example' }));
  await using agent = await daemon(dir.path);
  await alertThat(dir.path, ({ rule }) => rule === 'phi-to-unregistered-endpoint');

  const vendors = '[{ id: new, name: New Coders, carries: phi, endpoints: { domains: [new.example] } }]';
  await configure(dir.path, { vendors });
  agent.child.kill('SIGHUP');
  await agent.says(`phi-egress: reloaded ${agent.config}\n`);
  await appendFile(log, upload({ second: 1, host: 'new.example' }));
  await alertThat(dir.path, ({ vendor, count }) => vendor?.id === 'new' && count === 1);

  await configure(dir.path, { vendors: '[{ id: new, nmae: New Coders, endpoints: { domains: [other.example] } }]' });
  agent.child.kill('SIGHUP');
  await agent.says('phi-egress: the new configuration is refused; the old one stays in force\n');
  expect(agent.output().stderr).toMatch(/phi-egress\.yaml:3:\d+ vendors\.0\.nmae: Unknown key "nmae"; write "name"\n/);
  await appendFile(log, upload({ second: 2, host: 'new.example' }));
  await alertThat(dir.path, ({ vendor, count }) => vendor?.id === 'new' && count === 2);
  expect(await agent.stop()).toBe(0);
});

test('a configuration that can be read and not be run with is taken back', async () => {
  await using dir = await scratch();
  await using agent = await daemon(dir.path);
  await writeFile(join(dir.path, 'a-file'), '');
  await configure(dir.path, {
    agent: '{ name: gw1, state: a-file, log: { level: info, file: agent.log }, http: null }',
  });
  agent.child.kill('SIGHUP');
  await agent.says('phi-egress: the new configuration is refused; the old one stays in force\n');
  expect(agent.output().stderr).toContain(`phi-egress: ${dir.path}/a-file: Cannot open the state (EEXIST)`);

  await writeFile(join(dir.path, 'access.log'), upload({ second: 0 }));
  await alertThat(dir.path, ({ rule }) => rule === 'phi-outside-territory');
  expect(await agent.stop()).toBe(0);
});

test('when nobody reads its output any more, the other sink still gets its alerts', async () => {
  await using dir = await scratch();
  await using agent = await daemon(dir.path);
  agent.child.stdout.destroy();
  agent.child.stderr.destroy();
  await writeFile(join(dir.path, 'access.log'), upload({ second: 0 }));
  await alertThat(dir.path, ({ rule }) => rule === 'phi-outside-territory');
  await appendFile(join(dir.path, 'access.log'), upload({ second: 1 }));
  await alertThat(dir.path, ({ count }) => count === 2);
  expect(await agent.stop()).toBe(0);
  const { stdout } = await run(['status', '--config', agent.config, '--json']);
  const [file, people] = JSON.parse(stdout).sinks;
  expect(file).toMatchObject({ sink: 'file', waiting: 0, refused: 0, dropped: 0 });
  expect(people).toMatchObject({ sink: 'people', waiting: 0, delivered: 0, dropped: 0 });
  // That it was refused is an alert too, and is not read either.
  expect(people.refused).toBeGreaterThanOrEqual(2);
  expect(deliveredTo(dir.path).map(({ rule }) => rule)).toContain('alerts-refused');
});
