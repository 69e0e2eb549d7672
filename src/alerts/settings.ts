export interface AlertsSettings {
  /** A finding within this time (ms) of an alert with its dedupe key joins that alert. */
  readonly groupMs: number;
  /** An alert that saw nothing for this long (ms) is closed. */
  readonly closeAfterMs: number;
  /** ms between two heartbeats; absent: none. */
  readonly heartbeatMs?: number;
  /** When a synthetic transfer is written: crontab(5), five fields; absent: never. */
  readonly knownAnswer?: string;
}
