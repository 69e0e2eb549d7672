import type { Command } from 'commander';
import { updateGeo } from '../agent/geo-update.ts';
import { OperatorError } from '../errors/problem.ts';
import { configOption, load, placing } from './configuration.ts';
import { outcomesText } from './geo-update-text.ts';
import { type Io, screenOn, write } from './io.ts';

interface Options {
  readonly config?: string;
  readonly json?: true;
}

export function addGeo(program: Command, io: Io): void {
  const geo = program.command('geo').description('Keep what addresses are located by fresh, and see what that changes');
  geo
    .command('update')
    .description('Fetch databases and address ranges, and take up what was dropped; a bad download replaces nothing')
    .addOption(configOption())
    .option('--json', 'one JSON object a file')
    .addHelpText('after', AFTER_UPDATE)
    .action((options: Options) => updateOnce(options, io));
}

const AFTER_UPDATE = `
A running daemon with geo.update.schedule does this by itself. One without network is told
of the new files with SIGHUP. HTTPS_PROXY and NO_PROXY are obeyed. Fails with 1 if any
file could not be brought up to date.
`;

async function updateOnce({ config, json }: Options, { stdout, stderr }: Io): Promise<void> {
  const configuration = await load(config);
  const { update } = configuration.settings.geo;
  if (update === undefined) throw nothingToUpdate(configuration.settings.file);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const outcomes = await placing(configuration, () =>
      updateGeo(update, stopping.signal, ({ name, place }) => stderr.write(`${name}: asking ${place.url.host}\n`)),
    );
    const text = json
      ? outcomes.map((it) => `${JSON.stringify(it)}\n`).join('')
      : outcomesText(outcomes, screenOn(stdout));
    await write(stdout, text);
    if (outcomes.some(({ kind }) => kind === 'failed')) process.exitCode = 1;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    stderr.write('phi-egress: stopped; what was not finished was left as it was\n');
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function nothingToUpdate(file: string): OperatorError {
  return new OperatorError([
    {
      code: 'config.missing-key',
      what: 'The configuration does not say what to update',
      where: { file, key: 'geo.update' },
      todo: 'add geo.update, with maxmind, cloud-ranges or drop; config/phi-egress.example.yaml shows it',
    },
  ]);
}
