import { createSplitter, type Splitter } from '../../engines/delimited.ts';
import { createJsonLookup, readJsonLine } from '../../engines/json-line.ts';
import type { Lookup } from '../../engines/lookup.ts';
import { namedColumns } from '../../engines/named-columns.ts';
import { compileTable, type TableReader } from '../../engines/record-table.ts';
import type { LineReader, ReaderOptions, Reading } from '../../format.ts';
import { BLANK_LINE, isBlank } from '../../values/blank-line.ts';
import { skipped, unreadable } from '../../values/reading.ts';
import { ZEEK_TABLES } from './tables.ts';

/** Directives that the lines behind them need; `#separator` begins a header anew. */
const KEPT = ['#separator', '#set_separator', '#empty_field', '#unset_field', '#path', '#fields'];
const LONGEST_HEADER = 16_384;
const MAX_LAYOUTS = 64;

type Layout =
  | {
      readonly kind: 'fields';
      readonly count: number;
      readonly splitter: Splitter;
      readonly lookup: Lookup;
      readonly read: TableReader;
    }
  | { readonly kind: 'other-log' }
  | { readonly kind: 'no-fields' };

/** Reads Zeek's logs, in its own format by the header of their file, and as JSON. */
export function zeekReader(options: ReaderOptions): LineReader {
  const readers = new Map([...ZEEK_TABLES].map(([path, table]) => [path, compileTable(table, options)]));
  const lookupIn = createJsonLookup();
  const layouts = new Map<string, Layout>();
  let lastHeader: string | undefined;
  let lastLayout: Layout = NO_FIELDS;

  function layoutFor(fileHeader: string | undefined): Layout {
    if (fileHeader === undefined) return NO_FIELDS;
    if (fileHeader === lastHeader) return lastLayout;
    const known = layouts.get(fileHeader) ?? layoutOf(fileHeader, readers);
    if (layouts.size >= MAX_LAYOUTS) layouts.clear();
    layouts.set(fileHeader, known);
    lastHeader = fileHeader;
    lastLayout = known;
    return known;
  }

  function readJson(text: string, context: Parameters<LineReader>[1]): Reading {
    const object = readJsonLine(text);
    if (object === undefined) return BAD_JSON;
    const lookup = lookupIn(object);
    const path = lookup('_path') ?? pathByKeys(lookup);
    if (path === undefined) return NO_PATH;
    const read = readers.get(path);
    return read === undefined ? OTHER_LOG : read(withoutIcmpPorts(lookup), context);
  }

  return (text, context) => {
    const first = text.charCodeAt(0);
    if (first === BRACE) return readJson(text, context);
    if (first === HASH) return directive(text, context.fileHeader);
    if (isBlank(text)) return BLANK_LINE;
    const layout = layoutFor(context.fileHeader);
    if (layout.kind === 'no-fields') return NO_HEADER;
    if (layout.kind === 'other-log') return OTHER_LOG;
    if (!layout.splitter.split(text)) return OTHER_COUNT;
    return layout.splitter.columns.count === layout.count ? layout.read(layout.lookup, context) : OTHER_COUNT;
  };
}

function directive(text: string, before = ''): Reading {
  const name = /^#[a-z_]+/.exec(text)?.[0] ?? '';
  if (!KEPT.includes(name) || text.length > LONGEST_HEADER) return COMMENT;
  const kept = name === '#separator' ? [] : before.split('\n').filter((it) => it !== '' && !hasName(it, name));
  return { kind: 'skipped', because: 'header', fileHeader: [...kept, text].join('\n') };
}

function hasName(line: string, name: string): boolean {
  return line.startsWith(name) && !/[a-z_]/.test(line[name.length] ?? '');
}

function layoutOf(fileHeader: string, readers: ReadonlyMap<string, TableReader>): Layout {
  const lines = fileHeader.split('\n');
  const written = lines.find((it) => hasName(it, '#separator'))?.slice('#separator '.length) ?? '\\x09';
  const separator = unescaped(written);
  if (separator !== '\t' && separator !== ',' && separator !== ' ') return NO_FIELDS;
  const valuesOf = (name: string) =>
    lines
      .find((it) => hasName(it, name))
      ?.split(separator)
      .slice(1);
  const fields = valuesOf('#fields');
  const path = valuesOf('#path')?.[0];
  if (fields === undefined || path === undefined) return NO_FIELDS;
  const read = readers.get(path);
  if (read === undefined) return { kind: 'other-log' };
  const setSeparator = unescaped(valuesOf('#set_separator')?.[0] ?? ',');
  const splitter = createSplitter({ separator, quotes: 'none' });
  const columns = namedColumns(fields, splitter.columns);
  const lookup = withoutIcmpPorts(firstOfSets(columns, setSeparator));
  return { kind: 'fields', count: fields.length, splitter, lookup, read };
}

/** Of a set of addresses, connections or types the first; Zeek writes what is no text as `\xHH`. */
function firstOfSets(columns: Lookup, separator: string): Lookup {
  return (name) => {
    const value = columns(name);
    if (value === undefined) return undefined;
    if (!SETS.has(name)) return unescaped(value);
    const end = value.indexOf(separator);
    return unescaped(end === -1 ? value : value.slice(0, end));
  };
}

const SETS = new Set(['tx_hosts', 'rx_hosts', 'conn_uids', 'orig_mime_types', 'resp_mime_types', 'orig_filenames']);

/** ICMP has types where others have ports. */
function withoutIcmpPorts(lookup: Lookup): Lookup {
  return (name) => {
    const isPort = name === 'id.orig_p' || name === 'id.resp_p';
    return isPort && lookup('proto') === 'icmp' ? undefined : lookup(name);
  };
}

function unescaped(value: string): string {
  if (!value.includes('\\x')) return value;
  // One byte each, which together may be UTF-8.
  const bytes = value.replace(/(?:\\x[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8'),
  );
  return bytes;
}

/** A key that only this log has, for JSON without `_path`. */
const KEYS: readonly (readonly [key: string, path: string])[] = [
  ['conn_state', 'conn'],
  ['trans_depth', 'http'],
  ['auth_attempts', 'ssh'],
  ['fuid', 'files'],
  ['server_name', 'ssl'],
  ['cipher', 'ssl'],
  ['command', 'ftp'],
];

function pathByKeys(lookup: Lookup): string | undefined {
  for (const [key, path] of KEYS) {
    // A file that was sent over FTP has both.
    if (lookup(key) !== undefined) return path === 'files' && lookup('command') !== undefined ? 'ftp' : path;
  }
  return undefined;
}

const HASH = 35;
const BRACE = 123;
const NO_FIELDS: Layout = { kind: 'no-fields' };
const COMMENT = skipped('comment');
const OTHER_LOG = skipped('a log of Zeek that tells of no transfer');
const BAD_JSON = unreadable('the line begins as JSON and is none');
const NO_PATH = unreadable(
  'nothing tells which of its logs Zeek wrote: neither _path nor a key that only one of them has',
);
const NO_HEADER = unreadable("the file's #fields line was not seen, so nobody can tell which value is which");
const OTHER_COUNT = unreadable('the line holds more or fewer values than #fields names');
