import type { Command } from 'commander';
import type { BlindSpot } from '../formats/format.ts';
import { formats } from '../formats/registry.ts';
import { type Io, paintFor } from './io.ts';

export function addFormats(program: Command, { stdout }: Io): void {
  program
    .command('formats')
    .description('every log format, what it tells and what it cannot show')
    .option('--json', 'one JSON array')
    .action(({ json }: { json?: true }) => {
      if (json) {
        stdout.write(`${JSON.stringify(formats.map(({ reader: _, ...rest }) => rest))}\n`);
        return;
      }
      const paint = paintFor(stdout);
      for (const { name, product, manual, tells, blindSpots } of formats) {
        stdout.write(`${paint.heading(name)}  ${product}\n`);
        stdout.write(`  ${paint.faint(manual)}\n`);
        const keys = Object.entries(tells);
        stdout.write(`  always     ${keysTold(keys, 'always')}\n`);
        stdout.write(`  sometimes  ${keysTold(keys, 'sometimes')}\n`);
        for (const spot of blindSpots) stdout.write(blindSpotText(spot, '  '));
        stdout.write('\n');
      }
    });
}

/** What a log cannot show, what follows, and the line that mends it. */
export function blindSpotText({ missing, consequence, remedy }: BlindSpot, indent: string): string {
  const mend =
    remedy === undefined ? '' : `${indent}  put into ${remedy.file}:\n${indentLines(remedy.line, `${indent}    `)}\n`;
  return `${indent}cannot show: ${missing}: ${consequence}\n${mend}`;
}

function indentLines(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => indent + line)
    .join('\n');
}

function keysTold(keys: readonly (readonly [string, string])[], how: string): string {
  const told = keys.filter(([, it]) => it === how).map(([key]) => (key === 'timeMs' ? 'time' : key));
  return told.length === 0 ? '-' : told.join(', ');
}
