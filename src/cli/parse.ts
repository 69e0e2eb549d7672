import type { Command } from 'commander';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { inFileOrder } from '../formats/format.ts';
import { printRecord } from '../formats/record.ts';
import { readerFor } from '../formats/registry.ts';
import type { Line } from '../sources/line.ts';
import type { FormatChoice } from '../sources/settings.ts';
import { timeZone } from '../time/fields.ts';
import { formatArgument } from './format-argument.ts';
import { askForInput, type Io, write } from './io.ts';
import { linesOf } from './lines.ts';

interface Options {
  readonly format?: string;
  readonly logformat?: string;
  readonly timezone: string;
  readonly strict?: true;
}

export function addParse(program: Command, io: Io): void {
  program
    .command('parse')
    .description('Read a log into LogRecords: one JSON object a line on stdout, failures on stderr')
    .option(
      '--format <format>',
      'a name from `phi-egress formats`, or a form as in the configuration: \'{ nginx: "..." }\'',
    )
    .option('--logformat <string>', "Squid's logformat string, instead of --format")
    .option('--timezone <zone>', 'IANA zone of timestamps that carry none', 'UTC')
    .option('--strict', 'exit 1 when a line could not be read')
    .argument('[file]', 'plain or .gz; standard input when absent or -')
    .addHelpText('after', '\nPrints what the log holds, nothing masked: keep the output where the log may be.\n')
    .action(async (file: string | undefined, options: Options) => {
      const failed = await parse(file, options, io);
      if (options.strict && failed > 0) process.exitCode = 1;
    });
}

/** @returns how many lines could not be read. */
async function parse(file: string | undefined, options: Options, io: Io): Promise<number> {
  const read = inFileOrder(readerFor(choiceOf(options), { timezone: zoneOf(options.timezone) }));
  const isInput = file === undefined || file === '-';
  if (isInput) askForInput(io, 'lines');
  const counts = { record: 0, skipped: 0, unreadable: 0 };
  let number = 0;
  for await (const batch of linesOf(isInput ? io.stdin : file, 'parse')) {
    let records = '';
    let failures = '';
    for (const line of batch) {
      number += 1;
      const reading = read(line.text, { writtenBeforeMs: line.writtenBeforeMs });
      counts[reading.kind] += 1;
      if (reading.kind === 'record') records += `${printRecord(reading.record)}\n`;
      else if (reading.kind === 'unreadable') failures += failure(number, line, reading.because, reading.column);
    }
    await write(io.stdout, records);
    await write(io.stderr, failures);
  }
  await write(io.stderr, `parsed ${counts.record}, skipped ${counts.skipped}, failed ${counts.unreadable}\n`);
  return counts.unreadable;
}

function choiceOf({ format, logformat }: Options): FormatChoice {
  if (format !== undefined && logformat !== undefined)
    throw usage('Both --format and --logformat were given', 'leave one of them out');
  if (logformat !== undefined) return { squid: logformat };
  if (format !== undefined) return formatArgument(format);
  throw usage('No format was given', 'name one with --format, or give a Squid logformat string with --logformat');
}

function zoneOf(text: string): string {
  const parsed = timeZone.safeParse(text);
  if (parsed.success) return parsed.data;
  throw usage(`Cannot find time zone ${quote(text)}`, 'write UTC or an IANA name such as America/New_York');
}

function usage(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'cli.bad-argument', what, todo }]);
}

function failure(number: number, line: Line, because: string, column: number | undefined): string {
  const where = column === undefined ? '' : ` at column ${column}`;
  const cut = line.cut ? ' (the line is longer than the limit and was cut)' : '';
  return `line ${number}: ${because}${where}${cut}\n`;
}
