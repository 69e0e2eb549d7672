import type { Command } from 'commander';
import { rehearse } from '../agent/rehearse.ts';
import { formatFor } from '../formats/registry.ts';
import { configOption, loadWithNotes } from './configuration.ts';
import { blindSpotText } from './formats.ts';
import { type Io, paintFor, table } from './io.ts';

export function addValidate(program: Command, { stdout }: Io): void {
  program
    .command('validate')
    .description('check everything that can be checked without running; list what each source cannot show')
    .addOption(configOption())
    .action(async ({ config }: { config?: string }) => {
      const { settings, notes } = await loadWithNotes(config);
      const { awaited, databases } = await rehearse(settings);
      const paint = paintFor(stdout);
      const { sources, vendors, residency, sinks } = settings;

      stdout.write(`${paint.good('valid')}  ${settings.file}\n`);
      for (const note of notes) stdout.write(`${paint.doubt('note')}  ${note}\n`);
      stdout.write(`\n${paint.heading('databases')}\n`);
      const rows = databases.map(({ name, edition, builtMs, sha256, tellsCountry }) => [
        name,
        edition,
        `built ${new Date(builtMs).toISOString().slice(0, 10)}`,
        `sha256 ${sha256.slice(0, 12)}${tellsCountry ? '' : ' (tells no country, not asked)'}`,
      ]);
      stdout.write(table(rows, '  '));
      stdout.write(`${paint.heading('vendors')}  ${vendors.length}\n`);
      for (const { id } of vendors.filter(({ terms }) => terms.length === 0))
        stdout.write(`  ${id} has no terms, so ${residency.default.name} holds\n`);
      stdout.write(`${paint.heading('sinks')}  ${sinks.map(({ name, type }) => `${name} (${type})`).join(', ')}\n`);
      for (const { name, paths, format } of sources) {
        stdout.write(`${paint.heading(`source ${name}`)}  ${paths.join(', ')}\n`);
        for (const { path } of awaited.filter(({ source }) => source === name))
          stdout.write(`  ${paint.doubt('waiting for')} ${path}: it does not exist yet\n`);
        for (const spot of formatFor(format).blindSpots) stdout.write(blindSpotText(spot, '  '));
      }
    });
}
