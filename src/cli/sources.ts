import { OperatorError } from '../errors/problem.ts';
import type { SourceSettings } from '../sources/settings.ts';

/** @throws OperatorError when the name is unknown, or none was given and there are several. */
export function chooseSource(sources: readonly SourceSettings[], name: string | undefined): SourceSettings {
  const [first] = sources;
  const names = sources.map((it) => it.name).join(', ');
  if (name === undefined && sources.length === 1 && first !== undefined) return first;
  const chosen = sources.find((it) => it.name === name);
  if (chosen !== undefined) return chosen;
  const what = name === undefined ? 'There is more than one source' : `Cannot find a source "${name}"`;
  throw new OperatorError([{ code: 'cli.bad-argument', what, todo: `name one with --source: ${names}` }]);
}
