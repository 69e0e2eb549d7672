import {
  badTemplate,
  checkedTemplate,
  type Directive,
  unknownDirective,
  type WebField,
  type WebTemplate,
} from '../../engines/web-template.ts';
import { epochTime, strftimeTime } from '../../engines/web-times.ts';
import { withoutBackslashes } from '../../values/backslashes.ts';
import { HAPROXY_EXPRESSIONS, HAPROXY_VARIABLES } from './variables.ts';

const WHERE = 'log-format';

/** `+Q` puts values in quotes, `+E` escapes what stands in them, `+X` prints numbers in hexadecimal. */
interface Flags {
  readonly Q: boolean;
  readonly E: boolean;
  readonly X: boolean;
}

/**
 * Reads a log-format string, with or without the backslashes that haproxy.cfg has before its quotes and blanks.
 *
 * @throws OperatorError `format.bad-template`, naming the variable and its column, counted from 1
 */
export function parseHaproxyFormat(logFormat: string): WebTemplate {
  const fields: WebField[] = [];
  const columns: number[] = [];
  let always: Flags = { Q: false, E: false, X: false };
  let literal = '';
  for (let at = 0; at < logFormat.length; ) {
    const character = logFormat.charAt(at);
    if (character !== '%' || logFormat[at + 1] === '%') {
      const isEscape = character === '\\' && /["' \\%]/.test(logFormat.charAt(at + 1));
      literal = withBlank(literal, fields, isEscape ? logFormat.charAt(at + 1) : character);
      at += isEscape || character === '%' ? 2 : 1;
      continue;
    }
    const { code, flags, expression, end } = readItem(logFormat, at, always);
    if (code === 'o') always = flags;
    else {
      const last = fields.at(-1);
      const next =
        expression === undefined
          ? variableField(code, flags, literal, at)
          : expressionField(expression, flags, literal, at);
      // Header captures bring the blank before them, and where there are none there is no blank either.
      const isOptional = next.code.startsWith('%h');
      if (isOptional && last?.code.startsWith('%h') === true && literal.trim() === '') literal = '';
      else {
        fields.push(isOptional ? { ...next, before: literal.replace(/ $/, '') } : next);
        columns.push(at + 1);
        literal = isQuoted(next, flags) ? '"' : '';
      }
    }
    at = end;
  }
  return checkedTemplate({ fields, after: literal }, columns, WHERE);
}

/** HAProxy prints no blank at a line's beginning, and never two in a row. */
function withBlank(literal: string, fields: readonly WebField[], character: string): string {
  if (character !== ' ') return literal + character;
  const isFirst = fields.length === 0 && literal === '';
  return isFirst || literal.endsWith(' ') ? literal : `${literal} `;
}

interface Item {
  readonly code: string;
  readonly flags: Flags;
  /** What stands between the brackets of `%[...]`. */
  readonly expression?: string;
  readonly end: number;
}

/** `% {flags} (name) variable`, or `% {flags} (name) [expression]`. */
function readItem(logFormat: string, at: number, always: Flags): Item {
  const head = /(?:\{([^}]*)\})?(?:\([^)]*\))?(?:\{([^}]*)\})?/y;
  head.lastIndex = at + 1;
  const [written = '', before = '', after = ''] = head.exec(logFormat) ?? [];
  const flags = flagsOf(`${before},${after}`, always);
  const nameAt = at + 1 + written.length;
  if (logFormat[nameAt] !== '[') {
    const name = /[A-Za-z]*/y;
    name.lastIndex = nameAt;
    const [letters = ''] = name.exec(logFormat) ?? [];
    const code = [letters, letters.slice(0, 3), letters.slice(0, 2), letters.slice(0, 1)].find((it) =>
      HAPROXY_VARIABLES.has(it),
    );
    if (code !== undefined) return { code, flags, end: nameAt + code.length };
    const known = [...HAPROXY_VARIABLES.keys()].map((it) => `%${it}`);
    throw unknownDirective(`%${letters}`, at + 1, WHERE, 'HAProxy', known);
  }
  const end = closingBracket(logFormat, nameAt);
  if (end === -1) {
    throw badTemplate(
      `Cannot find the end of the expression at column ${at + 1} of the log-format`,
      'close it with a bracket, in haproxy.cfg and here',
    );
  }
  return { code: '[]', flags, expression: logFormat.slice(nameAt + 1, end), end: end + 1 };
}

/** Brackets may stand within an expression's parentheses. */
function closingBracket(logFormat: string, opening: number): number {
  let depth = 0;
  for (let at = opening + 1; at < logFormat.length; at++) {
    const character = logFormat[at];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ']' && depth <= 0) return at;
  }
  return -1;
}

function flagsOf(written: string, always: Flags): Flags {
  const set = (flag: keyof Flags) =>
    written.includes(`-${flag}`) ? false : always[flag] || written.includes(`+${flag}`);
  return { Q: set('Q'), E: set('E'), X: set('X') };
}

function variableField(code: string, flags: Flags, literal: string, at: number): WebField {
  const variable = HAPROXY_VARIABLES.get(code);
  if (variable === undefined) throw unknownDirective(`%${code}`, at + 1, WHERE, 'HAProxy', []);
  const { quotable, ...directive } = variable;
  const quoted = flags.Q && quotable === true;
  return {
    ...(flags.X && quotable !== true ? { holds: directive.holds } : directive),
    code: `%${code}`,
    before: quoted ? `${literal}"` : literal,
    ...(quoted && { holds: 'text' as const }),
    // In requests and captures HAProxy encodes quotes, so that the next one is the closing one.
    escaping: flags.E ? 'backslash' : 'bare',
    ...(quotable === true && { decode: flags.E ? withoutBackslashes : withoutHashes }),
  };
}

function expressionField(expression: string, flags: Flags, literal: string, at: number): WebField {
  const [sample = '', ...converters] = expression.split(/,(?![^(]*\))/);
  const isEscaped = flags.E || converters.some((it) => it.startsWith('json('));
  const directive = expressionDirective(sample.trim(), converters, at);
  const inQuotes = flags.Q || literal.endsWith('"');
  return {
    ...directive,
    holds: typeof directive.holds !== 'number' && inQuotes ? 'text' : directive.holds,
    code: `%[${sample.trim()}]`,
    before: flags.Q ? `${literal}"` : literal,
    ...(isEscaped && { escaping: 'backslash' as const, decode: withoutBackslashes }),
  };
}

/** Converters that leave the value as it is, or nearly so. Behind any other it is something else. */
const HARMLESS = /^(?:json\(.*|lower|upper|trim|rtrim|ltrim)$/;

function expressionDirective(sample: string, converters: readonly string[], at: number): Directive {
  const [first = ''] = converters;
  const [, timeZone, pattern] = /^(utime|ltime)\(["']?(.*?)["']?(?:,.*)?\)$/.exec(first) ?? [];
  if (sample.startsWith('date') && pattern !== undefined) {
    const time = strftimeTime(pattern, timeZone === 'utime');
    if ('because' in time) {
      throw badTemplate(
        `Cannot use the time at column ${at + 1} of the log-format: ${time.because}`,
        'write %tr, or %Ts',
      );
    }
    return { holds: time.length ?? 'text', time };
  }
  if (sample === 'date(0,ms)') return { holds: 'code', time: epochTime(1) };
  const known = HAPROXY_EXPRESSIONS.get(sample);
  if (known === undefined) return { holds: 'word' };
  return converters.every((it) => HARMLESS.test(it.trim())) ? known : { holds: known.holds };
}

function isQuoted({ before, code }: WebField, { Q }: Flags): boolean {
  return Q && before.endsWith('"') && !code.startsWith('%h');
}

/** `#22` is a quote, `#7C` a vertical bar; `<BADREQ>` is no request at all. HAProxy manual, "HTTP log format". */
function withoutHashes(text: string): string {
  if (text === '<BADREQ>') return '';
  if (!text.includes('#')) return text;
  return text.replace(/(?:#[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('#', ''), 'hex').toString());
}
