import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { type Locator, openLocator } from '../geo/locator.ts';
import { EMBEDDED_ONLY } from '../geo/settings.ts';
import { configOption, loadIfGiven } from './configuration.ts';
import { type Io, paintFor, write } from './io.ts';
import { evidenceTable, locationLine } from './location-text.ts';

interface Options {
  readonly config?: string;
  readonly json?: true;
}

export function addLocate(program: Command, io: Io): void {
  program
    .command('locate')
    .description('where an address is, how sure that is, and what each source said')
    .addOption(configOption())
    .option('--json', 'one JSON object a line')
    .argument('[addresses...]', 'read from standard input, one a line, when absent')
    .action(async (addresses: readonly string[], { config, json }: Options) => {
      const settings = await loadIfGiven(config);
      const locator = await openLocator(settings?.geo ?? EMBEDDED_ONLY);
      const answer = json ? jsonAnswer : textAnswer(io);
      if (addresses.length > 0) for (const address of addresses) await write(io.stdout, answer(address, locator));
      else
        for await (const line of createInterface({ input: io.stdin }))
          if (line.trim() !== '') await write(io.stdout, answer(line.trim(), locator));
    });
}

function jsonAnswer(address: string, locator: Locator): string {
  return `${JSON.stringify({ address, ...locator.locate(address, Date.now()) })}\n`;
}

function textAnswer({ stdout }: Io): (address: string, locator: Locator) => string {
  const paint = paintFor(stdout);
  return (address, locator) => {
    const location = locator.locate(address, Date.now());
    return `${paint.heading(address)}  ${locationLine(location, paint)}\n${evidenceTable(location.evidence, '  ')}`;
  };
}
