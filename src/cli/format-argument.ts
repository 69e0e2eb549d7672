import { parse } from 'yaml';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { formatChoice, formatSchema } from '../sources/format-schema.ts';
import type { FormatChoice } from '../sources/settings.ts';

/**
 * A format as an argument: a name, or what would stand behind `format:` in the configuration.
 *
 * @throws OperatorError `cli.bad-argument` when it is neither
 */
export function formatArgument(text: string): FormatChoice {
  if (!text.trimStart().startsWith('{')) return text;
  const parsed = formatSchema.safeParse(yamlOf(text));
  if (parsed.success) return formatChoice(parsed.data);
  throw unusable(text);
}

function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw unusable(text);
  }
}

function unusable(text: string): OperatorError {
  const todo = 'write it as in the configuration, { nginx: "<log_format string>" } for instance';
  return new OperatorError([{ code: 'cli.bad-argument', what: `Cannot use ${quote(text)} as a format`, todo }]);
}
