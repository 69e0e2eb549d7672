import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { type ArchivedLog, type Replayed, type ReplayProgress, replay } from '../agent/replay.ts';
import type { Settings } from '../config/settings.ts';
import { SEVERITIES } from '../rules/severity.ts';
import { encodeNative } from '../sinks/encoders/native.ts';
import { globMatcher } from '../sources/file/glob.ts';
import type { SourceSettings } from '../sources/settings.ts';
import { configOption, load } from './configuration.ts';
import { type Io, paintFor, table } from './io.ts';
import { chooseSource } from './sources.ts';

interface Options {
  readonly config?: string;
  readonly format?: string;
  readonly source?: string;
  readonly alerts?: string;
}

/** Between two lines of progress, where the output is no terminal. */
const PROGRESS_MS = 5_000;
const PROGRESS_TTY_MS = 100;

export function addReplay(program: Command, io: Io): void {
  program
    .command('replay')
    .description('take archived logs (plain or .gz) through the pipeline, oldest first, without touching the state')
    .addOption(configOption())
    .option('--source <name>', 'the source that the files belong to; else the one whose paths they match')
    .option('--format <name>', "instead of the source's own format")
    .option('--alerts <file>', 'write the alerts as NDJSON, in the native form')
    .argument('<files...>')
    .action(async (files: readonly string[], options: Options) => {
      const settings = await load(options.config);
      const logs = files.map((path) => ({ path, source: sourceOf(path, settings, options) }));
      const replayed = await replay(settings, logs, progressOn(io));
      if (options.alerts !== undefined)
        await writeFile(options.alerts, [...replayed.alerts].reverse().map(encodeNative).join(''), { mode: 0o600 });
      io.stdout.write(summary(replayed, logs, io));
    });
}

function sourceOf(path: string, { sources }: Settings, { source, format }: Options): SourceSettings {
  const chosen = source === undefined ? matching(path, sources) : undefined;
  const settings = chosen ?? chooseSource(sources, source);
  return format === undefined ? settings : { ...settings, format };
}

/** The source that reads this file or one that it was rotated from: `access.log.2.gz` belongs to `access.log`. */
function matching(path: string, sources: readonly SourceSettings[]): SourceSettings | undefined {
  const name = basename(resolve(path));
  const candidates = sources.filter(({ paths }) =>
    paths.some((pattern) => globMatcher(basename(pattern))(name) || globMatcher(`${basename(pattern)}[.-]*`)(name)),
  );
  return candidates.length === 1 ? candidates[0] : undefined;
}

function progressOn({ stderr }: Io): (progress: ReplayProgress) => void {
  const everyMs = stderr.isTTY === true ? PROGRESS_TTY_MS : PROGRESS_MS;
  let toldMs = performance.now();
  return ({ path, filesDone, files, lines }) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < everyMs) return;
    toldMs = nowMs;
    const words = `file ${filesDone + 1} of ${files}, ${lines.toLocaleString('en-US')} lines, ${path}`;
    stderr.write(stderr.isTTY === true ? `\r\u001b[K${words}` : `${words}\n`);
  };
}

function summary(
  { alerts, findings, sources }: Replayed,
  logs: readonly ArchivedLog[],
  { stdout, stderr }: Io,
): string {
  if (stderr.isTTY === true) stderr.write('\r\u001b[K');
  const paint = paintFor(stdout);
  const sum = (of: 'lines' | 'parsed' | 'skipped' | 'unreadable') => sources.reduce((all, it) => all + it[of], 0);
  const count = (number: number) => number.toLocaleString('en-US');
  const lines =
    `${count(sum('lines'))} lines of ${logs.length} ${logs.length === 1 ? 'file' : 'files'}: ` +
    `parsed ${count(sum('parsed'))}, skipped ${count(sum('skipped'))}, failed ${count(sum('unreadable'))}\n`;
  if (alerts.length === 0) return `${lines}${paint.good('no findings')}\n`;
  const bySeverity = [...alerts].sort(
    (one, other) =>
      SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity) ||
      one.firstSeen.localeCompare(other.firstSeen),
  );
  const rows = bySeverity.map(({ severity, rule, vendor, receiver, count: found, bytes, firstSeen, lastSeen }) => [
    severity,
    rule,
    vendor?.name ?? receiver.host ?? receiver.ip ?? '-',
    receiver.country ?? receiver.standing,
    count(found),
    bytes === undefined ? '-' : count(bytes),
    `${firstSeen.slice(0, 16)}Z`,
    `${lastSeen.slice(0, 16)}Z`,
  ]);
  const heading = ['severity', 'rule', 'vendor or host', 'where', 'findings', 'bytes', 'first', 'last'];
  return `${lines}${count(findings)} findings in ${count(alerts.length)} alerts\n\n${table([heading, ...rows])}`;
}
