import type { Strength } from '../phi/indicator.ts';
import type { RuleId } from './finding.ts';
import type { Severity } from './severity.ts';

export interface RuleSettings {
  readonly enabled: boolean;
  /** Takes the place of the rule's own severity. */
  readonly severity?: Severity;
}

export interface RulesSettings {
  readonly rules: Readonly<Partial<Record<RuleId, RuleSettings>>>;
  readonly phiThreshold: Exclude<Strength, 'none'>;
  /** Severity where the databases disagree. */
  readonly onDisputed: Severity;
  /** Severity where no location can be told. */
  readonly onUnknown: Severity;
}
