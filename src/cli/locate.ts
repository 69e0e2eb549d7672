import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { quote } from '../errors/field.ts';
import { describeProblem, OperatorError, type Problem } from '../errors/problem.ts';
import { type Locator, openLocator } from '../geo/locator.ts';
import { EMBEDDED_ONLY } from '../geo/settings.ts';
import { parseAddress } from '../net/address.ts';
import { configOption, loadIfGiven, placing } from './configuration.ts';
import { askForInput, type Io, screenOn, write } from './io.ts';
import { table } from './layout.ts';
import { evidenceRows, locationLine } from './location-text.ts';

interface Options {
  readonly config?: string;
  readonly json?: true;
}

export function addLocate(program: Command, io: Io): void {
  program
    .command('locate')
    .description('Say where an address is, how sure that is, and what each source said')
    .addOption(configOption())
    .option('--json', 'one JSON object a line')
    .argument('[addresses...]', 'from standard input, one a line, when absent')
    .addHelpText('after', '\nWithout a configuration the two embedded databases are asked.\n')
    .action(async (addresses: readonly string[], { config, json }: Options) => {
      const problems = addresses.flatMap((it) => problemOf(it) ?? []);
      if (problems.length > 0) throw new OperatorError(problems);
      const locator = await openLocatorOf(config);
      const answer = json ? jsonAnswer : textAnswer(io);
      if (addresses.length > 0) for (const address of addresses) await write(io.stdout, answer(address, locator));
      else await locateInput(answer, locator, io);
    });
}

async function openLocatorOf(config: string | undefined): Promise<Locator> {
  const configuration = await loadIfGiven(config);
  if (configuration === undefined) return openLocator(EMBEDDED_ONLY);
  return placing(configuration, () => openLocator(configuration.settings.geo));
}

type Answer = (address: string, locator: Locator) => string;

/** What is no address is told and passed over; the command fails in the end. */
async function locateInput(answer: Answer, locator: Locator, io: Io): Promise<void> {
  askForInput(io, 'addresses, one a line');
  for await (const line of createInterface({ input: io.stdin })) {
    const address = line.trim();
    if (address === '') continue;
    const problem = problemOf(address);
    if (problem === undefined) {
      await write(io.stdout, answer(address, locator));
    } else {
      io.stderr.write(`phi-egress: ${describeProblem(problem)}\n`);
      process.exitCode = 1;
    }
  }
}

function problemOf(text: string): Problem | undefined {
  if (parseAddress(text) !== undefined) return undefined;
  const todo = 'write an address such as 192.0.2.1 or 2001:db8::1; look a name up first';
  return { code: 'cli.bad-argument', what: `${quote(text)} is no IP address`, todo };
}

function jsonAnswer(address: string, locator: Locator): string {
  return `${JSON.stringify({ address, ...locator.locate(address, Date.now()) })}\n`;
}

function textAnswer({ stdout }: Io): Answer {
  const { paint, listWidth: width } = screenOn(stdout);
  return (address, locator) => {
    const location = locator.locate(address, Date.now());
    const head = table([[{ text: address, paint: paint.heading }, locationLine(location, paint)]], { width });
    return head + table(evidenceRows(location.evidence, paint), { width, indent: 2 });
  };
}
