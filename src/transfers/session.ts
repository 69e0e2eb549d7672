/** What must be remembered between lines, as it is saved with the positions. `state` is opaque to the store. */
export interface SavedSession {
  readonly source: string;
  /** Host and session of the log line, and what is remembered of it. */
  readonly key: string;
  /** ms since the epoch, of its latest line. */
  readonly lastSeenMs: number;
  /** JSON. */
  readonly state: string;
}

/** What changed since the last batch. */
export interface SessionChanges {
  readonly saved: readonly SavedSession[];
  readonly ended: readonly { readonly source: string; readonly key: string }[];
}
