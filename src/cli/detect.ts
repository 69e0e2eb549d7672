import type { Command } from 'commander';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { type Detection, detectFormat, type SeenLine } from '../formats/detect.ts';
import { count, counted, type Io, type Screen, screenOn, write } from './io.ts';
import { table } from './layout.ts';
import { linesOf } from './lines.ts';

/** Enough to tell a format from chance, few enough to hold against every format in a second. */
const LINES = 1_000;

export function addDetect(program: Command, { stdin, stdout, stderr }: Io): void {
  program
    .command('detect')
    .description('Name the format of a log, by its first lines, and say how sure that is')
    .option('--json', 'one JSON object')
    .argument('<file>', 'plain or .gz; - for standard input')
    .addHelpText('after', '\nExits 1 when no format fits, or more than one.\n')
    .action(async (file: string, { json }: { json?: true }) => {
      const lines = await firstOf(file === '-' ? stdin : file);
      if (lines.length === 0) {
        const what = `There is no line in ${quote(file)}`;
        throw new OperatorError([
          { code: 'format.undetermined', what, todo: 'wait until the server has written some' },
        ]);
      }
      const detection = detectFormat(lines, { timezone: 'UTC' });
      await write(stdout, json ? `${JSON.stringify(detection)}\n` : detectionText(detection, screenOn(stdout)));
      if (detection.found !== undefined) return;
      await write(stderr, `${doubtOf(detection)}\n`);
      process.exitCode = 1;
    });
}

async function firstOf(input: Parameters<typeof linesOf>[0]): Promise<readonly SeenLine[]> {
  const found: SeenLine[] = [];
  for await (const batch of linesOf(input, 'detect')) {
    found.push(...batch.slice(0, LINES - found.length));
    if (found.length >= LINES) break;
  }
  return found;
}

function detectionText({ lines, readable, fits, found }: Detection, { paint, listWidth }: Screen): string {
  const head =
    found === undefined
      ? paint.doubt('undecided')
      : `${paint.good(found.format)}  confidence ${percent(found.confidence)}`;
  const rows = fits.map(({ format, records, share }) => [format, count(records), percent(share)]);
  const looked = `of ${counted(lines, 'line')}, ${count(readable)} can be read by some format\n`;
  const list =
    rows.length === 0 ? '' : table([['format', 'records', 'share'], ...rows], { width: listWidth, indent: 2 });
  return `${head}\n${looked}${list}`;
}

function doubtOf({ fits, readable }: Detection): string {
  if (readable === 0)
    return 'No format reads any of these lines: give the format string of the server, see `phi-egress formats`';
  const names = fits.map(({ format }) => format).join(', ');
  return `More than one format fits, or none fits well: choose among ${names} by the server that writes the log`;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
