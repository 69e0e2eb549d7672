import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { quote } from '../errors/field.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { type SeenLine, type Settlement, settleFormat } from '../formats/detect.ts';
import { AUTO } from '../formats/registry.ts';
import { readArchive } from '../sources/file/archive.ts';
import { globMatcher } from '../sources/file/glob.ts';
import type { Line } from '../sources/line.ts';
import type { FileSourceSettings, SourceSettings } from '../sources/settings.ts';

/** Lines of a log's beginning that are looked at before it is given up: the format shows in the first, mostly. */
const LINES_LOOKED_AT = 1_000;

/** What the logs of a source say about its format; `empty` while there is no line in any. */
export type SourceSettlement = Settlement | { readonly kind: 'empty' };

/**
 * Settles the format of one source from the beginnings of its logs, in the order of their names; the first that decides
 * decides for all.
 */
export async function settleSource({
  paths,
  timezone,
}: Pick<FileSourceSettings, 'paths' | 'timezone'>): Promise<SourceSettlement> {
  let undecided: SourceSettlement = { kind: 'empty' };
  for (const path of await filesOf(paths)) {
    const lines = await firstLines(path, LINES_LOOKED_AT);
    if (lines.length === 0) continue;
    const settlement = settleFormat(lines, { timezone });
    if (settlement.kind === 'settled') return settlement;
    if (undecided.kind === 'empty') undecided = settlement;
  }
  return undecided;
}

/**
 * A source with its format in place of `auto`.
 *
 * @param settled what was decided before, by source: it holds
 * @param paths the logs that tell, mostly its own
 * @returns why there is none yet, where the logs do not tell
 */
export async function withFormat<Source extends SourceSettings>(
  source: Source,
  settled: ReadonlyMap<string, string>,
  paths: readonly string[] = source.type === 'file' ? source.paths : [],
): Promise<Source | Undecided> {
  if (source.format !== AUTO) return source;
  const before = settled.get(source.name);
  if (before !== undefined) return { ...source, format: before };
  const settlement = await settleSource({ paths, timezone: source.timezone });
  return settlement.kind === 'settled' ? { ...source, format: settlement.format } : { undecided: settlement };
}

export interface Undecided {
  readonly undecided: Exclude<SourceSettlement, { kind: 'settled' }>;
}

/**
 * Refuses to start where logs have lines and these do not tell the format: nothing would ever be read. A log without
 * lines is waited for.
 *
 * @throws OperatorError `format.undetermined` naming each such source
 */
export async function refuseUndetermined(
  sources: readonly SourceSettings[],
  settled: ReadonlyMap<string, string>,
): Promise<void> {
  const problems: Problem[] = [];
  for (const [at, source] of sources.entries()) {
    const found = await withFormat(source, settled);
    if ('undecided' in found && found.undecided.kind !== 'empty')
      problems.push(undetermined(source.name, at, found.undecided));
  }
  if (problems.length > 0) throw new OperatorError(problems);
}

/** @param at which of the configuration's sources */
export function undetermined(source: string, at: number, settlement: Undecided['undecided']): Problem {
  return {
    code: 'format.undetermined',
    what: `Cannot tell the format of source ${quote(source)}: ${describeSettlement(settlement)}`,
    where: { file: '', key: `sources.${at}.format` },
    todo: 'name it, as `phi-egress formats` lists them, or give the format string of the server that writes the log',
  };
}

export function describeSettlement(settlement: Undecided['undecided']): string {
  switch (settlement.kind) {
    case 'empty':
      return 'its logs hold no line yet';
    case 'nothing-read':
      return `no format reads any of its first ${settlement.lines} lines`;
    case 'open':
      return settlement.formats.length === 0
        ? `the line ${settlement.lines} is of another format than those before it`
        : `${settlement.formats.join(' and ')} all fit its first ${settlement.lines} lines`;
    default:
      return settlement satisfies never;
  }
}

/** The first lines of a log; none where it cannot be read, which `checkSources` tells. */
export async function firstLines(path: string, count: number): Promise<readonly SeenLine[]> {
  const found: SeenLine[] = [];
  try {
    if ((await stat(path)).size === 0) return found;
    for await (const { lines } of readArchive(path, 'first lines')) {
      found.push(...lines.filter(isWhole).slice(0, count - found.length));
      if (found.length >= count) break;
    }
  } catch (error) {
    if (!(error instanceof OperatorError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  return found;
}

/** The last line of a log may still be being written, and half a line can look like one of another format. */
function isWhole({ text, place }: Line): boolean {
  return place.bytes > Buffer.byteLength(text);
}

/** The files that patterns match, each pattern's in the order of their names. */
export async function filesOf(patterns: readonly string[]): Promise<readonly string[]> {
  return (await Promise.all(patterns.map(matching))).flat();
}

async function matching(pattern: string): Promise<readonly string[]> {
  const folder = dirname(pattern);
  const matches = globMatcher(basename(pattern));
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(matches)
    .sort()
    .map((name) => join(folder, name));
}
