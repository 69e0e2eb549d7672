import type { Command } from 'commander';
import { stagesFrom } from '../agent/stages.ts';
import { OperatorError } from '../errors/problem.ts';
import { openLocator } from '../geo/locator.ts';
import { createMasker } from '../phi/masking.ts';
import { inspect, type Trace } from '../pipeline/inspect.ts';
import type { Line } from '../sources/line.ts';
import { maskingKeyOf } from '../store/read-only.ts';
import { Sessions } from '../transfers/sessions.ts';
import { configOption, load } from './configuration.ts';
import { explainText } from './explain-text.ts';
import { type Io, paintFor } from './io.ts';
import { linesOf } from './lines.ts';
import { chooseSource } from './sources.ts';

interface Options {
  readonly config?: string;
  readonly source?: string;
}

export function addExplain(program: Command, io: Io): void {
  program
    .command('explain')
    .description('every step for one line: fields, transfers, vendor, location, indicators, rules')
    .addOption(configOption())
    .option('--source <name>', 'whose line it is; needed when there is more than one source')
    .argument('[line]', 'the line; from standard input when absent, where earlier lines are its context')
    .action(async (text: string | undefined, options: Options) => {
      const settings = await load(options.config);
      const source = chooseSource(settings.sources, options.source);
      const locator = await openLocator(settings.geo);
      const masker = createMasker(maskingKeyOf(settings.agent.state));
      const stages = stagesFrom(settings, locator, masker)(source);

      const sessions = new Sessions();
      let last: { line: Line; trace: Trace } | undefined;
      for await (const line of text === undefined ? fromInput(source.name, io) : [argument(text, source.name)])
        last = { line, trace: inspect(line, stages, sessions) };
      if (last === undefined)
        throw new OperatorError([
          { code: 'cli.bad-argument', what: 'No line was given', todo: 'give it as an argument or on standard input' },
        ]);
      io.stdout.write(explainText(last.line, last.trace, masker, paintFor(io.stdout)));
    });
}

async function* fromInput(source: string, io: Io): AsyncGenerator<Line> {
  for await (const batch of linesOf(undefined, source, io.stdin))
    for (const line of batch) if (line.text.trim() !== '') yield line;
}

function argument(text: string, source: string): Line {
  const bytes = Buffer.byteLength(text);
  return {
    source,
    text,
    place: { file: '0'.repeat(16), offset: 0, bytes },
    path: '(argument)',
    writtenBeforeMs: Date.now(),
    cut: false,
  };
}
