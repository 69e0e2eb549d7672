import type { Evidence, Standing } from '../geo/location.ts';
import type { Basis, Indicator, Strength } from '../phi/indicator.ts';
import type { Claim, MaskedActivity, RuleId } from '../rules/finding.ts';
import type { Severity } from '../rules/severity.ts';
import type { Party } from '../transfers/transfer.ts';

export type AlertState = 'open' | 'updated' | 'closed';

/**
 * Findings under one dedupe key, with a life. This is the native form, written as one JSON object a line; the keys are
 * a contract. Times are ISO 8601 UTC.
 */
export interface Alert {
  /** Deterministic: the dedupe key and the first finding's id. */
  readonly id: string;
  readonly dedupeKey: string;
  readonly rule: RuleId;
  readonly title: string;
  /** The worst of its findings. */
  readonly severity: Severity;
  readonly state: AlertState;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Findings so far. */
  readonly count: number;
  /** Sum of the known sizes; absent when no finding told one. */
  readonly bytes?: number;
  /** The strongest of its findings: delivered, accessed, attempted, indicator. */
  readonly claim: Claim;
  readonly vendor?: { readonly id: string; readonly name: string; readonly contract?: string };
  readonly receiver: Party & {
    readonly country?: string;
    readonly standing: Standing;
    readonly evidence: readonly Evidence[];
  };
  readonly sender: Party;
  readonly phi: { readonly strength: Strength; readonly basis?: Basis; readonly indicators: readonly Indicator[] };
  readonly protocol: string;
  readonly source: string;
  readonly gateway: string;
  /** At most five, the first ones. */
  readonly samples: readonly MaskedActivity[];
  readonly attack: readonly string[];
  readonly explanation: string;
  readonly nextSteps: readonly string[];
  /** The ledger record of the latest finding. */
  readonly ledger: { readonly seq: number; readonly hash: string };
}
