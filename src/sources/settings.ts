/** Which side of the log's connections is the operator's own. */
export type InsideSide = 'client' | 'server' | 'by-address';

/** `squid`, or a format built from the operator's own format string. */
export type FormatChoice = string | { readonly squid: string };

/** What every source has, wherever its lines come from. */
export interface AnySourceSettings {
  readonly name: string;
  readonly format: FormatChoice;
  readonly inside: InsideSide;
  /** IANA zone for timestamps that carry none. */
  readonly timezone: string;
  /** No line for this long (ms) is an alert; absent: never. */
  readonly silenceMs?: number;
}

/** Log files. */
export interface FileSourceSettings extends AnySourceSettings {
  readonly type: 'file';
  /** Absolute paths; the last component may be a glob. */
  readonly paths: readonly string[];
  /** Where to begin in a file that was there when the source was first seen. Later files are read from the beginning. */
  readonly start: 'end' | 'beginning';
}

export type SourceSettings = FileSourceSettings;
