import type { Residency } from '../geo/residency.ts';
import type { Assessment } from '../phi/assessment.ts';
import type { Claim, MaskedActivity, RuleId } from './finding.ts';
import type { RulesSettings } from './settings.ts';
import type { Severity } from './severity.ts';

/** One assessed activity, with the form of it that may be shown. */
export interface Case {
  readonly assessment: Assessment;
  /** Explanations are written from this alone: it holds nothing of a patient. */
  readonly masked: MaskedActivity;
  readonly claim: Claim;
}

/** A rule answers with its reason, whether it fires or not: `explain` prints both. */
export type RuleVerdict =
  | { readonly kind: 'fired'; readonly severity: Severity; readonly because: string }
  | { readonly kind: 'silent'; readonly because: string };

/** One thing that must not happen. Pure: no clock, no memory. */
export interface Rule {
  readonly id: RuleId;
  /** Raised whenever the judgement changes: part of every finding's id. */
  readonly version: number;
  /** Says no more than is proved: what was attempted, or may have been a handshake, has not gone. */
  readonly title: (subject: Case) => string;
  /** What the rule holds, for the catalogue. */
  readonly description: string;
  /** MITRE ATT&CK technique ids that an analyst would file it under. */
  readonly attack: readonly string[];
  readonly judge: (subject: Omit<Case, 'masked'>, settings: RulesSettings) => RuleVerdict;
  /** Two or three plain sentences: what happened, why it matters, what could be wrong. */
  readonly explain: (subject: Case) => string;
  readonly nextSteps: (subject: Case) => readonly string[];
}

/** Outside of what is permitted. A country of concern is so too: its own rule speaks of it, unless that is turned off. */
export function isOutside({ verdict }: Residency, { rules }: RulesSettings): boolean {
  return verdict === 'outside' || (verdict === 'concern' && rules['phi-to-country-of-concern']?.enabled === false);
}

export function fired(severity: Severity, because: string): RuleVerdict {
  return { kind: 'fired', severity, because };
}

export function silent(because: string): RuleVerdict {
  return { kind: 'silent', because };
}
