import type { Command } from 'commander';
import { readStatus } from '../store/read-only.ts';
import { configOption, load } from './configuration.ts';
import { type Io, paintFor, table } from './io.ts';

export function addStatus(program: Command, { stdout }: Io): void {
  program
    .command('status')
    .description('what was read, what could not be read, what was found, and what waits to be delivered')
    .addOption(configOption())
    .option('--json', 'one JSON object')
    .action(async ({ config, json }: { config?: string; json?: true }) => {
      const { agent } = await load(config);
      const status = readStatus(agent.state);
      if (json) {
        stdout.write(`${JSON.stringify(status)}\n`);
        return;
      }
      const { alerts, findings, sources, samples, sinks } = status;
      const paint = paintFor(stdout);
      stdout.write(
        `${paint.heading('alerts')}  ${alerts.open} open, ${alerts.updated} updated, ${alerts.closed} closed, of ${findings} findings\n`,
      );
      stdout.write(`${paint.heading('sources')}\n`);
      stdout.write(
        table(
          [
            ['name', 'lines', 'parsed', 'skipped', 'unreadable', 'cut'],
            ...sources.map((it) => [
              it.source,
              ...[it.lines, it.parsed, it.skipped, it.unreadable, it.cut].map(String),
            ]),
          ],
          '  ',
        ),
      );
      stdout.write(`${paint.heading('sinks')}\n`);
      stdout.write(
        table(
          [
            ['name', 'waiting', 'delivered', 'refused'],
            ...sinks.map((it) => [it.sink, ...[it.waiting, it.delivered, it.refused].map(String)]),
          ],
          '  ',
        ),
      );
      if (samples.length === 0) return;
      stdout.write(`${paint.heading('unreadable lines')}  the latest of each source, letters and digits masked\n`);
      for (const { source, offset, because, masked } of samples)
        stdout.write(`  ${source} at byte ${offset}: ${because}\n    ${paint.faint(masked)}\n`);
    });
}
