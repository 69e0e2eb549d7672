import type * as z from 'zod';
import { quote } from '../errors/field.ts';
import { suggest } from '../errors/nearest.ts';
import type { Path } from './document.ts';
import type { Mistake } from './mistake.ts';
import { descriptionAt, knownKeys } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;

/** What was judged, and by which schema. */
interface Judged {
  readonly schema: z.core.$ZodType;
  readonly value: unknown;
}

/**
 * What the schema found wrong, in words that name the found value, the wanted one and the mend.
 * Issues must carry their input (`reportInput`).
 */
export function toMistakes(issue: Issue, judged: Judged, around: Path = []): readonly Mistake[] {
  const path = [...around, ...issue.path];
  const wrong = (what: string, todo?: string): readonly Mistake[] => [
    { code: 'config.bad-value', path, what, ...(todo !== undefined && { todo }) },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, judged));
    case 'invalid_type':
      return issue.input === undefined
        ? [missingKey(path, judged)]
        : wrong(`Found ${describe(issue.input)}`, `write ${WANTED[issue.expected] ?? issue.expected}`);
    case 'invalid_value':
      return issue.input === undefined
        ? [missingKey(path, judged)]
        : wrong(`Found ${describe(issue.input)}`, suggest(String(issue.input), issue.values.map(String)));
    case 'invalid_union':
      return issue.discriminator === undefined ? variant(issue, judged, path) : [discriminator(issue, judged, path)];
    case 'invalid_key':
      return issue.issues
        .flatMap((inner) => toMistakes(inner, judged, path))
        .map((mistake) => ({ ...mistake, part: 'key' as const }));
    case 'too_small':
      return wrong(`Found ${describe(issue.input)}`, leastWanted(issue));
    case 'too_big':
      return wrong(
        `Found ${describe(issue.input)}`,
        `write ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`,
      );
    case 'custom':
      return wrong(issue.message, todoOf(issue.params));
    default:
      return wrong(issue.message);
  }
}

const WANTED: Readonly<Record<string, string>> = {
  string: 'text (in quotes where it looks like something else)',
  array: 'a list, each entry after a hyphen',
  object: 'keys and values',
  record: 'keys and values',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

/** The kind of a value as an operator calls it. */
function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'keys and values';
  return typeof value === 'string' ? quote(value) : String(value);
}

function unknownKey(key: string, path: Path, { schema, value }: Judged): Mistake {
  return {
    code: 'config.unknown-key',
    path: [...path, key],
    part: 'key',
    what: `Unknown key ${quote(key)}`,
    todo: suggest(key, knownKeys(schema, path, value)),
  };
}

function missingKey(path: Path, { schema, value }: Judged): Mistake {
  const description = descriptionAt(schema, path, value);
  return {
    code: 'config.missing-key',
    path,
    what: `Missing key ${quote(String(path.at(-1) ?? ''))}`,
    todo: description === undefined ? 'add it' : `add it: ${description}`,
  };
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** The value's `type` chooses among mappings. */
function discriminator(issue: UnionIssue, judged: Judged, path: Path): Mistake {
  const chosen: unknown = (issue.input as Readonly<Record<string, unknown>>)[String(issue.discriminator)];
  const options = ('options' in issue ? (issue.options ?? []) : []).map(String);
  if (chosen === undefined) return { ...missingKey(path, judged), todo: `add it: one of ${options.join(', ')}` };
  return { code: 'config.bad-value', path, what: `Found ${describe(chosen)}`, todo: suggest(String(chosen), options) };
}

/** Of several forms, the one that the value has is judged on its own; where it has none, all are described. */
function variant(issue: UnionIssue, judged: Judged, path: Path): readonly Mistake[] {
  const sameForm = issue.errors.find((inner) => inner.every((it) => it.code !== 'invalid_type' || it.path.length > 0));
  if (sameForm !== undefined) return sameForm.flatMap((inner) => toMistakes(inner, judged, path));
  if (issue.input === undefined) return [missingKey(path, judged)];
  const description = descriptionAt(judged.schema, path, judged.value);
  return [
    {
      code: 'config.bad-value',
      path,
      what: `Found ${describe(issue.input)}`,
      ...(description !== undefined && { todo: `write ${description.charAt(0).toLowerCase()}${description.slice(1)}` }),
    },
  ];
}

function leastWanted({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>): string {
  if (origin === 'array') return `list at least ${minimum === 1 ? 'one' : minimum}`;
  return `write ${inclusive ? 'at least' : 'more than'} ${minimum}`;
}

function todoOf(params: { readonly todo?: unknown } | undefined): string | undefined {
  return typeof params?.todo === 'string' ? params.todo : undefined;
}
