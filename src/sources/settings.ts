/** Which side of the log's connections is the operator's own. */
export type InsideSide = 'client' | 'server' | 'by-address';

/** A key of a LogRecord that a JSON log can have. `request` and `scheme` are what `method` and `url` are made of. */
export type JsonKey =
  | 'time'
  | `client.${'ip' | 'port' | 'host' | 'user'}`
  | `server.${'ip' | 'port' | 'host'}`
  | 'bytesToServer'
  | 'bytesToClient'
  | 'durationMs'
  | 'request'
  | 'method'
  | 'url'
  | 'scheme'
  | 'status'
  | 'contentType'
  | 'agent'
  | 'referrer'
  | 'session'
  | 'proxyResult';

/** Where a value stands: keys with dots between them or, after a slash, JSON Pointer; and what it counts in. */
export type JsonPath = string | { readonly path: string; readonly unit: 's' | 'ms' | 'us' | 'ns' };

export type JsonMapping = { readonly [Key in JsonKey]?: JsonPath };

/** What a column of a CSV log holds; `-` for one that nobody needs. */
export type CsvColumn = Exclude<JsonKey, 'request' | 'scheme'> | 'file.path' | 'dlp.engine' | 'dlp.rule' | '-';

/** The formats that an operator describes, and by what: mostly the format string of the product's own configuration. */
export interface OperatorForms {
  readonly squid: string;
  readonly apache: string;
  readonly nginx: string;
  readonly haproxy: string;
  readonly envoy: string;
  readonly json: JsonMapping;
  readonly w3c: true;
  readonly csv: readonly CsvColumn[];
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
