import type { Line } from '../line.ts';
import { decodeLine, type Encoding, indexOfLf, unitBytes, wholeUnits, withoutCr } from './encoding.ts';
import { fileHead } from './head.ts';

export const DEFAULT_MAX_LINE_BYTES = 1024 * 1024;

/** Where `bytes` stand in their file. */
export interface SplitFrom {
  /** Bytes before them in the file. */
  readonly offset: number;
  /** They begin within a line that was handed on cut: what comes before the next LF is skipped. */
  readonly withinLine: boolean;
  /** Absent only at the beginning of the file, before its head is complete. */
  readonly contentId?: string;
}

export interface SplitOptions {
  readonly source: string;
  readonly path: string;
  readonly writtenBeforeMs: number;
  readonly encoding: Encoding;
  readonly maxLineBytes: number;
  readonly maxLines: number;
  /** No further line is begun once so many bytes are used. */
  readonly maxBytes: number;
  /** Nothing follows these bytes: an unterminated last line is a line. */
  readonly last: boolean;
}

export interface SplitResult {
  readonly lines: readonly Line[];
  /** Bytes that need not be seen again. */
  readonly used: number;
  readonly withinLine: boolean;
  /** More bytes are needed to go on: it was not a limit that ended it. */
  readonly exhausted: boolean;
  readonly contentId?: string;
}

/**
 * Splits a piece of a file into lines, ended by LF or CRLF. A line is cut as soon as it is known to be longer than
 * `maxLineBytes` (CR included, LF not), however much of it is there yet; so the result does not depend on where the
 * pieces begin and end. The lines of a file's head wait for each other: until it is complete the file has no name.
 */
export function splitLines(bytes: Buffer, from: SplitFrom, options: SplitOptions): SplitResult {
  const { source, path, writtenBeforeMs, encoding, maxLines, maxBytes, last } = options;
  const unit = unitBytes(encoding);
  const maxLineBytes = wholeUnits(options.maxLineBytes, unit);
  const end = last ? bytes.length : wholeUnits(bytes.length, unit);
  const lines: Line[] = [];
  let contentId = from.contentId;
  let at = 0;
  let withinLine = from.withinLine;
  let awaitsEnd = false;
  if (withinLine) {
    const lf = indexOfLf(bytes, 0, encoding);
    at = lf < 0 ? end : lf + unit;
    withinLine = lf < 0;
  }
  contentId ??= fileHead(bytes.subarray(0, end), { encoding, maxLineBytes, last })?.contentId;
  while (contentId !== undefined && at < end && lines.length < maxLines && at < maxBytes) {
    const lf = indexOfLf(bytes, at, encoding);
    const lineEnd = lf < 0 ? end : lf;
    const cut = lineEnd - at > maxLineBytes;
    awaitsEnd = lf < 0 && !cut && !last;
    if (awaitsEnd) break;
    const textEnd = cut ? at + maxLineBytes : lf < 0 ? lineEnd : withoutCr(bytes, at, lf, encoding);
    const next = lf < 0 ? lineEnd : lf + unit;
    lines.push({
      source,
      text: decodeLine(bytes.subarray(at, textEnd), encoding, from.offset + at === 0, cut),
      place: { file: contentId, offset: from.offset + at, bytes: cut ? maxLineBytes : next - at },
      path,
      writtenBeforeMs,
      cut,
    });
    withinLine = cut && lf < 0;
    at = next;
  }
  const exhausted = awaitsEnd || at === end || contentId === undefined;
  return { lines, used: at, withinLine, exhausted, ...(contentId !== undefined && { contentId }) };
}
