import { nearest } from '../../../errors/nearest.ts';
import { OperatorError } from '../../../errors/problem.ts';
import { compileTimePattern, type TimePattern } from '../../../time/strftime.ts';
import { inseparableField, type TemplateField } from '../../engines/template.ts';
import { SQUID_CODES, type SquidCodeKind } from './codes.ts';
import type { SquidQuoting } from './quoting.ts';

/** One code of a logformat string. */
export interface SquidField extends TemplateField {
  /** As in `SQUID_CODES`. */
  readonly code: string;
  /** What stood in braces: a header's name, a time pattern. */
  readonly argument?: string;
  readonly quoting: SquidQuoting;
  /** Digits that `precision` cut the value to: `%.6tu`. */
  readonly precision?: number;
  /** Only of `%tl` and `%tg`. */
  readonly timePattern?: TimePattern;
}

export interface SquidLogformat {
  readonly fields: readonly SquidField[];
  /** Literal text after the last field. */
  readonly after: string;
}

/**
 * Reads a logformat string as squid.conf has it, `%ts.%03tu %6tr %>a` for instance.
 *
 * @throws OperatorError `format.bad-template`, naming the code and its column, counted from 1
 */
export function parseLogformat(logformat: string): SquidLogformat {
  const fields: SquidField[] = [];
  const columns: number[] = [];
  let context: SquidQuoting = 'none';
  let literal = '';
  for (let at = 0; at < logformat.length; ) {
    const character = logformat.charAt(at);
    if (character === '%' && logformat[at + 1] !== '%') {
      const { field, end } = readCode(logformat, at, literal, context);
      fields.push(field);
      columns.push(at + 1);
      literal = '';
      at = end;
    } else {
      literal += character;
      context = quotingAfter(character, context);
      at += character === '%' ? 2 : 1;
    }
  }
  if (fields.length === 0) throw badTemplate('Found no % code in the logformat', 'copy the line from squid.conf');
  const second = inseparableField(fields);
  if (second !== undefined) {
    throw badTemplate(
      `Cannot tell where the field before column ${columns[second]} of the logformat ends`,
      'put a blank between the two codes, in squid.conf and here',
    );
  }
  return { fields, after: literal };
}

/** A literal quote or bracket sets how the codes after it are quoted, until its counterpart: `Format::Token::parse`. */
function quotingAfter(character: string, context: SquidQuoting): SquidQuoting {
  if (character === '"' && context === 'none') return 'quoted';
  if (character === '"' && context === 'quoted') return 'none';
  if (character === '[' && context === 'none') return 'percent';
  if (character === ']' && context === 'percent') return 'none';
  return context;
}

const QUOTING_MARKS: Readonly<Record<string, SquidQuoting>> = {
  '"': 'quoted',
  '[': 'percent',
  '#': 'url',
  '/': 'shell',
  "'": 'raw',
};

interface CodeReading {
  readonly field: SquidField;
  /** Where the code ends in the logformat string. */
  readonly end: number;
}

/** `% [encoding] [-] [[0]width][.precision] [{argument}] code [{argument}]` */
function readCode(logformat: string, at: number, before: string, context: SquidQuoting): CodeReading {
  const mark = QUOTING_MARKS[logformat.charAt(at + 1)];
  const modifiers = sticky(/(-?0?)(\d*)(?:\.(\d+))?(?:\{([^}]*)\})?(?:http::)?/y, logformat, at + (mark ? 2 : 1));
  const { code, end: codeEnd } = knownCode(logformat, modifiers.end, at);
  const [, alignment, width, precision, leading] = modifiers.groups;
  const trailing = leading === undefined ? sticky(/(?:\{([^}]*)\})?/y, logformat, codeEnd) : undefined;
  const argument = leading ?? trailing?.groups[1];
  const kind = SQUID_CODES.get(code) ?? 'text';
  const quoting = mark ?? context;
  const timePattern = patternOf(kind, argument, at);
  return {
    end: trailing?.end ?? codeEnd,
    field: {
      code,
      before,
      holds: timePattern?.length ?? subsecondLength(code, alignment, width, precision) ?? holdsOf(kind, quoting),
      ...escapeOf(quoting),
      quoting: kind === 'header' && quoting === 'none' && !isUrl(argument) ? 'url' : quoting,
      ...(width !== '' && width !== undefined && alignment !== '0' && { padded: true }),
      ...(precision !== undefined && { precision: Number(precision) }),
      ...(argument !== undefined && { argument }),
      ...(timePattern !== undefined && { timePattern }),
    },
  };
}

function sticky(
  pattern: RegExp,
  text: string,
  at: number,
): { readonly groups: readonly string[]; readonly end: number } {
  pattern.lastIndex = at;
  const groups = pattern.exec(text) ?? [''];
  return { groups, end: at + groups[0].length };
}

/** Squid takes the longest code that fits (bug 3310), so what follows may be literal text. */
function knownCode(logformat: string, at: number, percentAt: number): { readonly code: string; readonly end: number } {
  const written = logformat.slice(at, at + LONGEST_CODE + 1);
  const text = written.replace(/^tls::/, 'ssl::');
  const code = CODES_LONGEST_FIRST.find((it) => text.startsWith(it));
  if (code !== undefined) return { code, end: at + code.length };
  const [unknown = ''] = /^[^\s"'%{},;|/[\]]*/.exec(written) ?? [];
  throw badTemplate(
    `Cannot read %${unknown} at column ${percentAt + 1} of the logformat: Squid has no such code`,
    `write ${alike(unknown)}`,
  );
}

const CODES_LONGEST_FIRST = [...SQUID_CODES.keys()].sort((a, b) => b.length - a.length);
const LONGEST_CODE = CODES_LONGEST_FIRST[0]?.length ?? 0;

/** Codes that the operator may have meant. */
function alike(unknown: string): string {
  const near = nearest(unknown, SQUID_CODES.keys());
  const core = unknown.replace(/^[<>]/, '').slice(0, 1);
  const related = CODES_LONGEST_FIRST.filter((it) => core !== '' && it.replace(/^[<>]/, '').startsWith(core));
  const shortest = related.toReversed().slice(0, 8);
  const choices = [...new Set(near === undefined ? shortest : [near, ...shortest])];
  const shown = choices.length === 0 ? ['ts', '>a', 'ru', '>st'] : choices;
  return `one of ${shown.map((it) => `%${it}`).join(', ')}`;
}

function holdsOf(kind: SquidCodeKind, quoting: SquidQuoting): TemplateField['holds'] {
  if (kind === 'code' || kind === 'name' || kind === 'word') return kind;
  if (quoting === 'url' || (kind === 'header' && quoting === 'none')) return 'word';
  return 'text';
}

/** `%03tu` has three digits always: that many fit and the others are zeros. */
function subsecondLength(code: string, alignment = '', width = '', precision = '3'): number | undefined {
  return code === 'tu' && alignment === '0' && width === precision ? Number(width) : undefined;
}

/** A header that is a URL has percent signs of its own, which Squid leaves alone (`rfc1738_escape_unescaped`). */
function isUrl(argument: string | undefined): boolean {
  return argument?.toLowerCase() === 'referer';
}

function escapeOf(quoting: SquidQuoting): Pick<TemplateField, 'escaping'> {
  if (quoting === 'quoted') return { escaping: 'backslash' };
  return quoting === 'percent' || quoting === 'shell' ? { escaping: quoting } : {};
}

function patternOf(kind: SquidCodeKind, argument: string | undefined, at: number): TimePattern | undefined {
  if (kind !== 'local-time' && kind !== 'utc-time') return undefined;
  const compiled = compileTimePattern(
    argument ?? (kind === 'local-time' ? '%d/%b/%Y:%H:%M:%S %z' : '%d/%b/%Y:%H:%M:%S'),
  );
  if ('pattern' in compiled) return compiled.pattern;
  throw badTemplate(
    `Cannot use the time pattern at column ${at + 1} of the logformat: ${compiled.because}`,
    'write %ts.%03tu, or a pattern such as %{%Y-%m-%dT%H:%M:%S%z}tl',
  );
}

export function badTemplate(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'format.bad-template', what, todo }]);
}
