import type { LogRecord, PrintedRecord } from './record.ts';
import type { SyslogMessage } from './syslog/message.ts';

/** What became of a line. Reading never throws. `because` names the cause and never quotes the line. */
export type Reading =
  | { readonly kind: 'record'; readonly record: LogRecord }
  /** Belongs to the format, tells nothing we need: a comment, a blank, a chatty daemon. */
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'unreadable'; readonly because: string; readonly column?: number };

export interface ReadContext {
  /** Upper bound (ms since the epoch) on when the line was written; settles what a timestamp leaves open. */
  readonly writtenBeforeMs: number;
  /** What stood before the text, where syslog or the journal brought it: see `syslog/behind.ts`. */
  readonly header?: SyslogMessage;
}

export type LineReader = (text: string, context: ReadContext) => Reading;

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
  /** As `parse` prints it; `skipped` for a line that belongs to the format and tells nothing we need. */
  readonly record: PrintedRecord | 'skipped';
}

/** One product's log: a table with its proof beside it. */
export interface Format {
  readonly name: string;
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
