import type { Command } from 'commander';
import type { StatusCounts } from '../store/queries.ts';
import { readStatus } from '../store/read-only.ts';
import { configOption, load } from './configuration.ts';
import { count, counted, type Io, type Screen, screenOn, write } from './io.ts';
import { type Cell, table } from './layout.ts';

export function addStatus(program: Command, { stdout }: Io): void {
  program
    .command('status')
    .description('Show what was read, what could not be read, what was found, and what waits to be delivered')
    .addOption(configOption())
    .option('--json', 'one JSON object')
    .action(async ({ config, json }: { config?: string; json?: true }) => {
      const { settings } = await load(config);
      const status = readStatus(settings.agent.state);
      await write(stdout, json ? `${JSON.stringify(status)}\n` : statusText(status, screenOn(stdout)));
    });
}

function statusText({ alerts, findings, sources, samples, sinks }: StatusCounts, screen: Screen): string {
  const { paint, listWidth: width } = screen;
  const space = { width, indent: 2 };
  const { open, updated, closed } = alerts;
  const states = `${count(open)} open, ${count(updated)} updated, ${count(closed)} closed`;
  const sections = [
    `${paint.heading('alerts')}  ${states}, of ${counted(findings, 'finding')}\n`,
    `${paint.heading('sources')}\n`,
    table(
      [
        ['name', 'lines', 'parsed', 'skipped', 'unreadable', 'cut'],
        ...sources.map(({ source, lines, parsed, skipped, unreadable, cut }) => [
          source,
          count(lines),
          count(parsed),
          count(skipped),
          trouble(unreadable),
          trouble(cut),
        ]),
      ],
      space,
    ),
    `${paint.heading('sinks')}\n`,
    table(
      [
        ['name', 'waiting', 'delivered', 'refused', 'dropped'],
        ...sinks.map(({ sink, waiting, delivered, refused, dropped }) => [
          sink,
          trouble(waiting),
          count(delivered),
          trouble(refused),
          trouble(dropped),
        ]),
      ],
      space,
    ),
  ];
  if (samples.length === 0) return sections.join('');
  const head = `${paint.heading('unreadable lines')}  the latest of each source, letters and digits masked\n`;
  const shown = samples.map(
    ({ source, offset, because, masked }) =>
      table([[`${source} at byte ${count(offset)}: ${because}`]], space) +
      table([[{ text: masked, paint: paint.faint }]], { width, indent: 4 }),
  );
  return [...sections, head, ...shown].join('');

  function trouble(number: number): Cell {
    return number === 0 ? '0' : { text: count(number), paint: paint.doubt };
  }
}
