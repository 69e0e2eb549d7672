import { quote } from '../errors/field.ts';
import { suggest } from '../errors/nearest.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { AUTO, formatFor, formats } from '../formats/registry.ts';
import { formatChoice } from '../sources/format-schema.ts';
import type { FormatChoice } from '../sources/settings.ts';
import { problemAt } from './mistake.ts';
import type { Sections } from './sections.ts';

/** Formats that are not known, and format strings that cannot be read. */
export function checkFormats({ sources }: Sections): readonly Problem[] {
  const names = formats.map(({ name }) => name);
  return sources.flatMap((source) => {
    const { format } = source.value;
    if (typeof format !== 'string') return unusable(source, formatChoice(format));
    if (format === AUTO && source.value.type !== 'file') {
      const why = `Cannot tell the format of a source of type ${source.value.type} by looking at it, as auto does with files`;
      return [problemAt(source, ['format'], 'config.bad-value', why, 'name it, as `phi-egress formats` lists them')];
    }
    if (format === AUTO || names.includes(format)) return [];
    const what = `Cannot find format ${quote(format)}`;
    return [problemAt(source, ['format'], 'config.bad-value', what, suggest(format, [...names, AUTO]))];
  });
}

function unusable(source: Sections['sources'][number], choice: FormatChoice): readonly Problem[] {
  try {
    formatFor(choice);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems.map(({ code, what, todo }) =>
      problemAt(source, ['format', ...Object.keys(choice)], code, what, todo ?? 'see `phi-egress formats`'),
    );
  }
}
