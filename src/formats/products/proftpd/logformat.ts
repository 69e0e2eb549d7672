import { nearest } from '../../../errors/nearest.ts';
import { OperatorError } from '../../../errors/problem.ts';
import { compileTimePattern, type TimePattern } from '../../../time/strftime.ts';
import { CODES, type CodeKind, KIND_PATTERNS } from './codes.ts';

/** One code of a LogFormat. */
export interface LogFormatField {
  /** As it stands in the LogFormat: `%b`, `%{protocol}`, `%{UNIQUE_ID}e`; `%{...}t` for a time pattern. */
  readonly code: string;
  readonly kind: CodeKind;
  /** Only of `%{...}t`. */
  readonly timePattern?: TimePattern;
}

/** The values of a line, by code. */
export type LogFormatValues = ReadonlyMap<string, string>;

/**
 * `departs`: written in another format. `ambiguous`: a file's name or a command holds what looks like the fields after
 * it, so nobody can tell which are the real ones.
 */
export type LogFormatMatch = LogFormatValues | 'departs' | 'ambiguous';

export interface LogFormat {
  readonly fields: readonly LogFormatField[];
  readonly match: (line: string) => LogFormatMatch;
}

/**
 * Compiles the format string of a `LogFormat` directive, as it stands between its quotes in proftpd.conf; `\"` is a
 * quote.
 *
 * Values of free text end where the fields after them begin. These fields, with the literal text between them, are a
 * regular expression of bounded length that must be found exactly once, so each character is looked at a bounded number
 * of times.
 *
 * @throws OperatorError `format.bad-template` for a code that ProFTPD does not have, and for two free texts with nothing
 *   between them
 */
export function compileLogFormat(text: string): LogFormat {
  const parts = partsOf(text.replaceAll('\\"', '"'));
  const fields = parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));
  if (fields.length === 0) throw badTemplate('Found no % code in the LogFormat', 'copy the string from proftpd.conf');
  const { texts, anchors } = anchorsOf(parts);
  return { fields, match: matcher(texts, anchors) };
}

type Part = string | LogFormatField;

function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    const [written = ''] = /^%(?:%|\{[^}]{0,255}\}[et]?|#?[A-Za-z])/.exec(text.slice(at, at + 300)) ?? [];
    if (written === '' || written === '%%') {
      literal += text.charAt(at);
      at += Math.max(written.length, 1);
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    const { field, length } = fieldOf(written, at);
    parts.push(field);
    at += length;
  }
  return literal === '' ? parts : [...parts, literal];
}

/** `%{...}e` is an environment variable, `%{...}t` a time in a pattern of `strftime`; else what is in braces is a name. */
function fieldOf(written: string, at: number): { readonly field: LogFormatField; readonly length: number } {
  const inBraces = /^%\{([^}]*)\}([et]?)$/.exec(written);
  const [, name = '', suffix] = inBraces ?? [];
  const bare = inBraces === null ? written : `%{${name}}`;
  const kind = CODES.get(bare);
  // `%{iso8601}t` is the code and a letter; `%{%Y}t` is a pattern.
  if (kind !== undefined) return { field: { code: bare, kind }, length: bare.length };
  if (suffix === 'e' || name.startsWith('note:'))
    return { field: { code: written, kind: 'name' }, length: written.length };
  if (suffix === 't') return { field: timeField(name, at), length: written.length };
  const near = nearest(bare, CODES.keys());
  throw badTemplate(
    `Cannot read ${bare} at column ${at + 1} of the LogFormat: ProFTPD has no such code`,
    near === undefined ? 'write one of %a, %u, %m, %s, %b, %f' : `write ${near}`,
  );
}

function timeField(pattern: string, at: number): LogFormatField {
  const compiled = compileTimePattern(pattern);
  if ('pattern' in compiled) return { code: '%{...}t', kind: 'pattern-time', timePattern: compiled.pattern };
  throw badTemplate(
    `Cannot use the time pattern at column ${at + 1} of the LogFormat: ${compiled.because}`,
    'write %{iso8601}, %t, or a pattern such as %{%Y-%m-%dT%H:%M:%S%z}t',
  );
}

/** What stands between two free texts: literal text and fields that tell where they end. */
interface Anchor {
  readonly source: string;
  readonly fields: readonly LogFormatField[];
}

function anchorsOf(parts: readonly Part[]): {
  readonly texts: readonly LogFormatField[];
  readonly anchors: readonly Anchor[];
} {
  const texts: LogFormatField[] = [];
  const anchors: Anchor[] = [];
  let source = '';
  let fields: LogFormatField[] = [];
  for (const part of parts) {
    if (typeof part !== 'string' && part.kind === 'text') {
      if (source === '' && texts.length > 0) {
        throw badTemplate(
          `Cannot tell where the value before ${part.code} ends`,
          'put quotes around both, in proftpd.conf and here',
        );
      }
      anchors.push({ source, fields });
      texts.push(part);
      source = '';
      fields = [];
    } else if (typeof part === 'string') {
      source += part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    } else {
      source += `(${patternOf(part)})`;
      fields.push(part);
    }
  }
  return { texts, anchors: [...anchors, { source, fields }] };
}

function patternOf({ kind, timePattern }: LogFormatField): string {
  if (kind === 'text') throw new TypeError('Free text has no pattern');
  return kind === 'pattern-time' ? `[^\\n]{${timePattern?.length ?? 0}}` : KIND_PATTERNS[kind];
}

function matcher(texts: readonly LogFormatField[], anchors: readonly Anchor[]): LogFormat['match'] {
  const [first, ...rest] = anchors;
  const last = rest.at(-1);
  const head = new RegExp(`^(?:${first?.source ?? ''})${last === undefined ? '$' : ''}`);
  const tail = new RegExp(`(?:${last?.source ?? ''})$`);
  const between = rest.slice(0, -1).map(({ source }) => new RegExp(source, 'g'));

  return (line) => {
    const values = new Map<string, string>();
    const begin = head.exec(line.slice(0, LONGEST_ANCHOR));
    if (begin === null || first === undefined) return 'departs';
    take(values, first.fields, begin);
    if (last === undefined) return line.length > LONGEST_ANCHOR ? 'departs' : values;
    const end = tail.exec(line.slice(-LONGEST_ANCHOR));
    if (end === null || begin[0].length + end[0].length > line.length) return 'departs';
    take(values, last.fields, end);
    let region = line.slice(begin[0].length, line.length - end[0].length);
    for (const [index, pattern] of between.entries()) {
      const found = onlyMatch(pattern, region);
      if (typeof found === 'string') return found;
      values.set(texts[index]?.code ?? '', region.slice(0, found.index));
      take(values, rest[index]?.fields ?? [], found);
      region = region.slice(found.index + found[0].length);
    }
    values.set(texts.at(-1)?.code ?? '', region);
    return values;
  };
}

function onlyMatch(pattern: RegExp, region: string): RegExpExecArray | 'departs' | 'ambiguous' {
  pattern.lastIndex = 0;
  const found = pattern.exec(region);
  if (found === null) return 'departs';
  pattern.lastIndex = found.index + 1;
  return pattern.test(region) ? 'ambiguous' : found;
}

function take(values: Map<string, string>, fields: readonly LogFormatField[], match: RegExpExecArray): void {
  for (const [index, { code }] of fields.entries()) values.set(code, match[index + 1] ?? '');
}

/** All fields but free texts are short. */
const LONGEST_ANCHOR = 8_192;

function badTemplate(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'format.bad-template', what, todo }]);
}
