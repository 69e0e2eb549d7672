import { styleText } from 'node:util';
import type { TerminalStream } from '../sinks/transports/terminal.ts';

/** The process's streams. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
}

export interface Paint {
  readonly heading: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubt: (text: string) => string;
}

/** How a command shows something to a person. */
export interface Screen {
  readonly paint: Paint;
  /** Characters a line of prose. */
  readonly width: number;
  /** Characters a line of a list; without end where a program may read it, one row a line. */
  readonly listWidth: number;
}

export function screenOn(stream: TerminalStream): Screen {
  const columns = stream.isTTY === true && stream.columns ? stream.columns : undefined;
  return {
    paint: paintFor(stream),
    width: columns === undefined ? PLAIN_WIDTH : Math.min(Math.max(columns, NARROWEST), WIDEST),
    listWidth: columns === undefined ? Number.POSITIVE_INFINITY : Math.max(columns, NARROWEST),
  };
}

/** Colours where a person reads: a TTY, and NO_COLOR not set (no-color.org). */
export function isColoured(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR;
}

function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const coloured = isColoured(stream);
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    coloured ? styleText(format, text, { validateStream: false }) : text;
  return {
    heading: style('bold'),
    faint: style('dim'),
    good: style('green'),
    bad: style(['bold', 'red']),
    doubt: style('yellow'),
  };
}

/** Says what a command waits for, when a person would have to type it. */
export function askForInput({ stdin, stderr }: Io, what: string): void {
  if (stdin.isTTY === true) stderr.write(`Paste ${what}, then press Ctrl-D\n`);
}

/** Writes and waits until the stream has room again, so that a slow reader bounds our memory. */
export async function write(stream: NodeJS.WritableStream, data: string | Uint8Array): Promise<void> {
  if (stream.write(data)) return;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}

/** `4,859`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 finding`, `68 findings`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Characters a line where the output is no terminal, and of a terminal the least and most that prose can be read in. */
const PLAIN_WIDTH = 100;
const NARROWEST = 40;
const WIDEST = 120;
