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
  readonly proftpd: string;
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

/** The journal of systemd. */
export interface JournaldSourceSettings extends AnySourceSettings {
  readonly type: 'journald';
  /** Fields that an entry must have, each with one of its values. Empty: every entry. */
  readonly match: Readonly<Record<string, readonly string[]>>;
  /** Absolute; absent: the journal of this host. */
  readonly directory?: string;
  /** Where to begin when the source is first seen. */
  readonly start: 'end' | 'beginning';
}

/** Where a listener is reached. `address` is a canonical IP address, of all interfaces `0.0.0.0` or `::`. */
export type ListenSettings =
  | { readonly protocol: 'udp' | 'tcp'; readonly address: string; readonly port: number }
  | {
      readonly protocol: 'tls';
      readonly address: string;
      readonly port: number;
      /** PEM files, absolute paths. With `ca`, senders must show a certificate that it has signed. */
      readonly cert: string;
      readonly key: string;
      readonly ca?: string;
      /** Under 1.3 some senders do not notice that we stop, and lose what they send then. 1.2 is always spoken. */
      readonly maxVersion: '1.2' | '1.3';
    };

/** A syslog server of our own. */
export interface SyslogSourceSettings extends AnySourceSettings {
  readonly type: 'syslog';
  readonly listen: ListenSettings;
  /** Networks (CIDR) that senders must be in. Absent: anyone may send. */
  readonly allow?: readonly string[];
}

/** Standard input. */
export interface StdinSourceSettings extends AnySourceSettings {
  readonly type: 'stdin';
}

export type SourceSettings = FileSourceSettings | JournaldSourceSettings | SyslogSourceSettings | StdinSourceSettings;
