import type { Location } from '../geo/location.ts';
import type { Residency } from '../geo/residency.ts';
import type { PhiAssessment } from '../phi/indicator.ts';
import type { MaskedActivity } from '../phi/masked-activity.ts';
import type { Severity } from './severity.ts';

export type { MaskedActivity } from '../phi/masked-activity.ts';

/** What the log proves. */
export type Claim = 'delivered' | 'attempted' | 'accessed' | 'indicator';

export type RuleId =
  | 'phi-outside-territory'
  | 'phi-to-country-of-concern'
  | 'location-undetermined'
  | 'vendor-access-from-outside'
  | 'phi-to-unregistered-endpoint';

/** A rule's judgement on one activity. Holds nothing of a patient: safe to store, print and send. */
export interface Finding {
  /** Deterministic: rule, rule version and the activity's id. */
  readonly id: string;
  readonly rule: RuleId;
  readonly ruleVersion: number;
  readonly title: string;
  readonly severity: Severity;
  readonly claim: Claim;
  readonly source: string;
  /** ms since the epoch, from the log. */
  readonly timeMs: number;
  readonly activity: MaskedActivity;
  readonly bytes?: number;
  readonly vendor?: {
    readonly id: string;
    readonly name: string;
    readonly contract?: string;
    readonly matched: string;
  };
  readonly location: Location;
  readonly residency: Residency['verdict'];
  /** What was permitted, in words: `us-and-territories (BAA-2024-017 section 4.2)`. */
  readonly permitted: string;
  readonly phi: PhiAssessment;
  /** Findings with the same key within the grouping time are one alert. */
  readonly dedupeKey: string;
  /** MITRE ATT&CK technique ids. */
  readonly attack: readonly string[];
  /** Two or three plain sentences. */
  readonly explanation: string;
  readonly nextSteps: readonly string[];
}
