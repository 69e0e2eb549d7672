import type { Claim } from '../rules/finding.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';
import type { Alert, ClosingReason, EgressAlert } from './alert.ts';

/** What the sinks were last told of an alert. */
export interface Told {
  readonly count: number;
  readonly severity: Severity;
  /** ms since the epoch, by the clock: never decides what is told on a finding, only when the rest is. */
  readonly atMs: number;
}

/** What they were told of an alert about findings. */
export interface ToldOfFindings extends Told {
  readonly claim: Claim;
}

export type NoticeReason =
  | 'first'
  | 'more-severe'
  | 'stronger-claim'
  | 'count-doubled'
  | 'rest-told'
  | 'acknowledged'
  | ClosingReason;

/** Something about an alert that the sinks are to hear, with the alert as it was at that moment. */
export interface AlertNotice {
  readonly kind: 'opened' | 'updated' | 'closed';
  readonly because: NoticeReason;
  readonly alert: Alert;
}

export type NoticeDecision =
  | { readonly kind: 'send'; readonly because: 'more-severe' | 'stronger-claim' | 'count-doubled' }
  | { readonly kind: 'hold'; readonly because: 'nothing-new' | 'below-next-power-of-two' };

/**
 * Whether a finding that joined an alert is told at once; the first one always is. The thresholds on `count` are the powers of two themselves,
 * not multiples of what was told last, so that telling the rest in between never moves a later notice.
 */
export function decideNotice(
  now: Pick<EgressAlert, 'count' | 'severity' | 'claim'>,
  told: Omit<ToldOfFindings, 'atMs'>,
): NoticeDecision {
  if (isWorse(now.severity, told.severity)) return { kind: 'send', because: 'more-severe' };
  if (stronger(now.claim, told.claim) !== told.claim) return { kind: 'send', because: 'stronger-claim' };
  if (hasDoubled(now.count, told.count)) return { kind: 'send', because: 'count-doubled' };
  return { kind: 'hold', because: now.count > told.count ? 'below-next-power-of-two' : 'nothing-new' };
}

/** All that an alert holds now, as told. */
export function tellAll({ count, severity, claim }: EgressAlert, nowMs: number): ToldOfFindings {
  return { count, severity, claim, atMs: nowMs };
}

/** @returns whichever claim proves more. */
export function stronger(one: Claim, other: Claim): Claim {
  return CLAIMS.indexOf(one) >= CLAIMS.indexOf(other) ? one : other;
}

/**
 * Names what a notice said: the alert, its state, its number of findings, and how often somebody did something about it,
 * once somebody has. All of it stands in the alert itself, so a receiver of the native form can drop a repeated delivery
 * without being handed anything more.
 */
export function eventId({ id, state, count, handling }: Pick<Alert, 'id' | 'state' | 'count' | 'handling'>): string {
  const told = `${id}.${state}.${count}`;
  return handling === undefined ? told : `${told}.${handling.acts}`;
}

/** From the weakest to the strongest. */
const CLAIMS: readonly Claim[] = ['indicator', 'attempted', 'accessed', 'delivered'];

/** Whether a count has reached the least power of two above what was told. */
export function hasDoubled(count: number, told: number): boolean {
  return count >= 2 ** (Math.floor(Math.log2(told)) + 1);
}

export function isWorse(one: Severity, other: Severity): boolean {
  return SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other);
}
