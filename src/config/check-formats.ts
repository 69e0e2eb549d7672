import { quote } from '../errors/field.ts';
import { suggest } from '../errors/nearest.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { formatFor, formats } from '../formats/registry.ts';
import { problemAt } from './mistake.ts';
import type { Sections } from './sections.ts';

/** Formats that are not known, and format strings that cannot be read. */
export function checkFormats({ sources }: Sections): readonly Problem[] {
  const names = formats.map(({ name }) => name);
  return sources.flatMap((source) => {
    const { format } = source.value;
    if (typeof format !== 'string') return unreadableTemplate(source, format);
    if (names.includes(format)) return [];
    const what = `Cannot find format ${quote(format)}`;
    return [problemAt(source, ['format'], 'config.bad-value', what, suggest(format, names))];
  });
}

function unreadableTemplate(
  source: Sections['sources'][number],
  template: Parameters<typeof formatFor>[0],
): readonly Problem[] {
  try {
    formatFor(template);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems.map(({ code, what, todo }) =>
      problemAt(source, ['format', 'squid'], code, what, todo ?? 'see `phi-egress formats`'),
    );
  }
}
