import type { Command } from 'commander';
import { HEARTBEAT_MS } from '../agent/watch.ts';
import { endOfKnowledge, reportOn } from '../coverage/report.ts';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { openStoreReader } from '../store/read-only.ts';
import { configOption, load } from './configuration.ts';
import { coverageJson, coverageText } from './coverage-text.ts';
import { type Io, screenOn, write } from './io.ts';
import { parseTime } from './times.ts';

interface Options {
  readonly config?: string;
  readonly source?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

export function addCoverage(program: Command, io: Io): void {
  program
    .command('coverage')
    .description('Show when each source was watched, and every gap: only there does "no alert" mean something')
    .addOption(configOption())
    .option('--source <name>', 'only this source')
    .option('--from <time>', 'from then on: 2026-11-23 or 2026-11-23T14:00:00Z; else from when it was first watched')
    .option('--to <time>', 'up to then; else up to now')
    .option('--json', 'one JSON object')
    .action((options: Options) => showCoverage(options, io));
}

async function showCoverage({ config, source, from, to, json }: Options, { stdout, stderr }: Io): Promise<void> {
  const fromMs = from === undefined ? undefined : parseTime('--from', from);
  const toMs = to === undefined ? undefined : parseTime('--to', to);
  const nowMs = Date.now();
  if (fromMs !== undefined && fromMs >= (toMs ?? nowMs))
    throw usage('--from is not before --to', 'ask for a time that has passed');
  const { settings } = await load(config);
  const store = openStoreReader(settings.agent.state);
  try {
    const rows = store.queries.coverage({
      ...(source !== undefined && { source }),
      ...(fromMs !== undefined && { fromMs }),
      ...(toMs !== undefined && { untilMs: toMs }),
    });
    const isUnknown = source !== undefined && !settings.sources.some(({ name }) => name === source);
    if (isUnknown && rows.spans.length + rows.gaps.length === 0)
      throw usage(
        `No source is called ${quote(source)}`,
        `there are ${settings.sources.map(({ name }) => name).join(', ')}`,
      );
    // A time to come is not unseen.
    const untilMs = toMs !== undefined && toMs < nowMs ? toMs : endOfKnowledge(rows.spans, nowMs, HEARTBEAT_MS);
    const reports = reportOn(rows, { ...(fromMs !== undefined && { fromMs }), untilMs });
    if (json) await write(stdout, coverageJson(reports));
    else if (reports.length === 0) stderr.write('no source was watched in that time\n');
    else await write(stdout, coverageText(reports, screenOn(stdout)));
  } finally {
    store.close();
  }
}

function usage(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'cli.bad-argument', what, todo }]);
}
