import type { Severity } from '../rules/severity.ts';

export interface ConditionSettings {
  readonly enabled: boolean;
  /** Takes the place of the condition's own severity. */
  readonly severity?: Severity;
}

/** What `rules` says of the alerts about the watch itself. */
export interface ConditionsSettings {
  readonly 'source-silent': ConditionSettings;
  readonly 'coverage-gap': ConditionSettings & {
    /** Downtime, clock jumps and unreadable files shorter than this (ms) are recorded, and raise no alert. */
    readonly shortestMs: number;
  };
  readonly 'geo-database-stale': ConditionSettings;
  readonly 'vendor-endpoint-moved': ConditionSettings;
  readonly 'sink-failing': ConditionSettings & {
    /** How long (ms) a sink may fail before it is told. */
    readonly afterMs: number;
  };
  readonly 'alerts-refused': ConditionSettings;
  readonly 'known-answer-missing': ConditionSettings;
  readonly 'format-mismatch': ConditionSettings & {
    /** Of the latest lines, the share above which it opens; it ends below half of that. */
    readonly share: number;
    /** Lines before anything is said. */
    readonly leastLines: number;
  };
}
