/** Which side of the log's connections is the operator's own. */
export type InsideSide = 'client' | 'server' | 'by-address';

/** The formats that an operator describes, and by what: mostly the format string of the product's own configuration. */
export interface OperatorForms {
  readonly squid: string;
}

/** One of the forms, and nothing beside it. */
export type OperatorFormat = {
  [Form in keyof OperatorForms]: Readonly<Pick<OperatorForms, Form>>;
}[keyof OperatorForms];

/** A name from `phi-egress formats`, `auto`, or a format that the operator describes. */
export type FormatChoice = string | OperatorFormat;

/** One configured source of lines. */
export interface FileSourceSettings {
  readonly name: string;
  readonly type: 'file';
  /** Absolute paths; the last component may be a glob. */
  readonly paths: readonly string[];
  readonly format: FormatChoice;
  readonly inside: InsideSide;
  /** IANA zone for timestamps that carry none. */
  readonly timezone: string;
  /** Where to begin in a file that was there when the source was first seen. Later files are read from the beginning. */
  readonly start: 'end' | 'beginning';
}

export type SourceSettings = FileSourceSettings;
