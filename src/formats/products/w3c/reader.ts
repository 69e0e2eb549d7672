import { createSplitter, type Splitter } from '../../engines/delimited.ts';
import type { Lookup } from '../../engines/lookup.ts';
import { namedColumns } from '../../engines/named-columns.ts';
import { compileTable, type RecordTable, type TableReader } from '../../engines/record-table.ts';
import type { LineReader, ReaderOptions, Reading } from '../../format.ts';
import { BLANK_LINE, isBlank } from '../../values/blank-line.ts';
import { skipped, unreadable } from '../../values/reading.ts';
import { parseHeader, type W3cHeader, withDirective } from './header.ts';

export interface W3cDialect {
  /** By what the header says; `undefined` for the log of another product, whose fields mean something else. */
  readonly tableOf: (header: W3cHeader) => RecordTable | undefined;
  /** Between two values; where it is not given, a tab if the line has any, else a blank. */
  readonly separator?: ' ' | '\t';
  /**
   * The fields that the product logs unless it is told otherwise. They hold for a file whose header was never seen, and
   * only for lines that have exactly so many values.
   */
  readonly defaultFields?: readonly string[];
}

/** How the lines behind one header are read. */
interface Layout {
  readonly fields: number;
  readonly lookups: { readonly blank: Lookup; readonly tab: Lookup };
  readonly read: TableReader;
}

/** Files of one source have few different headers. */
const MAX_LAYOUTS = 256;

/** Reads the lines of a W3C extended log by the fields that its header names. */
export function w3cReader(dialect: W3cDialect, options: ReaderOptions): LineReader {
  const blank = createSplitter({ separator: ' ', quotes: 'doubled' });
  const tab = createSplitter({ separator: '\t', quotes: 'none' });
  const tables = new Map<RecordTable, TableReader>();
  const layouts = new Map<string, Layout | 'other-product' | undefined>();
  const defaultLayout = dialect.defaultFields && layoutOf({ fields: dialect.defaultFields });
  let lastHeader: string | undefined;
  let lastLayout: Layout | 'other-product' | undefined;

  function layoutOf(header: W3cHeader): Layout | 'other-product' | undefined {
    const { fields } = header;
    if (fields === undefined) return undefined;
    const table = dialect.tableOf(header);
    if (table === undefined) return 'other-product';
    const read = tables.get(table) ?? compileTable(table, options);
    tables.set(table, read);
    const withDate = dateOfHeader(header);
    const lookups = {
      blank: withDate(namedColumns(fields, blank.columns)),
      tab: withDate(namedColumns(fields, tab.columns)),
    };
    return { fields: fields.length, lookups, read };
  }

  function layoutFor(fileHeader: string | undefined): Layout | 'other-product' | undefined {
    if (fileHeader === undefined) return defaultLayout;
    if (fileHeader === lastHeader) return lastLayout;
    if (!layouts.has(fileHeader)) {
      if (layouts.size >= MAX_LAYOUTS) layouts.clear();
      layouts.set(fileHeader, layoutOf(parseHeader(fileHeader)) ?? defaultLayout);
    }
    lastHeader = fileHeader;
    lastLayout = layouts.get(fileHeader);
    return lastLayout;
  }

  return (text, context) => {
    if (text.charCodeAt(0) === HASH) return directive(text, context.fileHeader);
    if (isBlank(text)) return BLANK_LINE;
    const layout = layoutFor(context.fileHeader);
    if (layout === undefined) return NO_HEADER;
    if (layout === 'other-product') return OTHER_PRODUCT;
    const isTab = dialect.separator === undefined ? text.includes('\t') : dialect.separator === '\t';
    const { split, columns }: Splitter = isTab ? tab : blank;
    if (!split(text)) return BAD_QUOTES;
    if (columns.count !== layout.fields) return layout === defaultLayout ? NO_HEADER : OTHER_COUNT;
    return layout.read(isTab ? layout.lookups.tab : layout.lookups.blank, context);
  };
}

function directive(text: string, before: string | undefined): Reading {
  const fileHeader = withDirective(before, text);
  return fileHeader === undefined ? COMMENT : { kind: 'skipped', because: 'header', fileHeader };
}

/** Where only times are logged, the day is that of the header, or the next one once midnight has passed. */
function dateOfHeader({ date, fields = [] }: W3cHeader): (columns: Lookup) => Lookup {
  const [, day, begun = ''] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?/.exec(date ?? '') ?? [];
  if (day === undefined || fields.some((it) => it.toLowerCase() === 'date')) return (columns) => columns;
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnightMs)) return (columns) => columns;
  const nextDay = new Date(midnightMs + DAY_MS).toISOString().slice(0, 10);
  return (columns) => (name) => {
    if (name !== 'date') return columns(name);
    return (columns('time') ?? '') < begun ? nextDay : day;
  };
}

const HASH = 35;
const DAY_MS = 86_400_000;
const COMMENT = skipped('comment');
const NO_HEADER = unreadable("the file's #Fields line was not seen, so nobody can tell which value is which");
const OTHER_COUNT = unreadable('the line holds more or fewer values than #Fields names');
const OTHER_PRODUCT = unreadable("the file's header is that of another product: choose its format, or w3c");
const BAD_QUOTES = unreadable('a quote is not closed');
