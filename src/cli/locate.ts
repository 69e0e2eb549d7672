import { StringDecoder } from 'node:string_decoder';
import { type Command, InvalidArgumentError } from 'commander';
import { quote } from '../errors/field.ts';
import { describeProblem, OperatorError, type Problem } from '../errors/problem.ts';
import { LeastRecentlyUsed } from '../geo/least-recently-used.ts';
import { type Locator, openLocator } from '../geo/locator.ts';
import { EMBEDDED_ONLY } from '../geo/settings.ts';
import type { Sighting } from '../geo/sighting.ts';
import { parseAddress } from '../net/address.ts';
import { configOption, loadIfGiven, placing } from './configuration.ts';
import { askForInput, type Io, screenOn, write } from './io.ts';
import { table } from './layout.ts';
import { evidenceRows, locationLine } from './location-text.ts';

interface Options {
  readonly config?: string;
  readonly json?: true;
  readonly host?: string;
  readonly connectMs?: number;
}

export function addLocate(program: Command, io: Io): void {
  program
    .command('locate')
    .description('Say where an address is, how sure that is, and what each source said')
    .addOption(configOption())
    .option('--json', 'one JSON object a line')
    .option('--host <name>', 'what the address was called, for the region in it')
    .option('--connect-ms <ms>', 'how long a connection took to be there; needs geo.gateway', milliseconds)
    .argument('[addresses...]', 'from standard input, one a line, when absent')
    .addHelpText('after', '\nWithout a configuration the two embedded databases are asked.\n')
    .action(async (addresses: readonly string[], options: Options) => {
      const problems = addresses.flatMap((it) => problemOf(it) ?? []);
      if (problems.length > 0) throw new OperatorError(problems);
      const locator = await openLocatorOf(options.config);
      const answer = answererOf(locator, options, io);
      if (addresses.length > 0) for (const address of addresses) await write(io.stdout, answer(address));
      else await locateInput(answer, io);
    });
}

function milliseconds(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('write a number of milliseconds such as 12 or 0.8');
}

async function openLocatorOf(config: string | undefined): Promise<Locator> {
  const configuration = await loadIfGiven(config);
  if (configuration === undefined) return openLocator(EMBEDDED_ONLY);
  return placing(configuration, () => openLocator(configuration.settings.geo));
}

type Answer = (address: string) => string;

/** All answers of one run are of one moment. */
function answererOf(locator: Locator, { json, host, connectMs }: Options, { stdout }: Io): Answer {
  const nowMs = Date.now();
  const sighting: Sighting = {
    ...(host !== undefined && { host: host.toLowerCase().replace(/\.$/, '') }),
    ...(connectMs !== undefined && { connectMs }),
  };
  if (json) return (address) => `${JSON.stringify({ address, ...locator.locate(address, nowMs, sighting) })}\n`;
  const { paint, listWidth: width } = screenOn(stdout);
  return (address) => {
    const location = locator.locate(address, nowMs, sighting);
    const head = table([[{ text: address, paint: paint.heading }, locationLine(location, paint)]], { width });
    return head + table(evidenceRows(location.evidence, paint), { width, indent: 2 });
  };
}

/** Logs repeat their addresses; an answer is about 1 KiB. */
const REMEMBERED = 16_384;

/** What is no address is told and passed over; the command fails in the end. */
async function locateInput(answer: Answer, io: Io): Promise<void> {
  askForInput(io, 'addresses, one a line');
  const remembered = new LeastRecentlyUsed<string, Buffer>(REMEMBERED);
  for await (const lines of linesIn(io.stdin)) {
    const answers: Buffer[] = [];
    for (const line of lines) {
      const address = line.trim();
      if (address !== '') answers.push(remembered.get(address) ?? find(address));
    }
    if (answers.length > 0) await write(io.stdout, Buffer.concat(answers));
  }

  function find(address: string): Buffer {
    const problem = problemOf(address);
    if (problem !== undefined) {
      io.stderr.write(`phi-egress: ${describeProblem(problem)}\n`);
      process.exitCode = 1;
      return NOTHING;
    }
    const found = Buffer.from(answer(address));
    remembered.set(address, found);
    return found;
  }
}

const NOTHING = Buffer.alloc(0);

/** No address is longer: what is has no need to be kept whole. */
const LONGEST_LINE = 4_096;

/** The lines of each chunk together, since a step for each line would take longer than the look-up. */
async function* linesIn(input: AsyncIterable<Buffer | string>): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    yield lines;
  }
  yield [rest + decoder.end()];
}

function problemOf(text: string): Problem | undefined {
  if (parseAddress(text) !== undefined) return undefined;
  const todo = 'write an address such as 192.0.2.1 or 2001:db8::1; look a name up first';
  return { code: 'cli.bad-argument', what: `${quote(text)} is no IP address`, todo };
}
