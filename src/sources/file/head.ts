import { hash } from 'node:crypto';
import { decodeLine, type Encoding, encodingOf, indexOfLf, unitBytes, wholeUnits, withoutCr } from './encoding.ts';

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

export interface HeadOptions {
  readonly encoding: Encoding;
  /** Lines over it count with their beginning, as they are handed on. */
  readonly maxLineBytes: number;
  /** Nothing follows these bytes. */
  readonly last: boolean;
}

/** @returns `undefined` when the bytes end before the head does */
export function fileHead(bytes: Buffer, { encoding, maxLineBytes, last }: HeadOptions): FileHead | undefined {
  const unit = unitBytes(encoding);
  const most = wholeUnits(maxLineBytes, unit);
  const digest: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const lf = indexOfLf(bytes, at, encoding);
    const lineEnd = lf < 0 ? bytes.length : lf;
    const cut = lineEnd - at > most;
    if (lf < 0 && !cut && !last) return undefined;
    const line = bytes.subarray(at, cut ? at + most : lf < 0 ? lineEnd : withoutCr(bytes, at, lf, encoding));
    if (digest.length > 0) digest.push(LINE_END);
    digest.push(line);
    const next = lf < 0 ? lineEnd : lf + unit;
    const isHeader = next <= MAX_HEADER_BYTES && isHeaderLine(decodeLine(line, encoding, at === 0, cut));
    if (!isHeader) return { contentId: idOf(digest), headerBytes: at };
    at = next;
  }
  return last && digest.length > 0 ? { contentId: idOf(digest), headerBytes: at } : undefined;
}

/**
 * Where the lines end that a file begins with as others of its kind do. `beginning`: its first bytes, in whatever
 * encoding its mark names. An unfinished last line counts: `so` far it is one of them.
 */
export function headerEnd(beginning: Buffer): { readonly whole: number; readonly so: number } {
  const encoding = encodingOf(beginning);
  const unit = unitBytes(encoding);
  let at = 0;
  while (at < beginning.length) {
    const lf = indexOfLf(beginning, at, encoding);
    const next = lf < 0 ? beginning.length : lf + unit;
    if (next > MAX_HEADER_BYTES) break;
    if (!isHeaderLine(decodeLine(beginning.subarray(at, lf < 0 ? next : lf), encoding, at === 0, lf < 0))) break;
    if (lf < 0) return { whole: at, so: next };
    at = next;
  }
  return { whole: at, so: at };
}

function idOf(lines: readonly Buffer[]): string {
  return hash('sha256', Buffer.concat(lines), 'hex').slice(0, 16);
}

/** `#Fields: ...`, or names of columns: several words without a digit. Every other line of a log holds a time. */
function isHeaderLine(line: string): boolean {
  if (line.startsWith('#')) return true;
  return !/[0-9]/.test(line) && line.split(SEPARATOR, FEWEST_WORDS).length === FEWEST_WORDS;
}

const LINE_END = Buffer.from('\n');
const SEPARATOR = /[\t ,]/;
const FEWEST_WORDS = 5;
