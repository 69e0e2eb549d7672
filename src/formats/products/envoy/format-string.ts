import {
  badTemplate,
  checkedTemplate,
  type Directive,
  unknownDirective,
  type WebField,
  type WebTemplate,
} from '../../engines/web-template.ts';
import { EPOCH_SECONDS, epochTime, strftimeTime } from '../../engines/web-times.ts';
import { ENVOY_OPERATORS, ENVOY_REQUEST_HEADERS, ENVOY_RESPONSE_HEADERS } from './operators.ts';

const WHERE = 'format string';

/**
 * Reads an Envoy format string. A line break at its end, which Envoy needs, may stand there.
 *
 * @throws OperatorError `format.bad-template`, naming the operator and its column, counted from 1
 */
export function parseEnvoyFormat(written: string): WebTemplate {
  const text = written.replace(/(?:\\n|\n)$/, '');
  const fields: WebField[] = [];
  const columns: number[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (character !== '%' || text[at + 1] === '%') {
      literal += character;
      at += character === '%' ? 2 : 1;
      continue;
    }
    const operator = /%([A-Z_]+)(?:\(([^)]*)\))?(?::\d+)?%/y;
    operator.lastIndex = at;
    const [whole, name = '', argument] = operator.exec(text) ?? [];
    if (whole === undefined) {
      throw badTemplate(
        `Cannot find the end of the operator at column ${at + 1} of the format string`,
        'close it with %, and write %% for a percent sign',
      );
    }
    const directive = directiveOf(name, argument, at);
    fields.push({ ...directive, code: `%${name}%`, before: literal });
    columns.push(at + 1);
    literal = '';
    at += whole.length;
  }
  return checkedTemplate({ fields, after: literal }, columns, WHERE);
}

/** Operators with an argument that tells nothing we need. */
const OTHERS = ['TRAILER', 'DYNAMIC_METADATA', 'CLUSTER_METADATA', 'UPSTREAM_METADATA', 'FILTER_STATE', 'ENVIRONMENT'];

function directiveOf(name: string, argument: string | undefined, at: number): Directive {
  if (name === 'REQ') return headerOf(argument, ENVOY_REQUEST_HEADERS);
  if (name === 'RESP') return headerOf(argument, ENVOY_RESPONSE_HEADERS);
  if (name === 'START_TIME' && argument !== undefined) return startTime(argument, at);
  const known = ENVOY_OPERATORS.get(name);
  if (known !== undefined) return known;
  if (OTHERS.includes(name) || /^(?:DOWNSTREAM|UPSTREAM)_(?:PEER|LOCAL|TLS|TRANSPORT|SSL)_/.test(name))
    return { holds: 'text' };
  const names = [...ENVOY_OPERATORS.keys(), 'REQ', 'RESP', ...OTHERS].map((it) => `%${it}%`);
  throw unknownDirective(`%${name}%`, at + 1, WHERE, 'Envoy', names);
}

/** `REQ(FIRST?SECOND)`: the second where there is no first. */
function headerOf(argument: string | undefined, known: ReadonlyMap<string, Directive>): Directive {
  const names = (argument ?? '').toLowerCase().split('?');
  const found = names.map((name) => known.get(name.trim())).find((it) => it !== undefined);
  return found ?? { holds: 'text' };
}

/** `%s` is seconds since the epoch, `%3f` milliseconds, `%s%3f` both in one; else `strftime`, in UTC. */
function startTime(pattern: string, at: number): Directive {
  if (pattern === '%s') return { holds: 'code', time: EPOCH_SECONDS };
  if (pattern === '%s.%3f') return { holds: 'name', time: EPOCH_SECONDS };
  if (pattern === '%s%3f') return { holds: 'code', time: epochTime(1) };
  const time = strftimeTime(pattern.replace('%3f', '%f'), true);
  if (!('because' in time)) return { holds: time.length ?? 'text', time };
  throw badTemplate(
    `Cannot use the time pattern at column ${at + 1} of the format string: ${time.because}`,
    'write %START_TIME% alone',
  );
}
