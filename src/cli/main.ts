#!/usr/bin/env -S node --max-semi-space-size=4 --max-old-space-size=512
// The flags (MiB) keep V8 from putting off its garbage collection: with them a busy daemon takes half the memory.
import { Command, CommanderError } from 'commander';
import { programVersion } from '../agent/version.ts';
import { describeProblem, OperatorError } from '../errors/problem.ts';
import { addAlerts } from './alerts.ts';
import { addExplain } from './explain.ts';
import { addFormats } from './formats.ts';
import type { Io } from './io.ts';
import { addLocate } from './locate.ts';
import { addParse } from './parse.ts';
import { addReplay } from './replay.ts';
import { addRun } from './run.ts';
import { addStatus } from './status.ts';
import { addValidate } from './validate.ts';

/** Files that the agent makes are its own: database, alerts, log. */
process.umask(0o077);

const io: Io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };

process.exitCode = await main(process.argv);

/** @returns the exit code: 0 done, 1 the command's own failure, 2 bad usage or bad configuration. */
async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('phi-egress')
    .description('watches gateway logs for patient data that leaves the United States')
    .version(programVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(phi-egress --help lists the commands)')
    .exitOverride();
  const add = [addRun, addReplay, addParse, addExplain, addLocate, addValidate, addFormats, addAlerts, addStatus];
  for (const command of add) command(program, io);
  for (const command of program.commands) command.exitOverride();
  program.hook('preAction', (_, command) => {
    if (command.name() !== 'run') quitWhenNobodyReads();
  });
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof OperatorError) {
      for (const problem of error.problems) io.stderr.write(`phi-egress: ${describeProblem(problem)}\n`);
      return error.problems.some(({ code }) => code.startsWith('state.')) ? 1 : 2;
    }
    throw error;
  }
}

/** `phi-egress formats | head` is no failure. The daemon is left alone: it has other sinks than its output. */
function quitWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
