import { spawn } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../command.ts';
import { runProgram, serve } from './child.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

/** A systemd-journald of the test's own, beside that of the machine, if it has one. */
export interface Journald {
  /** Where its files are. */
  readonly directory: string;
  /** Logs messages as a program would by syslog(3). They are in the journal when this resolves. */
  readonly log: (program: string, messages: readonly string[]) => Promise<void>;
  /** Begins a new file. */
  readonly rotate: () => Promise<void>;
  /** Deletes every file but the newest. */
  readonly vacuum: () => Promise<void>;
}

const PATIENCE_MS = 10_000;

/** Starts a journal namespace, systemd-journald.service(8). Needs root. */
export async function startJournald(undo: Undo): Promise<Journald> {
  const namespace = `phi${process.pid}x${Math.floor(Math.random() * 1e6)}`;
  const machine = (await readFile('/etc/machine-id', 'utf8')).trim();
  const places = ['/var/log/journal', '/run/log/journal'].map((it) => join(it, `${machine}.${namespace}`));
  const runtime = `/run/systemd/journal.${namespace}`;
  undo.add(async () => {
    for (const it of [...places, runtime]) await rm(it, { recursive: true, force: true });
  });
  const server = serve(spawn(programPath('systemd-journald'), [namespace]), undo);
  const directory = await eventually(
    async () => {
      if (server.hasExited()) throw new Error(`systemd-journald ended at its start:\n${server.output()}`);
      for (const place of places)
        if ((await filesIn(place)).length > 0 && (await exists(join(runtime, 'dev-log')))) return place;
      return undefined;
    },
    PATIENCE_MS,
    'a journal',
  );
  const journalctl = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram(programPath('journalctl'), [...args]);
    if (code !== 0) throw new Error(`journalctl ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  const log = async (program: string, messages: readonly string[]) => {
    const args = ['--socket', join(runtime, 'dev-log'), '--tag', program, '--size', '60000', '--priority', 'auth.info'];
    const ended = await runProgram(programPath('logger'), args, messages.map((it) => `${it}\n`).join(''));
    if (ended.code !== 0) throw new Error(`logger ended with ${ended.code}: ${ended.stderr}`);
    await journalctl(`--namespace=${namespace}`, '--sync');
  };
  return {
    directory,
    log,
    rotate: async () => {
      await journalctl(`--namespace=${namespace}`, '--rotate');
    },
    vacuum: async () => {
      await journalctl(`--directory=${directory}`, '--vacuum-files=1');
    },
  };
}

async function filesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
