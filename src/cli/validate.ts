import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type Rehearsal, rehearse } from '../agent/rehearse.ts';
import type { Configuration } from '../config/parse.ts';
import type { Settings } from '../config/settings.ts';
import type { BlindSpot } from '../formats/format.ts';
import { AUTO, formatFor } from '../formats/registry.ts';
import { type Dated, REPORTED_AFTER_MS, type Stale, staleFiles } from '../geo/staleness.ts';
import { describeSource } from '../sources/describe.ts';
import type { FormatChoice } from '../sources/settings.ts';
import { blindSpotText } from './blind-spots.ts';
import { configOption, load, placing } from './configuration.ts';
import { counted, type Io, type Screen, screenOn, write } from './io.ts';
import { prose, table } from './layout.ts';

export function addValidate(program: Command, { stdout }: Io): void {
  program
    .command('validate')
    .description('Check everything that can be checked without running; list what each source cannot show')
    .addOption(configOption())
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nWhat is wrong goes to stderr, every mistake at once, with file, line, key and mend.\n')
    .action(async ({ config, json }: { config?: string; json?: true }) => {
      const configuration = await load(config);
      const rehearsal = await placing(configuration, () => rehearse(configuration.settings));
      const show = json ? validJson : validText(screenOn(stdout));
      await write(stdout, show(configuration, rehearsal));
    });
}

function validJson({ settings, notes }: Configuration, { awaited, databases, ranges }: Rehearsal): string {
  const { file, sha256, vendors, sinks, sources } = settings;
  return `${JSON.stringify({
    file,
    sha256,
    notes,
    databases,
    ranges,
    stale: staleOf(settings, [...databases, ...ranges]),
    vendors: vendors.map(({ id, name, terms }) => ({ id, name, terms: terms.length })),
    sinks: sinks.map(({ name, type }) => ({ name, type })),
    sources: sources.map(({ name, format, ...source }) => ({
      name,
      type: source.type,
      ...(source.type === 'file' && { paths: source.paths }),
      awaited: awaited.filter(({ source }) => source === name).map(({ path }) => path),
      blindSpots: blindSpotsOf(format),
    })),
  })}\n`;
}

/** Before a log with `format: auto` is there, nobody knows. */
function blindSpotsOf(format: FormatChoice): readonly BlindSpot[] {
  return format === AUTO ? [] : formatFor(format).blindSpots;
}

function blindSpotsShown(format: FormatChoice, screen: Screen): string {
  return format === AUTO
    ? '  format  auto: see `phi-egress doctor` for what it cannot show\n'
    : blindSpotText(blindSpotsOf(format), screen, 2);
}

function validText(screen: Screen): (configuration: Configuration, rehearsal: Rehearsal) => string {
  const { paint, width, listWidth } = screen;
  const list = (rows: Parameters<typeof table>[0]) => table(rows, { width: listWidth, indent: 2 });

  return ({ settings, notes }, { awaited, databases, ranges }) => {
    const { file, agent, sources, vendors, residency, sinks } = settings;
    return [
      `${paint.good('valid')}  ${file}\n`,
      ...notes.map((note) => table([[{ text: 'note', paint: paint.doubt }, note]], { width })),
      `\n${paint.heading('state')}  ${agent.state}${existsSync(agent.state) ? '' : ', to be made'}\n`,
      `${paint.heading('databases')}\n`,
      list(
        databases.map(({ name, edition, builtMs, sha256, tellsCountry }) => [
          name,
          edition,
          `built ${new Date(builtMs).toISOString().slice(0, 10)}`,
          `sha256 ${sha256.slice(0, 12)}${tellsCountry ? '' : ' (tells no country, but whose network it is)'}`,
        ]),
      ),
      `${paint.heading('cloud ranges')}${ranges.length === 0 ? '  none: databases alone place cloud networks' : ''}\n`,
      list(
        ranges.map(({ name, provider, edition, networks, sha256 }) => [
          name,
          `${provider} ${edition}`,
          counted(networks, 'network'),
          `sha256 ${sha256.slice(0, 12)}`,
        ]),
      ),
      ...ranges.flatMap(({ name, unplaced }) =>
        unplaced.map((it) => table([[{ text: 'note', paint: paint.doubt }, `${name}: ${it}`]], { width, indent: 2 })),
      ),
      ...staleOf(settings, [...databases, ...ranges]).map(({ name, sinceMs }) =>
        table([[{ text: 'note', paint: paint.doubt }, `${name}: ${staleNote(settings, sinceMs)}`]], {
          width,
          indent: 2,
        }),
      ),
      `${paint.heading('vendors')}  ${vendors.length}\n`,
      ...vendors
        .filter(({ terms }) => terms.length === 0)
        .map(({ id }) => prose(`${id} has no terms, so ${residency.default.name} holds`, { width, indent: 2 })),
      `${paint.heading('sinks')}\n`,
      list(sinks.map((it) => [it.name, it.type, it.type === 'file' ? it.path : ''])),
      ...sources.map((source) => {
        const { name, format } = source;
        const waits = awaited
          .filter(({ source }) => source === name)
          .map(({ path }) => [{ text: 'waits for', paint: paint.doubt }, `${path}, which does not exist yet`]);
        const head = `\n${paint.heading(`source ${name}`)}  ${describeSource(source)}\n`;
        return head + list(waits) + blindSpotsShown(format, screen);
      }),
    ].join('');
  };
}

function staleOf({ geo }: Settings, files: readonly Dated[]): readonly Stale[] {
  return staleFiles(files, geo.staleAfterMs ?? REPORTED_AFTER_MS, Date.now());
}

function staleNote({ geo }: Settings, sinceMs: number): string {
  const since = `too old since ${new Date(sinceMs).toISOString().slice(0, 10)}`;
  return geo.staleAfterMs === undefined ? `${since}, and believed all the same: geo.stale-after is not set` : since;
}
