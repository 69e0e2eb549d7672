import type { Command } from 'commander';
import { updateGeo } from '../agent/geo-update.ts';
import { regradeAll } from '../agent/regrade.ts';
import { OperatorError, type Place } from '../errors/problem.ts';
import { configOption, load, placing } from './configuration.ts';
import { RegradeTally, regradeJson, regradeText } from './geo-regrade-text.ts';
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
  geo
    .command('regrade')
    .description('Hold stored findings against the databases, overrides and terms of now; changes nothing')
    .addOption(configOption())
    .option('--json', 'one JSON object for each finding that is not as it was')
    .addHelpText('after', AFTER_REGRADE)
    .action((options: Options) => regradeOnce(options, io));
}

const AFTER_UPDATE = `
A running daemon with geo.update.schedule does this by itself. One without network is told
of the new files with SIGHUP. HTTPS_PROXY and NO_PROXY are obeyed. Fails with 1 if any
file could not be brought up to date.
`;

const AFTER_REGRADE = `
What was held to be at home was never a finding, and is not stored: whether some of it
would be one now, a replay of the archived logs tells.
`;

async function regradeOnce({ config, json }: Options, { stdout, stderr }: Io): Promise<void> {
  const configuration = await load(config);
  const screen = screenOn(stdout);
  const tally = new RegradeTally();
  const locator = await placing(configuration, () =>
    regradeAll(configuration.settings, async (regraded) => {
      tally.add(regraded);
      if (json) await write(stdout, regradeJson(regraded));
    }),
  );
  if (!json) await write(stdout, regradeText(tally, screen));
  for (const { name, edition, builtMs, sha256 } of locator.databases)
    stderr.write(
      `by ${name} (${edition}, built ${new Date(builtMs).toISOString().slice(0, 10)}, ${sha256.slice(0, 12)})\n`,
    );
}

async function updateOnce({ config, json }: Options, { stdout, stderr }: Io): Promise<void> {
  const configuration = await load(config);
  const { update } = configuration.settings.geo;
  if (update === undefined) throw nothingToUpdate(configuration.placeOf(['geo', 'update']));
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

function nothingToUpdate(where: Place): OperatorError {
  return new OperatorError([
    {
      code: 'config.missing-key',
      what: 'The configuration does not say what to update',
      where,
      todo: 'add geo.update, with maxmind, cloud-ranges or drop; config/phi-egress.example.yaml shows it',
    },
  ]);
}
