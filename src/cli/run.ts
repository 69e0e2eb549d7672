import type { Command } from 'commander';
import { Agent } from '../agent/agent.ts';
import { openLogger } from '../agent/logger.ts';
import { rehearse } from '../agent/rehearse.ts';
import { programVersion } from '../agent/version.ts';
import type { Settings } from '../config/settings.ts';
import { describeProblem, OperatorError } from '../errors/problem.ts';
import type { StatusCounts } from '../store/queries.ts';
import { readStatus } from '../store/read-only.ts';
import { configOption, load } from './configuration.ts';
import type { Io } from './io.ts';

interface Options {
  readonly config?: string;
  readonly untilIdle?: true;
}

export function addRun(program: Command, io: Io): void {
  program
    .command('run')
    .description('the daemon: follow the sources and tell the sinks')
    .addOption(configOption())
    .option('--until-idle', 'stop when every source is read to its end and every alert delivered')
    .action(async ({ config, untilIdle }: Options) => {
      let settings: Settings | undefined = await load(config);
      while (settings !== undefined) settings = await runUntilReload(settings, config, untilIdle ?? false, io);
    });
}

/**
 * Runs until a signal says stop, or until SIGHUP brings a configuration that can be loaded; one that cannot is refused
 * with the reason, and the run goes on with what it has.
 *
 * @returns the new configuration to run with, or `undefined` to stop.
 */
async function runUntilReload(
  settings: Settings,
  config: string | undefined,
  untilIdle: boolean,
  { stdout, stderr }: Io,
): Promise<Settings | undefined> {
  const logger = openLogger(settings.agent);
  const agent = await Agent.open(settings, { logger, output: stdout });
  stderr.write(greeting(settings, agent.status(), untilIdle));
  const stopping = new AbortController();
  let next: Settings | undefined;

  const stop = () => stopping.abort();
  const reload = () => {
    loadAndRehearse(config).then(
      (loaded) => {
        next = loaded;
        stopping.abort();
      },
      (error: unknown) => {
        if (!(error instanceof OperatorError)) throw error;
        logger.error('the new configuration is refused; the old one stays in force');
        for (const problem of error.problems) stderr.write(`phi-egress: ${describeProblem(problem)}\n`);
      },
    );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', reload);
  try {
    await agent.run({ untilIdle, signal: stopping.signal });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', reload);
  }
  if (next === undefined) stderr.write(farewell(readStatus(settings.agent.state)));
  return next;
}

/** What a person who starts it by hand wants to know: what is read, where alerts go, what is there from before. */
function greeting({ agent, sources, sinks }: Settings, { alerts }: StatusCounts, untilIdle: boolean): string {
  const before = alerts.open + alerts.updated + alerts.closed;
  const lines = [
    `phi-egress ${programVersion()} as ${agent.name}, state in ${agent.state}${before === 0 ? '' : ` with ${before} alerts from before`}`,
    ...sources.map(({ name, paths }) => `  follows ${name}: ${paths.join(', ')}`),
    ...sinks.map((sink) => `  alerts go to ${sink.name}: ${sink.type === 'file' ? sink.path : 'this terminal'}`),
    untilIdle ? '  ends when all is read and told' : '  ends with Ctrl-C or SIGTERM',
  ];
  return `${lines.join('\n')}\n\n`;
}

function farewell({ alerts, findings, sources }: StatusCounts): string {
  const sum = (of: 'lines' | 'unreadable') => sources.reduce((all, it) => all + it[of], 0).toLocaleString('en-US');
  const all = alerts.open + alerts.updated + alerts.closed;
  return `${sum('lines')} lines read in all, ${sum('unreadable')} of them unreadable; ${findings} findings in ${all} alerts\n`;
}

async function loadAndRehearse(config: string | undefined): Promise<Settings> {
  const settings = await load(config);
  await rehearse(settings);
  return settings;
}
