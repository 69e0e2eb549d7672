#!/usr/bin/env -S node --max-semi-space-size=4 --max-old-space-size=512
// The flags (MiB) keep V8 from putting off its garbage collection: with them a busy daemon takes half the memory.
import { Command, CommanderError } from 'commander';
import { programVersion } from '../agent/version.ts';
import { addAlerts } from './alerts.ts';
import { addCoverage } from './coverage.ts';
import { addDetect } from './detect.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { describeFailure, exitCodeOf, framesOf } from './failure.ts';
import { addFormats } from './formats.ts';
import { addGeo } from './geo.ts';
import type { Io } from './io.ts';
import { addLocate } from './locate.ts';
import { addParse } from './parse.ts';
import { addReplay } from './replay.ts';
import { addRun } from './run.ts';
import { addSinks } from './sinks.ts';
import { addStatus } from './status.ts';
import { addValidate } from './validate.ts';

const HELP = `
Begin with "validate", then "replay" the logs you have, then "run".

The configuration is the file that --config or PHI_EGRESS_CONFIG names, else
/etc/phi-egress/phi-egress.yaml. Data goes to stdout, words go to stderr.
NO_COLOR turns colours off. Exit codes: 0 done, 1 the command's own failure,
2 bad usage or bad configuration.
`;

/** Files that the agent makes are its own: database, alerts, log. */
process.umask(0o077);

const io: Io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };

// Nobody reads what is said there: that stops nothing.
process.stderr.on('error', () => {});
process.on('uncaughtException', (error) => process.exit(report(error)));

process.exitCode = await main(process.argv);

/** @returns the exit code: 0 done, 1 the command's own failure, 2 bad usage or bad configuration. */
async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('phi-egress')
    .description('Watches gateway logs for patient data that leaves the United States.')
    .version(programVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(see phi-egress --help)')
    .configureOutput({ outputError: (text, print) => print(text.replace(/^error: /, 'phi-egress: ')) })
    .exitOverride()
    .addHelpText('after', HELP);
  const add = [
    ...[addValidate, addDoctor, addReplay, addRun, addAlerts, addCoverage, addStatus, addSinks],
    ...[addExplain, addLocate, addGeo, addDetect, addParse, addFormats],
  ];
  for (const command of add) command(program, io);
  program.hook('preAction', (_, command) => {
    if (command.name() !== 'run') quitWhenNobodyReads();
  });
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return report(error);
  }
}

/** @returns the exit code. */
function report(error: unknown): number {
  for (const line of [...describeFailure(error).map((it) => `phi-egress: ${it}`), ...framesOf(error)])
    io.stderr.write(`${line}\n`);
  return exitCodeOf(error);
}

/** `phi-egress formats | head` is no failure. The daemon is left alone: it has other sinks than its output. */
function quitWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : report(error));
  });
}
