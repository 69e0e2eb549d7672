import type { Severity } from '../rules/severity.ts';

export type ConditionId =
  | 'source-silent'
  | 'coverage-gap'
  | 'format-mismatch'
  | 'geo-database-stale'
  | 'vendor-endpoint-moved'
  | 'sink-failing'
  | 'alerts-refused'
  | 'known-answer-missing';

/** What an alert says of a condition. Nothing of a log line is in it. */
export interface ConditionWords {
  readonly title: string;
  /** Two or three plain sentences: what is wrong, what may pass unseen because of it. */
  readonly explanation: string;
  readonly nextSteps: readonly string[];
}

/**
 * Something wrong with the watch itself that holds now: it began, it lasts, and it ends when it is mended. Unlike a finding
 * it is about no line of a log, and follows the clock.
 */
export interface Condition {
  readonly id: ConditionId;
  /** What it is about, as a source's name. With the id it names the condition. */
  readonly subject: string;
  readonly source?: string;
  readonly vendor?: { readonly id: string; readonly name: string; readonly contract?: string };
  readonly severity: Severity;
  /** ms since the epoch, by the clock. */
  readonly sinceMs: number;
  /** When it last showed; ms since the epoch, by the clock. */
  readonly lastMs: number;
  /** How often it showed since; at least 1. */
  readonly count: number;
  /** Asked for when the alert opens, and again when the condition has shown more often. */
  readonly words: () => ConditionWords;
}

/** What an evaluation came to. An open alert whose condition is in neither list is mended. */
export interface Evaluation {
  readonly holding: readonly Condition[];
  /** Keys of conditions of which nothing can be said yet, as after a start: what was open stays open. */
  readonly undetermined: ReadonlySet<string>;
}

/** Names a condition: at most one alert of each is open. */
export function conditionKey({ id, subject }: Pick<Condition, 'id' | 'subject'>): string {
  return `${id}|${subject}`;
}
