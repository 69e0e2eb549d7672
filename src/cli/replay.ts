import { open, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { type ArchivedLog, type Replayed, replay } from '../agent/replay.ts';
import type { Settings } from '../config/settings.ts';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { SEVERITIES } from '../rules/severity.ts';
import { encodeNative } from '../sinks/encoders/native.ts';
import { globMatcher } from '../sources/file/glob.ts';
import type { SourceSettings } from '../sources/settings.ts';
import { minutes, severityCell } from './alerts-text.ts';
import { configOption, load, placing } from './configuration.ts';
import { formatArgument } from './format-argument.ts';
import { count, counted, type Io, type Screen, screenOn, write } from './io.ts';
import { table } from './layout.ts';
import { progressOn } from './progress.ts';
import { chooseSource, nameOne } from './sources.ts';

interface Options {
  readonly config?: string;
  readonly format?: string;
  readonly source?: string;
  readonly alerts?: string;
  readonly json?: true;
}

export function addReplay(program: Command, io: Io): void {
  program
    .command('replay')
    .description('Take archived logs (plain or .gz) through the pipeline, oldest first, without touching the state')
    .addOption(configOption())
    .option('--source <name>', 'the source that the files belong to; else the one whose paths they match')
    .option('--format <format>', "instead of the source's own format: a name, auto, or a form as in the configuration")
    .option('--alerts <file>', 'write the alerts as NDJSON, in the native form')
    .option('--json', 'one JSON object: counts and alerts')
    .argument('<files...>')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: Options) => {
      const configuration = await load(options.config);
      const { settings } = configuration;
      const logs = files.map((path) => ({ path, source: sourceOf(path, settings, options) }));
      if (options.alerts !== undefined) await refuseUnwritable(options.alerts);
      const progress = await progressOn(io, files);
      const replayed = await placing(configuration, () => replay(settings, logs, progress.report)).finally(
        progress.end,
      );
      if (options.alerts !== undefined)
        await writeFile(options.alerts, oldestAlertsFirst(replayed).map(encodeNative).join(''), { mode: 0o600 });
      await write(io.stdout, options.json ? replayedJson(replayed) : summary(replayed, logs, screenOn(io.stdout)));
    });
}

const EXAMPLES = `
Example, the last 90 days of a proxy:
  phi-egress replay --source squid --alerts alerts.ndjson /var/log/squid/access.log*
`;

function sourceOf(path: string, { sources }: Settings, { source, format }: Options): SourceSettings {
  const settings = source === undefined ? matching(path, sources) : chooseSource(sources, source);
  return format === undefined ? settings : { ...settings, format: formatArgument(format) };
}

/** The source that reads this file or one that it was rotated from: `access.log.2.gz` belongs to `access.log`. */
function matching(path: string, sources: readonly SourceSettings[]): SourceSettings {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return only;
  const name = basename(resolve(path));
  const [first, ...more] = sources.filter(({ paths }) =>
    paths.some((pattern) => globMatcher(basename(pattern))(name) || globMatcher(`${basename(pattern)}[.-]*`)(name)),
  );
  if (first !== undefined && more.length === 0) return first;
  throw new OperatorError([nameOne(`Cannot tell which source ${quote(path)} belongs to`, sources)]);
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
  const { findings, sources } = replayed;
  const alerts = oldestAlertsFirst(replayed).map((alert) => JSON.parse(encodeNative(alert)));
  return `${JSON.stringify({ sources, findings, alerts })}\n`;
}

function summary(
  { alerts, findings, sources }: Replayed,
  logs: readonly ArchivedLog[],
  { paint, listWidth: width }: Screen,
): string {
  const sum = (of: 'lines' | 'parsed' | 'skipped' | 'unreadable') => sources.reduce((all, it) => all + it[of], 0);
  const lines =
    `${counted(sum('lines'), 'line')} of ${counted(logs.length, 'file')}: ` +
    `parsed ${count(sum('parsed'))}, skipped ${count(sum('skipped'))}, failed ${count(sum('unreadable'))}\n`;
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
