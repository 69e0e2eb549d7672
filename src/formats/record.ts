export type RecordKind = 'http' | 'file' | 'login' | 'logout' | 'flow';
export type Outcome = 'success' | 'failure' | 'denied' | 'aborted';
export type FileOperation = 'read' | 'write' | 'rename' | 'remove' | 'mkdir' | 'list' | 'stat';
export type FileProtocol = 'sftp' | 'scp' | 'ftp' | 'ftps' | 'http' | 'webdav';

export interface Endpoint {
  /** Canonical text of an address: IPv4-mapped IPv6 is IPv4, IPv6 as in RFC 5952. */
  readonly ip?: string;
  readonly port?: number;
  /** Lower case, without a trailing dot. A claim of the client's, not an observation. */
  readonly host?: string;
  readonly user?: string;
}

/**
 * What a format reads out of one line. A key that the line does not tell is absent: an unknown byte count is not 0.
 * `printRecord` gives the form that `phi-egress parse` prints.
 */
export interface LogRecord {
  readonly kind: RecordKind;
  /** UTC, ms since the epoch. */
  readonly timeMs: number;
  readonly client?: Endpoint;
  readonly server?: Endpoint;
  /** Bytes from client to server, as the log counts them (mostly with headers; in a tunnel, with TLS). */
  readonly bytesToServer?: number;
  readonly bytesToClient?: number;
  readonly durationMs?: number;
  /**
   * At most so long, in whole milliseconds, took the proxy's own connection to `server.ip` to come about: one round trip.
   * Absent where an old connection was used again.
   */
  readonly connectMs?: number;
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  /** Media type without parameters, lower case: of the request body where the log tells it, else of the reply. */
  readonly contentType?: string;
  readonly file?: { readonly path: string; readonly operation: FileOperation; readonly to?: string };
  /** Spoken with a file server, where its log tells it. OpenSSH's does not: its file lines are SFTP, its logins SSH. */
  readonly protocol?: FileProtocol;
  readonly auth?: { readonly method: string; readonly key?: string };
  /** Joins the lines of one session on one host: `sshd[4242]`. */
  readonly session?: string;
  /** Of a login: absent as long as nobody was let in or turned away, and only a connection or a key was seen. */
  readonly outcome?: Outcome;
  readonly agent?: string;
  readonly referrer?: string;
  readonly dlp?: { readonly engine: string; readonly rule?: string };
  readonly proxyResult?: string;
  /**
   * Whom the proxy spoke to for this request: the server itself, a parent proxy (then the server's address is not in
   * the log), or nobody (a cache hit, a denial, a failed look-up). Absent where the log does not tell.
   */
  readonly reached?: 'server' | 'parent-proxy' | 'nobody';
  /** The line was written before the exchange ended: counts and duration are the least there was, the outcome is open. */
  readonly unfinished?: true;
}

/** The form of a record that is printed: `time` in ISO 8601 UTC. */
export type PrintedRecord = Omit<LogRecord, 'timeMs'> & { readonly time: string };

/** One line of JSON, keys in the order of the interface. */
export function printRecord({ kind, timeMs, ...rest }: LogRecord): string {
  return JSON.stringify({ kind, time: new Date(timeMs).toISOString(), ...rest } satisfies PrintedRecord);
}
