import {
  badTemplate,
  checkedTemplate,
  type Directive,
  type WebField,
  type WebTemplate,
} from '../../engines/web-template.ts';
import { withoutBackslashes } from '../../values/backslashes.ts';
import { NGINX_VARIABLES } from './variables.ts';

/** How nginx protects values (`log_format`, "escape"): bytes as `\x22`, as in a JSON string, or not at all. */
type Escape = 'default' | 'json' | 'none';

/**
 * Reads a log_format string: what stands behind its name in nginx.conf, `escape=...` and the quotes around its parts
 * included, or the bare string.
 *
 * @throws OperatorError `format.bad-template`, naming the column, counted from 1
 */
export function parseNginxFormat(written: string): WebTemplate {
  const { escape: protection, text } = unwrap(written.trim());
  const fields: WebField[] = [];
  const columns: number[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    const [whole = '', inBraces, bare] = variableAt(text, at);
    const name = inBraces ?? bare;
    if (name === undefined) {
      literal += text.charAt(at);
      at += 1;
      continue;
    }
    fields.push(fieldOf(name, literal, protection));
    columns.push(at + 1);
    literal = '';
    at += whole.length;
  }
  return checkedTemplate({ fields, after: literal }, columns, 'log_format');
}

function variableAt(text: string, at: number): RegExpExecArray | readonly string[] {
  const variable = /\$(?:\{(\w+)\}|(\w+))/y;
  variable.lastIndex = at;
  return variable.exec(text) ?? [];
}

function fieldOf(name: string, before: string, protection: Escape): WebField {
  const isQuoted = before.endsWith('"');
  const directive = NGINX_VARIABLES.get(name) ?? unknownVariable(name, isQuoted);
  // In quotes nothing but the closing one ends a value, and that is escaped within.
  const holds = isQuoted && protection !== 'none' && typeof directive.holds !== 'number' ? 'text' : directive.holds;
  return {
    ...directive,
    holds,
    code: `$${name}`,
    before,
    ...(protection !== 'none' && { escaping: 'backslash', decode: withoutBackslashes }),
  };
}

/** Any header, cookie or argument is a variable, and so is what the operator sets or maps. */
function unknownVariable(name: string, isQuoted: boolean): Directive {
  return { holds: isQuoted || /^(?:sent_|upstream_)?http_|^cookie_|^arg_/.test(name) ? 'text' : 'word' };
}

function unwrap(written: string): { readonly escape: Escape; readonly text: string } {
  const [prefix = '', name = 'default'] = /^escape=(\w+)\s+/.exec(written) ?? [];
  if (name !== 'default' && name !== 'json' && name !== 'none') {
    throw badTemplate(`Cannot read escape=${name}`, 'write escape=default, escape=json or escape=none');
  }
  const rest = written.slice(prefix.length).replace(/\s*;$/, '');
  return { escape: name, text: /^["']/.test(rest) ? joined(rest, prefix.length) : rest };
}

/** nginx.conf breaks long formats into quoted parts, one behind the other. */
function joined(rest: string, offset: number): string {
  const part = /(["'])((?:\\[\s\S]|(?!\1)[^\\])*)\1\s*/y;
  let text = '';
  while (part.lastIndex < rest.length) {
    const at = part.lastIndex;
    const found = part.exec(rest);
    if (found === null) {
      throw badTemplate(
        `Cannot find the end of the quoted part at column ${offset + at + 1} of the log_format`,
        'copy the whole of it, or leave all quotes around it out',
      );
    }
    text += (found[2] ?? '').replace(/\\(["'\\])/g, '$1');
  }
  return text;
}
