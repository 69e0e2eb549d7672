import type { Command } from 'commander';
import { formats } from '../formats/registry.ts';
import { blindSpotText } from './blind-spots.ts';
import { type Io, screenOn, write } from './io.ts';
import { prose, table } from './layout.ts';

export function addFormats(program: Command, { stdout }: Io): void {
  program
    .command('formats')
    .description('List every log format: what it tells and what it cannot show')
    .option('--json', 'one JSON array')
    .action(async ({ json }: { json?: true }) => {
      if (json) {
        await write(stdout, `${JSON.stringify(formats.map(({ reader: _, ...rest }) => rest))}\n`);
        return;
      }
      const screen = screenOn(stdout);
      const { paint, width } = screen;
      const texts = formats.map(({ name, product, manual, tells, blindSpots }) => {
        const keys = Object.entries(tells);
        const told = [
          ['always', keysTold(keys, 'always')],
          ['sometimes', keysTold(keys, 'sometimes')],
        ];
        const head = `${paint.heading(name)}  ${product}\n${prose(manual, { width, indent: 2 })}`;
        return `${head}${table(told, { width, indent: 2 })}${blindSpotText(blindSpots, screen, 2)}`;
      });
      await write(stdout, texts.join('\n'));
    });
}

function keysTold(keys: readonly (readonly [string, string])[], how: string): string {
  const told = keys.filter(([, it]) => it === how).map(([key]) => (key === 'timeMs' ? 'time' : key));
  return told.length === 0 ? '-' : told.join(', ');
}
