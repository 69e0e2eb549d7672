import type { Command } from 'commander';
import { Agent } from '../agent/agent.ts';
import { type Logger, openLogger } from '../agent/logger.ts';
import { rehearse } from '../agent/rehearse.ts';
import { programVersion } from '../agent/version.ts';
import type { Configuration } from '../config/parse.ts';
import type { Settings } from '../config/settings.ts';
import type { SinkSettings } from '../sinks/settings.ts';
import { describeSource } from '../sources/describe.ts';
import type { StatusCounts } from '../store/queries.ts';
import { readStatus } from '../store/read-only.ts';
import { configOption, load, placing } from './configuration.ts';
import { describeFailure } from './failure.ts';
import { count, counted, type Io } from './io.ts';

interface Options {
  readonly config?: string;
  readonly untilIdle?: true;
}

export function addRun(program: Command, io: Io): void {
  program
    .command('run')
    .description('Run the daemon: follow the sources and tell the sinks')
    .addOption(configOption())
    .option('--until-idle', 'stop when every source is read to its end and every alert delivered')
    .addHelpText('after', SIGNALS)
    .action(async ({ config, untilIdle }: Options) => {
      await runUntilStopped(config, untilIdle ?? false, io);
    });
}

const SIGNALS = `
Signals:
  SIGTERM, SIGINT  stop in order
  SIGHUP           read the configuration again; one that is wrong is refused, and the old one stays in force
`;

/** One life of the daemon, from one configuration to the next. */
interface Running {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly agent: Agent;
}

/** Signals are listened to all the time: one that comes between two configurations must not end the process. */
async function runUntilStopped(config: string | undefined, untilIdle: boolean, io: Io): Promise<void> {
  const stopping = new AbortController();
  let reloading = new AbortController();
  let next: Configuration | undefined;
  let running: Running | undefined;

  const stop = () => stopping.abort();
  const reload = async () => {
    try {
      next = await loadAndRehearse(config);
      reloading.abort();
    } catch (error) {
      refuse(error, running?.logger, io);
    }
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', reload);
  try {
    running = await start(await load(config), io);
    io.stderr.write(greeting(running, untilIdle));
    for (;;) {
      await running.agent.run({ untilIdle, signal: AbortSignal.any([stopping.signal, reloading.signal]) });
      if (next === undefined || stopping.signal.aborted) break;
      const loaded = next;
      next = undefined;
      reloading = new AbortController();
      running = await restart(loaded, running, io);
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', reload);
  }
  io.stderr.write(farewell(readStatus(running.configuration.settings.agent.state)));
}

async function start(configuration: Configuration, { stdout }: Io): Promise<Running> {
  return placing(configuration, async () => {
    const logger = openLogger(configuration.settings.agent);
    return { configuration, logger, agent: await Agent.open(configuration.settings, { logger, output: stdout }) };
  });
}

/** What cannot be rehearsed, as whether the new state is in use, shows here; then it goes on as before. */
async function restart(configuration: Configuration, before: Running, io: Io): Promise<Running> {
  try {
    const running = await start(configuration, io);
    io.stderr.write(`phi-egress: reloaded ${configuration.settings.file}\n`);
    return running;
  } catch (error) {
    refuse(error, before.logger, io);
    return start(before.configuration, io);
  }
}

async function loadAndRehearse(config: string | undefined): Promise<Configuration> {
  const configuration = await load(config);
  await placing(configuration, () => rehearse(configuration.settings));
  return configuration;
}

function refuse(error: unknown, logger: Logger | undefined, { stderr }: Io): void {
  const because = describeFailure(error);
  logger?.error({ because }, 'the new configuration is refused; the old one stays in force');
  for (const line of because) stderr.write(`phi-egress: ${line}\n`);
  stderr.write('phi-egress: the new configuration is refused; the old one stays in force\n');
}

/** What a person who starts it by hand wants to know: what is read, where alerts go, what is there from before. */
function greeting({ configuration, agent }: Running, untilIdle: boolean): string {
  const { sources, sinks, agent: own }: Settings = configuration.settings;
  const { open, updated, closed } = agent.status().alerts;
  const before = open + updated + closed;
  const lines = [
    `phi-egress ${programVersion()} as ${own.name}, state in ${own.state}${before === 0 ? '' : ` with ${counted(before, 'alert')} from before`}`,
    ...sources.map((source) => `  follows ${source.name}: ${describeSource(source)}`),
    ...sinks.map((sink) => `  alerts go to ${sink.name}: ${destinationOf(sink)}`),
    untilIdle ? '  ends when all is read and told' : '  ends with Ctrl-C or SIGTERM',
  ];
  return `${lines.join('\n')}\n\n`;
}

function destinationOf(sink: SinkSettings): string {
  switch (sink.type) {
    case 'file':
      return sink.path;
    case 'syslog':
      return `${sink.host}:${sink.port} by syslog over ${sink.protocol}`;
    case 'terminal':
      return 'standard output';
    case 'nats':
    case 'smtp':
      return `${sink.host}:${sink.port}, ${sink.type}`;
    default:
      return `${typeof sink.url === 'string' ? `${new URL(sink.url).host}, ` : ''}${sink.type}`;
  }
}

function farewell({ alerts, findings, sources }: StatusCounts): string {
  const sum = (of: 'lines' | 'unreadable') => sources.reduce((all, it) => all + it[of], 0);
  const all = alerts.open + alerts.updated + alerts.closed;
  return `${counted(sum('lines'), 'line')} read in all, ${count(sum('unreadable'))} of them unreadable; ${counted(findings, 'finding')} in ${counted(all, 'alert')}\n`;
}
