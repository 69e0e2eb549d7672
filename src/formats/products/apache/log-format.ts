import {
  badTemplate,
  checkedTemplate,
  type Directive,
  unknownDirective,
  type WebField,
  type WebTemplate,
} from '../../engines/web-template.ts';
import { strftimeTime } from '../../engines/web-times.ts';
import { withoutBackslashes } from '../../values/backslashes.ts';
import { APACHE_ARGUMENTS, APACHE_DIRECTIVES } from './directives.ts';

const WHERE = 'LogFormat';

/**
 * Reads a LogFormat string, with or without the backslashes that httpd.conf has before its quotes.
 *
 * @throws OperatorError `format.bad-template`, naming the directive and its column, counted from 1
 */
export function parseLogFormat(logFormat: string): WebTemplate {
  const fields: WebField[] = [];
  const columns: number[] = [];
  let literal = '';
  for (let at = 0; at < logFormat.length; ) {
    const character = logFormat.charAt(at);
    const next = logFormat.charAt(at + 1);
    if (character === '%' && next !== '%') {
      const { field, end, closing } = readDirective(logFormat, at, literal);
      fields.push(field);
      columns.push(at + 1);
      literal = closing;
      at = end;
    } else if (character === '\\' && next !== '') {
      literal += ESCAPED[next] ?? next;
      at += 2;
    } else {
      literal += character;
      at += character === '%' ? 2 : 1;
    }
  }
  return checkedTemplate({ fields, after: literal }, columns, WHERE);
}

const ESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

interface DirectiveReading {
  readonly field: WebField;
  /** Where the directive ends in the format string. */
  readonly end: number;
  /** What it prints behind its value: `%t` stands in brackets. */
  readonly closing: string;
}

/** `% [!]status,... [<|>] {argument} [^]letters` */
function readDirective(logFormat: string, at: number, before: string): DirectiveReading {
  const modifiers = /!?[\d,]*[<>]?(?:\{([^}]*)\})?/y;
  modifiers.lastIndex = at + 1;
  const [written = '', argument] = modifiers.exec(logFormat) ?? [];
  const nameAt = at + 1 + written.length;
  const name = logFormat[nameAt] === '^' ? logFormat.slice(nameAt, nameAt + 3) : logFormat.charAt(nameAt);
  const directive = directiveOf(name, argument, at);
  if (directive === undefined) {
    const known = [...APACHE_DIRECTIVES.keys()].map((it) => `%${it}`);
    throw unknownDirective(`%${name}`, at + 1, WHERE, 'Apache', known);
  }
  const isBracketed = name === 't' && argument === undefined;
  return {
    end: nameAt + name.length,
    closing: isBracketed ? ']' : '',
    field: {
      ...directive,
      code: `%${argument === undefined ? '' : `{${argument}}`}${name}`,
      before: isBracketed ? `${before}[` : before,
      ...(directive.holds === 'text' && { escaping: 'backslash', decode: withoutBackslashes }),
    },
  };
}

function directiveOf(name: string, argument: string | undefined, at: number): Directive | undefined {
  const plain = APACHE_DIRECTIVES.get(name);
  if (argument === undefined || plain === undefined) return plain;
  const bare = name === 't' ? argument.replace(/^(?:begin|end):/, '') : argument;
  const known = APACHE_ARGUMENTS.get(`{${bare.toLowerCase()}}${name}`);
  if (known !== undefined || name !== 't') return known ?? withoutMeaning(plain);
  const time = strftimeTime(bare);
  if (!('because' in time)) return { holds: time.length ?? 'text', time };
  throw badTemplate(
    `Cannot use the time pattern at column ${at + 1} of the LogFormat: ${time.because}`,
    'write %t, or a pattern such as %{%Y-%m-%dT%H:%M:%S%z}t',
  );
}

/** `%{other}p` is another port than `%p`. */
function withoutMeaning({ holds }: Directive): Directive {
  return { holds };
}
