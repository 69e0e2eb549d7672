import type { Command } from 'commander';
import { type SinkTrial, trySink } from '../agent/try-sinks.ts';
import { programVersion } from '../agent/version.ts';
import { quote } from '../errors/field.ts';
import { nearest } from '../errors/nearest.ts';
import { OperatorError } from '../errors/problem.ts';
import type { SinkSettings } from '../sinks/settings.ts';
import { configOption, load } from './configuration.ts';
import { type Io, type Screen, screenOn, write } from './io.ts';
import { table } from './layout.ts';

interface Options {
  readonly config?: string;
  readonly json?: true;
}

export function addSinksTest(sinks: Command, io: Io): void {
  sinks
    .command('test')
    .description('Send a marked test alert through every sink, or one, and say what came back; exits 1 if one failed')
    .addOption(configOption())
    .option('--json', 'one JSON object a line')
    .argument('[name]', 'only this sink')
    .action(async (name: string | undefined, { config, json }: Options) => {
      await testSinks(name, config, json ?? false, io);
    });
}

async function testSinks(
  name: string | undefined,
  config: string | undefined,
  json: boolean,
  { stdout, stderr }: Io,
): Promise<void> {
  const { settings } = await load(config);
  const chosen = name === undefined ? settings.sinks : [sinkNamed(name, settings.sinks)];
  if (chosen.length === 0) stderr.write('no sinks are configured\n');
  // What a sink for people writes is not what this command answers.
  const surroundings = { output: stderr, version: programVersion() };
  const trials = await Promise.all(chosen.map((sink) => trySink(sink, settings.agent, surroundings)));
  if (json) for (const trial of trials) await write(stdout, `${JSON.stringify(trial)}\n`);
  else await write(stdout, trialsText(trials, chosen, screenOn(stdout)));
  if (trials.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
}

function sinkNamed(name: string, sinks: readonly SinkSettings[]): SinkSettings {
  const found = sinks.find((it) => it.name === name);
  if (found !== undefined) return found;
  const meant = nearest(
    name,
    sinks.map((it) => it.name),
  );
  const todo = meant === undefined ? 'see sinks in the configuration' : `write ${quote(meant)}`;
  throw new OperatorError([{ code: 'cli.bad-argument', what: `Cannot find sink ${quote(name)}`, todo }]);
}

/** Over UDP nothing comes back. */
function deliveryInWords(sink: SinkSettings | undefined): string {
  return sink?.type === 'syslog' && sink.protocol === 'udp' ? 'sent; udp does not tell what arrived' : 'delivered';
}

function trialsText(trials: readonly SinkTrial[], sinks: readonly SinkSettings[], screen: Screen): string {
  const { paint, listWidth: width } = screen;
  const rows = trials.map((trial, at) => [
    trial.sink,
    sinks[at]?.type ?? '-',
    `${trial.ms} ms`,
    trial.outcome === 'delivered'
      ? { text: deliveryInWords(sinks[at]), paint: paint.good }
      : { text: `failed: ${trial.because}`, paint: paint.bad },
  ]);
  return rows.length === 0 ? '' : table([['sink', 'type', 'took', 'outcome'], ...rows], { width });
}
