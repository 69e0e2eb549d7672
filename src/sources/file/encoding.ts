import { isUtf8 } from 'node:buffer';

/** How a file's bytes are text: told by its byte order mark; without one it is UTF-8. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = '\ufeff';
/** A character of UTF-8 that was cut lacks at most this many bytes less one. */
const LONGEST_UTF8 = 4;

export function encodingOf(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Bytes of a line end, and what every offset in the file is a multiple of. */
export function unitBytes(encoding: Encoding): 1 | 2 {
  return encoding === 'utf-8' ? 1 : 2;
}

/** As many of these bytes as make whole units. */
export function wholeUnits(bytes: number, unit: number): number {
  return bytes - (bytes % unit);
}

/** Where the next LF begins. `bytes` stand at an offset that is a multiple of the unit. @returns -1 without one. */
export function indexOfLf(bytes: Buffer, from: number, encoding: Encoding): number {
  if (encoding === 'utf-8') return bytes.indexOf(LF, from);
  const low = encoding === 'utf-16le' ? 0 : 1;
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const start = at - low;
    if (start >= from && start % 2 === 0 && isUnit(bytes, start, LF, encoding)) return start;
  }
  return -1;
}

/** @returns -1 without one. */
export function lastIndexOfLf(bytes: Buffer, encoding: Encoding): number {
  if (encoding === 'utf-8') return bytes.lastIndexOf(LF);
  for (let start = bytes.length - (bytes.length % 2) - 2; start >= 0; start -= 2) {
    if (isUnit(bytes, start, LF, encoding)) return start;
  }
  return -1;
}

/** Whether what stands before an offset is the end of a line. */
export function endsWithLf(bytes: Buffer, encoding: Encoding): boolean {
  const start = bytes.length - unitBytes(encoding);
  return start >= 0 && isUnit(bytes, start, LF, encoding);
}

/** The end of a line's text: before a CR, if one stands directly before its LF. */
export function withoutCr(bytes: Buffer, start: number, lf: number, encoding: Encoding): number {
  const cr = lf - unitBytes(encoding);
  return cr >= start && isUnit(bytes, cr, CR, encoding) ? cr : lf;
}

/**
 * The text of a line. Of UTF-8 a line at a time: one that is none is Latin-1, in which older devices write among others
 * that write UTF-8. `cut`: its last character may lack bytes.
 */
export function decodeLine(line: Buffer, encoding: Encoding, isFirst: boolean, cut: boolean): string {
  const text = encoding === 'utf-8' ? decodeUtf8(line, cut) : decodeUtf16(line, encoding);
  return isFirst && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function decodeUtf8(line: Buffer, cut: boolean): string {
  if (isUtf8(line)) return line.toString('utf8');
  for (let missing = 1; cut && missing < LONGEST_UTF8 && missing <= line.length; missing++) {
    const whole = line.subarray(0, line.length - missing);
    if (isUtf8(whole)) return whole.toString('utf8');
  }
  return line.toString('latin1');
}

function decodeUtf16(line: Buffer, encoding: 'utf-16le' | 'utf-16be'): string {
  const whole = line.subarray(0, line.length - (line.length % 2));
  return (encoding === 'utf-16le' ? whole : Buffer.from(whole).swap16()).toString('utf16le');
}

function isUnit(bytes: Buffer, start: number, value: number, encoding: Encoding): boolean {
  if (encoding === 'utf-8') return bytes[start] === value;
  const [low, high] = encoding === 'utf-16le' ? [start, start + 1] : [start + 1, start];
  return bytes[low] === value && bytes[high] === 0;
}
