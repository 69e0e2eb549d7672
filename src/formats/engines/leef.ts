import { joined, readHeader } from './cef.ts';
import { createPairReader, Pairs } from './key-value.ts';
import type { Lookup } from './lookup.ts';

/**
 * IBM Log Event Extended Format, "QRadar LEEF", versions 1.0 and 2.0:
 *
 *     LEEF:1.0|vendor|product|version|event|key=value<tab>key=value
 *     LEEF:2.0|vendor|product|version|event|delimiter|key=value<delimiter>key=value
 *
 * The delimiter is one character or its code, `^`, `x5E` or `0x5E`; a tab where it is empty. Values are written as they
 * are. The header's fields have the names of `LEEF_HEADER`. Some write blanks for the tabs: then a value ends before the
 * next ` key=`.
 */
export const LEEF_HEADER = ['vendor', 'product', 'version', 'eventId'] as const;

/** @returns what a line says, until the next one is read; `undefined` when it is no LEEF */
export function createLeefReader(): (text: string) => Lookup | undefined {
  const readWithBlanks = createPairReader({ separator: ' ', bare: 'text', quotes: false });
  const readDelimited = createDelimitedReader();
  return (text) => {
    const start = afterMark(text);
    const version = text.slice(start, start + VERSION_LENGTH);
    if (version !== '1.0|' && version !== '2.0|') return undefined;
    const header = readHeader(text, start + VERSION_LENGTH, LEEF_HEADER.length);
    if (header === undefined) return undefined;
    const attributes = delimiterAt(text, header.end, version === '2.0|');
    const { delimiter } = attributes;
    const hasTabs = delimiter !== TAB || text.includes(TAB, attributes.start);
    return joined(
      LEEF_HEADER,
      header,
      hasTabs ? readDelimited(text, attributes.start, delimiter) : readWithBlanks(text, attributes.start),
    );
  };
}

function createDelimitedReader() {
  const pairs = new Pairs();
  const lookup: Lookup = (name) => {
    const index = pairs.find(name);
    return index === -1 ? undefined : pairs.value(index);
  };
  return (text: string, start: number, delimiter: string): Lookup => {
    pairs.begin(text);
    let equals = start - 1;
    for (let at = start; at < text.length && !pairs.isFull; ) {
      const next = text.indexOf(delimiter, at);
      const end = next === -1 ? text.length : next;
      // Of a part without its `=`, the one that was found serves the parts behind it.
      if (equals < at) equals = text.indexOf('=', at);
      if (equals === -1) break;
      if (equals < end) pairs.add(at, equals, equals + 1, end, false);
      at = end + 1;
    }
    return lookup;
  };
}

const TAB = '\t';
const VERSION_LENGTH = '2.0|'.length;

/** Where the version stands: behind `LEEF:`, or at the beginning where syslog took that for its tag. */
function afterMark(text: string): number {
  if (text.startsWith('LEEF:')) return 'LEEF:'.length;
  const mark = text.indexOf(' LEEF:');
  return mark === -1 ? 0 : mark + ' LEEF:'.length;
}

function delimiterAt(text: string, start: number, isVersion2: boolean): { delimiter: string; start: number } {
  if (!isVersion2) return { delimiter: TAB, start };
  const end = text.indexOf('|', start);
  // Some leave the field out.
  if (end === -1 || end - start > LONGEST_DELIMITER) return { delimiter: TAB, start };
  const written = text.slice(start, end);
  if (written === '') return { delimiter: TAB, start: end + 1 };
  if (written.length === 1) return { delimiter: written, start: end + 1 };
  const [, digits] = /^0?x([0-9a-f]{1,4})$/i.exec(written) ?? [];
  if (digits === undefined) return { delimiter: TAB, start };
  return { delimiter: String.fromCharCode(Number.parseInt(digits, 16)), start: end + 1 };
}

/** `0x005E`. */
const LONGEST_DELIMITER = 6;
