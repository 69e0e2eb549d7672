import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Replayed, type ReplayOptions, replay, resumeReplay, type Stopped } from '../agent/replay.ts';
import type { ReplayPlan } from '../agent/replay-plan.ts';
import { readTask } from '../agent/replay-scratch.ts';
import type { Configuration } from '../config/parse.ts';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { SEVERITIES } from '../rules/severity.ts';
import { encodeNative } from '../sinks/encoders/native.ts';
import { minutes, severityCell } from './alerts-text.ts';
import { archivedLogs } from './archived-logs.ts';
import { configOption, load, placing } from './configuration.ts';
import { count, counted, type Io, type Screen, screenOn, write } from './io.ts';
import { prose, table } from './layout.ts';
import { progressOn } from './progress.ts';

interface Options {
  readonly config?: string;
  readonly format?: string;
  readonly source?: string;
  readonly alerts?: string;
  readonly json?: true;
  readonly resume?: string;
}

export function addReplay(program: Command, io: Io): void {
  program
    .command('replay')
    .description('Take archived logs (plain, .gz, .xz, .zst, .bz2) through the pipeline, oldest first')
    .addOption(configOption())
    .option('--source <name>', 'the source that the files belong to; else the one whose paths they match')
    .option('--format <format>', "instead of the source's own format: a name, auto, or a form as in the configuration")
    .option('--alerts <file>', 'write the alerts as NDJSON, in the native form')
    .option('--json', 'one JSON object: counts and alerts')
    .option('--resume <dir>', 'go on with a replay that was stopped, with its files and options')
    .argument('[files...]', 'logs, or directories of logs')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: Options) => {
      if ((files.length === 0) === (options.resume === undefined)) throw nothingToDo();
      const task = options.resume === undefined ? undefined : readTask(options.resume);
      const configuration = await load(options.config ?? task?.config);
      const alerts = options.alerts ?? task?.alerts;
      const json = options.json === true || task?.json === true;
      if (alerts !== undefined) await refuseUnwritable(alerts);
      const output = { json, ...(alerts !== undefined && { alerts: resolve(alerts) }) };
      const ended = await run(configuration, files, options, output, io);
      if (ended.kind === 'stopped') {
        io.stderr.write(`stopped; ${goOn(ended.scratch)}`);
        process.exitCode = 1;
        return;
      }
      if (alerts !== undefined)
        await writeFile(alerts, oldestAlertsFirst(ended).map(encodeNative).join(''), { mode: 0o600 });
      await write(io.stdout, json ? replayedJson(ended) : summary(ended, screenOn(io.stdout)));
    });
}

const EXAMPLES = `
Touches neither the state of the daemon nor the logs. Ctrl-C stops it and prints how to go on.

Example, the last 90 days of a proxy:
  phi-egress replay --source squid --alerts alerts.ndjson /var/log/squid
`;

async function run(
  configuration: Configuration,
  files: readonly string[],
  options: Options,
  output: NonNullable<ReplayOptions['output']>,
  io: Io,
): Promise<Replayed | Stopped> {
  const { settings } = configuration;
  const progress = progressOn(io, goOn);
  const stopping = new AbortController();
  // Once: a second one ends it at once, and it can be gone on with all the same.
  const stop = () => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let scratch = options.resume;
  const replaying: ReplayOptions = {
    output,
    signal: stopping.signal,
    onPlan: (plan) => io.stderr.write(leftOut(plan)),
    onProgress: (it) => {
      scratch = it.scratch;
      progress.report(it);
    },
  };
  try {
    return await placing(configuration, async () =>
      options.resume === undefined
        ? replay(settings, await archivedLogs(files, settings, options), replaying)
        : resumeReplay(settings, options.resume, replaying),
    );
  } catch (error) {
    progress.end();
    if (scratch !== undefined && existsSync(scratch)) io.stderr.write(goOn(scratch));
    throw error;
  } finally {
    progress.end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function goOn(scratch: string): string {
  return `to go on: phi-egress replay --resume ${scratch}\n`;
}

function leftOut({ same, others }: ReplayPlan): string {
  const names = (paths: readonly string[]) => paths.map((it) => basename(it)).join(', ');
  const copies = same.length === 0 ? '' : `left out, as another file holds the same: ${names(same)}\n`;
  return others.length === 0 ? copies : `${copies}left out, without a record of the format: ${names(others)}\n`;
}

function nothingToDo(): OperatorError {
  const what = 'Name either the logs to replay or, with --resume, a replay to go on with';
  return new OperatorError([{ code: 'cli.bad-argument', what, todo: 'see phi-egress replay --help' }]);
}

/** Before the work, not after it. */
async function refuseUnwritable(path: string): Promise<void> {
  try {
    await (await open(path, 'a', 0o600)).close();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const what = `Cannot write the alerts to ${quote(path)} (${code})`;
    const todo = 'name a file in a directory that is there and can be written to';
    throw new OperatorError([{ code: 'cli.bad-argument', what, todo }], { cause });
  }
}

function oldestAlertsFirst({ alerts }: Replayed): Replayed['alerts'] {
  return [...alerts].reverse();
}

function replayedJson(replayed: Replayed): string {
  const { findings, sources, remarks } = replayed;
  const alerts = oldestAlertsFirst(replayed).map((alert) => JSON.parse(encodeNative(alert)));
  return `${JSON.stringify({ sources, findings, remarks, alerts })}\n`;
}

function summary(
  { alerts, findings, sources, files, remarks }: Replayed,
  { paint, width: proseWidth, listWidth: width }: Screen,
): string {
  const sum = (of: 'lines' | 'parsed' | 'skipped' | 'unreadable') => sources.reduce((all, it) => all + it[of], 0);
  const lines =
    `${counted(sum('lines'), 'line')} of ${counted(files, 'file')}: ` +
    `parsed ${count(sum('parsed'))}, skipped ${count(sum('skipped'))}, failed ${count(sum('unreadable'))}\n${remarks.map((it) => paint.doubt(prose(it, { width: proseWidth }))).join('')}`;
  if (alerts.length === 0) return `${lines}${paint.good('no findings')}\n`;
  const bySeverity = [...alerts].sort(
    (one, other) =>
      SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity) ||
      one.firstSeen.localeCompare(other.firstSeen),
  );
  const rows = bySeverity.map(({ severity, rule, vendor, receiver, count: found, bytes, firstSeen, lastSeen }) => [
    severityCell(severity, paint),
    rule,
    vendor?.name ?? receiver.host ?? receiver.ip ?? '-',
    receiver.country ?? receiver.standing,
    count(found),
    bytes === undefined ? '-' : count(bytes),
    minutes(firstSeen),
    minutes(lastSeen),
  ]);
  const heading = ['severity', 'rule', 'vendor or host', 'where', 'findings', 'bytes', 'first (UTC)', 'last (UTC)'];
  const found = `${counted(findings, 'finding')} in ${counted(alerts.length, 'alert')}\n`;
  return `${lines}${found}\n${table([heading, ...rows], { width })}`;
}
