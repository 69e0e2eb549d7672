import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ArchivedLog } from '../agent/replay-plan.ts';
import type { Settings } from '../config/settings.ts';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { globMatcher } from '../sources/file/glob.ts';
import type { SourceSettings } from '../sources/settings.ts';
import { formatArgument } from './format-argument.ts';
import { chooseSource, nameOne } from './sources.ts';

interface Choice {
  readonly source?: string;
  readonly format?: string;
}

/**
 * The files that arguments name, each with the source that it belongs to. Of a directory every file that is not hidden
 * and may belong to a source; those in directories below it are not looked for.
 *
 * @throws OperatorError when it cannot be told which source a file belongs to.
 */
export async function archivedLogs(
  paths: readonly string[],
  settings: Settings,
  choice: Choice,
): Promise<readonly ArchivedLog[]> {
  const logs: ArchivedLog[] = [];
  for (const path of paths) {
    const isDirectory = await stat(path).then(
      (it) => it.isDirectory(),
      () => false,
    );
    if (isDirectory) logs.push(...(await logsIn(path, settings, choice)));
    else logs.push({ path: resolve(path), source: sourceOf(path, settings, choice) });
  }
  return logs;
}

async function logsIn(directory: string, settings: Settings, choice: Choice): Promise<readonly ArchivedLog[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const what = `Cannot read the directory (${cause.code ?? 'unknown error'})`;
    throw new OperatorError([{ code: 'source.unreadable', what, where: { file: directory } }], { cause });
  });
  const names = entries.filter((it) => it.isFile() && !it.name.startsWith('.')).map(({ name }) => name);
  const logs = names.sort().flatMap((name): readonly ArchivedLog[] => {
    const source = choice.source === undefined ? matching(name, settings.sources)[0] : sourceOf(name, settings, choice);
    if (source === undefined) return [];
    return [{ path: resolve(join(directory, name)), source: withFormat(source, choice), found: true }];
  });
  if (logs.length > 0) return logs;
  throw new OperatorError([nameOne(`No file in ${quote(directory)} belongs to a source`, settings.sources)]);
}

function sourceOf(path: string, { sources }: Settings, choice: Choice): SourceSettings {
  if (choice.source !== undefined) return withFormat(chooseSource(sources, choice.source), choice);
  const [first, ...more] = matching(basename(resolve(path)), sources);
  if (first !== undefined && more.length === 0) return withFormat(first, choice);
  throw new OperatorError([nameOne(`Cannot tell which source ${quote(path)} belongs to`, sources)]);
}

/** The sources that read this file or one that it was rotated from: `access.log.2.gz` belongs to `access.log`. */
function matching(name: string, sources: readonly SourceSettings[]): readonly SourceSettings[] {
  if (sources.length === 1) return sources;
  return sources.filter(
    (it) =>
      it.type === 'file' &&
      it.paths.some(
        (pattern) => globMatcher(basename(pattern))(name) || globMatcher(`${basename(pattern)}[.-]*`)(name),
      ),
  );
}

function withFormat(source: SourceSettings, { format }: Choice): SourceSettings {
  return format === undefined ? source : { ...source, format: formatArgument(format) };
}
