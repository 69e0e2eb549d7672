import type { Command } from 'commander';
import { undetermined, withFormat } from '../agent/settle-format.ts';
import { stagesFrom } from '../agent/stages.ts';
import type { Settings } from '../config/settings.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { openLocator } from '../geo/locator.ts';
import { createMasker } from '../phi/masking.ts';
import { FileHeaders } from '../pipeline/file-headers.ts';
import { inspect, type Stages, type Trace } from '../pipeline/inspect.ts';
import type { Line } from '../sources/line.ts';
import type { SourceSettings } from '../sources/settings.ts';
import { maskingKeyOf, settledFormatsOf } from '../store/read-only.ts';
import { Sessions } from '../transfers/sessions.ts';
import { configOption, load, placing } from './configuration.ts';
import { explainText } from './explain-text.ts';
import { askForInput, type Io, screenOn, write } from './io.ts';
import { linesOf } from './lines.ts';
import { chooseSource, sourceThatReads } from './sources.ts';

interface Options {
  readonly config?: string;
  readonly source?: string;
}

export function addExplain(program: Command, io: Io): void {
  program
    .command('explain')
    .description(
      'Show every step for one line: what was read, what moved, who, where, PHI or not, and what each rule said',
    )
    .addOption(configOption())
    .option('--source <name>', 'whose line it is; else the only source that can read it')
    .argument('[line]', 'the line, in quotes; from standard input when absent, where earlier lines are its context')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string | undefined, options: Options) => {
      if (text === undefined) askForInput(io, 'a line, after the lines of its session that came before it');
      const { line, trace, masker } = await explain(text, options, io);
      await write(io.stdout, explainText(line, trace, masker, screenOn(io.stdout)));
    });
}

const EXAMPLES = `
Examples:
  phi-egress explain "$(grep vendor.example /var/log/squid/access.log | tail -1)"
  grep 'sftp\\[4242\\]' /var/log/auth.log | phi-egress explain --source sftp
`;

/** Takes the lines through the pipeline, each after the ones before it. @returns what became of the last one. */
async function explain(text: string | undefined, { config, source }: Options, io: Io) {
  const configuration = await load(config);
  const { settings } = configuration;
  const sources = await placing(configuration, () => sourcesToAsk(settings, source));
  const named = source === undefined ? undefined : chooseSource(sources, source);
  const locator = await placing(configuration, () => openLocator(settings.geo));
  const masker = createMasker(maskingKeyOf(settings.agent.state));
  const stagesOf = stagesFrom(settings, locator, masker);

  const memory = { sessions: new Sessions(), headers: new FileHeaders() };
  let stages: { readonly name: string; readonly of: Stages } | undefined;
  let last: { readonly line: Line; readonly trace: Trace } | undefined;
  for await (const found of linesToExplain(text, io)) {
    if (stages === undefined) {
      const chosen = named ?? sourceThatReads(found, sources, (it) => stagesOf(it).read);
      stages = { name: chosen.name, of: stagesOf(chosen) };
    }
    const line = { ...found, source: stages.name };
    last = { line, trace: inspect(line, stages.of, memory) };
  }
  if (last !== undefined) return { ...last, masker };
  throw new OperatorError([
    { code: 'cli.bad-argument', what: 'No line was given', todo: 'give it as an argument or on standard input' },
  ]);
}

/**
 * The sources whose format is known, in their configuration or by their logs.
 *
 * @throws OperatorError `format.undetermined` when that of the named source is not, or none is
 */
async function sourcesToAsk(
  { sources, agent }: Settings,
  named: string | undefined,
): Promise<readonly SourceSettings[]> {
  const settled = settledFormatsOf(agent.state);
  const found: SourceSettings[] = [];
  const problems: Problem[] = [];
  for (const [at, source] of sources.entries()) {
    const known = await withFormat(source, settled);
    if (!('undecided' in known)) found.push(known);
    else if (named === undefined || named === source.name)
      problems.push(undetermined(source.name, at, known.undecided));
  }
  if (problems.length > 0 && (named !== undefined || found.length === 0)) throw new OperatorError(problems);
  return found;
}

/** Of an argument, too, every line but the last is context: shells paste several where one was meant. */
async function* linesToExplain(text: string | undefined, { stdin }: Io): AsyncGenerator<Line> {
  const input = text === undefined ? stdin : [Buffer.from(text)];
  for await (const batch of linesOf(input, 'explain'))
    for (const line of batch) if (line.text.trim() !== '') yield line;
}
