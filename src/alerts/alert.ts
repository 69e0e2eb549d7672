import type { ConditionId } from '../conditions/condition.ts';
import type { Evidence, Standing } from '../geo/location.ts';
import type { Basis, Indicator, Strength } from '../phi/indicator.ts';
import type { Claim, MaskedActivity, RuleId } from '../rules/finding.ts';
import type { Severity } from '../rules/severity.ts';
import type { Party } from '../transfers/transfer.ts';
import type { Disposition } from './disposition.ts';

export type AlertState = 'open' | 'updated' | 'closed';

/** Why an alert was closed: it saw nothing for long, there were too many, what was wrong is mended, somebody judged it. */
export type ClosingReason = 'quiet' | 'too-many-open' | 'mended' | 'disposition';

/** What people did about an alert. The reasons that they gave are in the ledger alone. */
export interface Handling {
  /** How often somebody did something. */
  readonly acts: number;
  /** The first time that somebody took it up. */
  readonly acknowledged?: { readonly at: string; readonly by: string };
  /** The last word on it. */
  readonly disposition?: { readonly verdict: Disposition; readonly at: string; readonly by: string };
}

/** What every alert has. Times are ISO 8601 UTC. */
interface AnyAlert {
  readonly id: string;
  readonly dedupeKey: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: AlertState;
  /** Of a closed alert. */
  readonly closedBecause?: ClosingReason;
  /** Absent while nobody did anything about it. */
  readonly handling?: Handling;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly vendor?: { readonly id: string; readonly name: string; readonly contract?: string };
  readonly source?: string;
  readonly gateway: string;
  readonly explanation: string;
  readonly nextSteps: readonly string[];
}

/** Findings under one dedupe key, with a life. */
export interface EgressAlert extends AnyAlert {
  readonly kind: 'egress';
  /** Deterministic: the dedupe key and the first finding's id. */
  readonly id: string;
  readonly rule: RuleId;
  /** The worst of its findings. */
  readonly severity: Severity;
  /** Findings so far. */
  readonly count: number;
  /** Sum of the known sizes; absent when no finding told one. */
  readonly bytes?: number;
  /** The strongest of its findings: delivered, accessed, attempted, indicator. */
  readonly claim: Claim;
  readonly receiver: Party & {
    readonly country?: string;
    readonly standing: Standing;
    readonly evidence: readonly Evidence[];
  };
  readonly sender: Party;
  readonly phi: { readonly strength: Strength; readonly basis?: Basis; readonly indicators: readonly Indicator[] };
  readonly protocol: string;
  readonly source: string;
  /** At most five, the first ones. */
  readonly samples: readonly MaskedActivity[];
  readonly attack: readonly string[];
  /** The ledger record of the latest finding. */
  readonly ledger: { readonly seq: number; readonly hash: string };
}

/** Something wrong with the watch itself, until it is mended. It follows the clock, and no finding belongs to it. */
export interface ConditionAlert extends AnyAlert {
  readonly kind: 'condition';
  readonly rule: ConditionId;
  /** The worst that it was. */
  readonly severity: Severity;
  /** How often the condition showed. */
  readonly count: number;
  /** Where the ledger stood when the alert opened. */
  readonly ledger: { readonly seq: number; readonly hash: string };
}

/** What shows that the way to the sinks works. Every form of it says that it is a test; it is counted nowhere. */
export interface TestAlert extends AnyAlert {
  readonly kind: 'test';
  readonly rule: 'sink-test' | 'known-answer';
  readonly severity: 'info';
  /** Its number, where they follow one another. */
  readonly count: number;
  /** Where the ledger stood. */
  readonly ledger: { readonly seq: number; readonly hash: string };
}

/** How a source fares: its lines since the state was begun. */
export interface SourceBeat {
  readonly name: string;
  readonly lines: number;
  readonly parsed: number;
  readonly skipped: number;
  readonly unreadable: number;
  /** Read in part, because they were too long. */
  readonly cut: number;
  /** Since its last line, or since the start if none has come since. */
  readonly quietSeconds: number;
}

/** That the agent lives, and what it has read; so that a receiver can notice what it misses. */
export interface Heartbeat extends AnyAlert {
  readonly kind: 'heartbeat';
  readonly rule: 'heartbeat';
  readonly severity: 'info';
  /** Its number: one more than that of the heartbeat before. */
  readonly count: number;
  readonly sources: readonly SourceBeat[];
  /** Where the ledger stands. */
  readonly ledger: { readonly seq: number; readonly hash: string };
}

/** This is the native form, written as one JSON object a line; the keys are a contract. `kind` tells them apart. */
export type Alert = EgressAlert | ConditionAlert | TestAlert | Heartbeat;
