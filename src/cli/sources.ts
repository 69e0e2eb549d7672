import { suggest } from '../errors/nearest.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import type { LineReader } from '../formats/format.ts';
import type { Line } from '../sources/line.ts';
import type { SourceSettings } from '../sources/settings.ts';

/** @throws OperatorError when the name is unknown. */
export function chooseSource(sources: readonly SourceSettings[], name: string): SourceSettings {
  const chosen = sources.find((it) => it.name === name);
  if (chosen !== undefined) return chosen;
  const what = `Cannot find source "${name}"`;
  const names = sources.map((it) => it.name);
  throw new OperatorError([{ code: 'cli.bad-argument', what, todo: suggest(name, names) }]);
}

/**
 * The one source whose format knows the line.
 *
 * @throws OperatorError when there are several, or none among several.
 */
export function sourceThatReads(
  { text, writtenBeforeMs }: Line,
  sources: readonly SourceSettings[],
  readerOf: (source: SourceSettings) => LineReader,
): SourceSettings {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return only;
  const able = sources.filter((it) => readerOf(it)(text, { writtenBeforeMs }).kind !== 'unreadable');
  const [first, ...more] = able;
  if (first !== undefined && more.length === 0) return first;
  throw new OperatorError([
    first === undefined
      ? nameOne('No source can read the line', sources)
      : nameOne('More than one source can read the line', able),
  ]);
}

/** @param what why it has to be named. */
export function nameOne(what: string, sources: readonly SourceSettings[]): Problem {
  const names = sources.map(({ name }) => name).join(', ');
  return { code: 'cli.bad-argument', what, todo: `name one with --source: ${names}` };
}
