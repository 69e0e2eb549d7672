import type { LogRecord, PrintedRecord } from './record.ts';
import type { SyslogMessage } from './syslog/message.ts';

/** What became of a line. Reading never throws. `because` names the cause and never quotes the line. */
export type Reading =
  | { readonly kind: 'record'; readonly record: LogRecord }
  /** Belongs to the format, tells nothing we need: a comment, a blank, a chatty daemon. */
  | {
      readonly kind: 'skipped';
      readonly because: string;
      /** The line says how those behind it in its file are to be read: what they are to be given as `fileHeader`. */
      readonly fileHeader?: string;
    }
  | { readonly kind: 'unreadable'; readonly because: string; readonly column?: number };

export interface ReadContext {
  /** Upper bound (ms since the epoch) on when the line was written; settles what a timestamp leaves open. */
  readonly writtenBeforeMs: number;
  /** What stood before the text, where syslog or the journal brought it: see `syslog/behind.ts`. */
  readonly header?: SyslogMessage;
  /** What the latest header line before this one in its file gave, such as `#Fields`; absent where there was none. */
  readonly fileHeader?: string;
}

/** Reads one line by itself: what it must know of the lines before it stands in the context. */
export type LineReader = (text: string, context: ReadContext) => Reading;

/** A reader of one file's lines in their order, which remembers what its header lines said. */
export function inFileOrder(read: LineReader): LineReader {
  let fileHeader: string | undefined;
  return (text, context) => {
    const reading = read(text, fileHeader === undefined ? context : { ...context, fileHeader });
    if (reading.kind === 'skipped' && reading.fileHeader !== undefined) fileHeader = reading.fileHeader;
    return reading;
  };
}

export interface ReaderOptions {
  /** IANA zone for timestamps that carry none, such as `America/New_York`. */
  readonly timezone: string;
}

/** Something this log cannot show, what follows from it, and the exact line that mends it. */
export interface BlindSpot {
  readonly missing: string;
  readonly consequence: string;
  /** A key that records have only where this spot is not blind: seen in a log, it says that all is well there. */
  readonly unlessTold?: keyof LogRecord;
  readonly remedy?: { readonly file: string; readonly line: string };
}

/** A line as the product writes it, and what must be read out of it, worked out by hand; zone-less times are UTC. */
export interface Sample {
  readonly line: string;
  /**
   * As `parse` prints it; `skipped` for a line that belongs to the format and tells nothing we need. A header line holds
   * for the samples behind it.
   */
  readonly record: PrintedRecord | 'skipped';
}

/** One product's log: a table with its proof beside it. */
export interface Format {
  readonly name: string;
  /** It reads what other formats read as well, and is found only where none of them fits. */
  readonly isGeneral?: true;
  readonly product: string;
  /** The document that the table follows. */
  readonly manual: string;
  /** Which keys of a LogRecord this format gives, and how reliably. */
  readonly tells: Readonly<Partial<Record<keyof LogRecord, 'always' | 'sometimes'>>>;
  readonly blindSpots: readonly BlindSpot[];
  readonly samples: readonly Sample[];
  /** Names of formats of a wider grammar, which could read this one's lines too, as what they are not. */
  readonly insteadOf?: readonly string[];
  /** Reads lines without their syslog header: what any format can stand behind is not a format's business. */
  readonly reader: (options: ReaderOptions) => LineReader;
}
