import { wrap } from '../sinks/encoders/layout.ts';

export interface Painted {
  readonly text: string;
  readonly paint: (text: string) => string;
}

export type Cell = string | Painted;

export interface Space {
  /** Characters a line, the indent included. Infinity: no row is broken. */
  readonly width?: number;
  readonly indent?: number;
}

/**
 * Rows with aligned columns, numbers to the right. Where they are wider than the space, every row is broken before the
 * same column and goes on further in; text in the last column is wrapped within it.
 */
export function table(
  rows: readonly (readonly Cell[])[],
  { width = Number.POSITIVE_INFINITY, indent = 0 }: Space = {},
) {
  const columns = columnsOf(rows, width, indent);
  return rows.map((row) => printRow(row, columns)).join('');
}

/** Text wrapped at words, every line as far in. */
export function prose(text: string, { width = Number.POSITIVE_INFINITY, indent = 0 }: Space = {}): string {
  return wrap(text, width - indent)
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('');
}

/** Whole lines, as they are but further in. */
export function indented(lines: string, indent: number): string {
  return lines.replaceAll(/^(?=.)/gm, ' '.repeat(indent));
}

interface Column {
  readonly start: number;
  readonly width: number;
  readonly isNumeric: boolean;
  /** The row goes on in a new line here. */
  readonly opensLine: boolean;
}

const GAP = 2;
/** How much further in a broken row goes on. */
const CONTINUED = 4;
/** Less is not enough to wrap words in. */
const LEAST_TEXT = 20;

function columnsOf(rows: readonly (readonly Cell[])[], width: number, indent: number): readonly Column[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const columns: Column[] = [];
  let start = indent;
  for (let at = 0; at < count; at++) {
    const texts = rows.map((row) => textOf(row[at] ?? ''));
    const wanted = Math.max(...texts.map(lengthOf));
    const isLast = at === count - 1;
    const fits = start + wanted <= width || (isLast && width - start >= LEAST_TEXT);
    const opensLine = at > 0 && !fits;
    if (opensLine) start = indent + CONTINUED;
    const given = Math.max(Math.min(wanted, width - start), 1);
    columns.push({ start, width: isLast ? given : wanted, isNumeric: areNumbers(texts), opensLine });
    start += wanted + GAP;
  }
  return columns;
}

/** All numbers, or `-` for none, below what may be a heading. */
function areNumbers(texts: readonly string[]): boolean {
  const isNumber = (text: string) => /^[\d,]+(?:\.\d+)?$/.test(text);
  return texts.some(isNumber) && texts.slice(1).every((text) => isNumber(text) || text === '-');
}

function printRow(row: readonly Cell[], columns: readonly Column[]): string {
  let out = '';
  let at = 0;
  for (const [index, { start, width, isNumeric, opensLine }] of columns.entries()) {
    const cell = row[index] ?? '';
    const paint = typeof cell === 'string' ? (text: string) => text : cell.paint;
    const goesOn = row.slice(index).some((it) => textOf(it) !== '');
    if (opensLine && goesOn) breakLine();
    for (const [line, piece] of wrap(textOf(cell), width).entries()) {
      if (line > 0) breakLine();
      const length = lengthOf(piece);
      const lead = start - at + (isNumeric ? width - length : 0);
      out += ' '.repeat(lead) + paint(piece);
      at += lead + length;
    }
  }
  return `${out}\n`;

  function breakLine(): void {
    out += '\n';
    at = 0;
  }
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** In code points: near enough to columns for what is shown here. */
function lengthOf(text: string): number {
  return [...text].length;
}
