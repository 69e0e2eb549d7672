import { hash } from 'node:crypto';

/**
 * The lines that a file begins with and that other files of its kind begin with as well, `#Software` and `#Fields` or a
 * row of column names, with the first line behind them: together they tell the file from the others.
 *
 *     #Software: Microsoft Internet Information Services 10.0
 *     #Fields: date time s-ip cs-method ...                       the header
 *     2026-11-24 04:04:56 10.0.0.5 GET ...                        the head ends behind this line
 */
export interface FileHead {
  /** 16 hex digits of the SHA-256 of its lines, without their ends but LF between them. */
  readonly contentId: string;
  /** Where the header ends: 0 in most files, whose first line is one like all others. */
  readonly headerBytes: number;
}

/** The head ends with the line that passes this, whatever it is. */
export const MAX_HEADER_BYTES = 16 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Lines over `maxLineBytes` count with their beginning, as they are handed on.
 *
 * @param last nothing follows these bytes
 * @returns `undefined` when they end before the head does
 */
export function fileHead(bytes: Buffer, maxLineBytes: number, last: boolean): FileHead | undefined {
  const digest: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const lf = bytes.indexOf(LF, at);
    const lineEnd = lf < 0 ? bytes.length : lf;
    const cut = lineEnd - at > maxLineBytes;
    if (lf < 0 && !cut && !last) return undefined;
    const line = bytes.subarray(at, cut ? at + maxLineBytes : withoutCr(bytes, at, lf, lineEnd));
    if (digest.length > 0) digest.push(LINE_END);
    digest.push(line);
    const next = lf < 0 ? lineEnd : lf + 1;
    if (!isHeaderLine(line) || next > MAX_HEADER_BYTES) return { contentId: idOf(digest), headerBytes: at };
    at = next;
  }
  return last && digest.length > 0 ? { contentId: idOf(digest), headerBytes: at } : undefined;
}

/** Where the text of a line ends that ends with `lf`, or with `end` where none does. */
export function withoutCr(bytes: Buffer, start: number, lf: number, end: number): number {
  return lf > start && bytes[lf - 1] === CR ? lf - 1 : end;
}

function idOf(lines: readonly Buffer[]): string {
  return hash('sha256', Buffer.concat(lines), 'hex').slice(0, 16);
}

/** `#Fields: ...`, or names of columns: several words without a digit. Every other line of a log holds a time. */
function isHeaderLine(line: Buffer): boolean {
  if (line[0] === HASH) return true;
  let separators = 0;
  for (const byte of line) {
    if (byte >= ZERO && byte <= NINE) return false;
    if (byte === TAB || byte === BLANK || byte === COMMA) separators++;
  }
  return separators >= FEWEST_SEPARATORS;
}

const LINE_END = Buffer.from([LF]);
const TAB = 0x09;
const BLANK = 0x20;
const HASH = 0x23;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const FEWEST_SEPARATORS = 4;
