import { afterBlanks } from '../syslog/message.ts';
import { createPairReader } from './key-value.ts';
import type { Lookup } from './lookup.ts';

/**
 * ArcSight Common Event Format, "Implementing ArcSight Common Event Format (CEF)", versions 0 and 1:
 *
 *     CEF:0|vendor|product|version|event class|name|severity|key=value key=value with blanks
 *
 * In the header `\|` and `\\` are escapes; in the extension `\=`, `\\`, `\n` and `\r`. A value ends before the next
 * ` key=`. The header's fields have the names of `CEF_HEADER`.
 */
export const CEF_HEADER = [
  'deviceVendor',
  'deviceProduct',
  'deviceVersion',
  'deviceEventClassId',
  'name',
  'severity',
] as const;

/** @returns what a line says, until the next one is read; `undefined` when it is no CEF */
export function createCefReader(): (text: string) => Lookup | undefined {
  const readPairs = createPairReader({ separator: ' ', bare: 'text', quotes: false, unescape: unescapeExtension });
  return (text) => {
    const start = afterMark(text);
    const header = start === undefined ? undefined : readHeader(text, start, CEF_HEADER.length);
    return header === undefined ? undefined : joined(CEF_HEADER, header, readPairs(text, header.end));
  };
}

/** A header of a fixed number of fields, each ended by `|`, and where the rest begins. */
export interface HeaderFields {
  readonly fields: readonly string[];
  readonly end: number;
}

/** @returns `undefined` when there are fewer fields */
export function readHeader(text: string, start: number, count: number): HeaderFields | undefined {
  const fields: string[] = [];
  let at = start;
  let fieldStart = start;
  while (fields.length < count) {
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) return undefined;
    if (code === BACKSLASH) at++;
    else if (code === PIPE) {
      fields.push(withoutEscapes(text.slice(fieldStart, at)));
      fieldStart = at + 1;
    }
    at++;
  }
  return { fields, end: at };
}

function withoutEscapes(field: string): string {
  return field.includes('\\') ? field.replace(/\\([\\|])/g, '$1') : field;
}

/** The header's fields by their names, and the pairs by theirs. */
export function joined(
  names: readonly string[],
  { fields }: HeaderFields,
  pairs: Lookup | undefined = () => undefined,
): Lookup {
  return (name) => {
    const index = names.indexOf(name);
    return index === -1 ? pairs(name) : fields[index];
  };
}

/** Behind `CEF:0|`, wherever that stands: behind a syslog header in whatever form, or without its `CEF:` as the tag. */
function afterMark(text: string): number | undefined {
  const mark = text.startsWith('CEF:') ? 0 : text.indexOf(' CEF:');
  // FortiOS writes a blank behind the colon.
  const version = mark === -1 ? 0 : afterBlanks(text, text.indexOf(':', mark) + 1);
  const isVersion = (text[version] === '0' || text[version] === '1') && text[version + 1] === '|';
  return isVersion ? version + 2 : undefined;
}

/** What an escaped backslash stands before is no escape. Without a callback: a hostile value is nothing but escapes. */
function unescapeExtension(value: string): string {
  if (!value.includes('\\')) return value;
  return value
    .split('\\\\')
    .map((part) => part.replaceAll('\\=', '=').replaceAll('\\|', '|').replaceAll('\\n', '\n').replaceAll('\\r', '\r'))
    .join('\\');
}

const BACKSLASH = 92;
const PIPE = 124;
