import type { Claim } from '../rules/finding.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';
import type { Alert } from './alert.ts';

/** What the sinks were last told of an alert. */
export interface Told {
  readonly count: number;
  readonly severity: Severity;
  readonly claim: Claim;
  /** ms since the epoch, by the clock: never decides what is told on a finding, only when the rest is. */
  readonly atMs: number;
}

export type NoticeReason =
  | 'first'
  | 'more-severe'
  | 'stronger-claim'
  | 'count-doubled'
  | 'rest-told'
  | 'quiet'
  | 'too-many-open';

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
  now: Pick<Alert, 'count' | 'severity' | 'claim'>,
  told: Omit<Told, 'atMs'>,
): NoticeDecision {
  if (SEVERITIES.indexOf(now.severity) > SEVERITIES.indexOf(told.severity))
    return { kind: 'send', because: 'more-severe' };
  if (stronger(now.claim, told.claim) !== told.claim) return { kind: 'send', because: 'stronger-claim' };
  if (now.count >= nextPowerOfTwo(told.count)) return { kind: 'send', because: 'count-doubled' };
  return { kind: 'hold', because: now.count > told.count ? 'below-next-power-of-two' : 'nothing-new' };
}

/** All that an alert holds now, as told. */
export function tellAll({ count, severity, claim }: Alert, nowMs: number): Told {
  return { count, severity, claim, atMs: nowMs };
}

/** @returns whichever claim proves more. */
export function stronger(one: Claim, other: Claim): Claim {
  return CLAIMS.indexOf(one) >= CLAIMS.indexOf(other) ? one : other;
}

/**
 * Names what a notice said: the alert, its state and its number of findings. The three stand in the alert itself, so a
 * receiver of the native form can drop a repeated delivery without being handed anything more.
 */
export function eventId({ id, state, count }: Pick<Alert, 'id' | 'state' | 'count'>): string {
  return `${id}.${state}.${count}`;
}

/** From the weakest to the strongest. */
const CLAIMS: readonly Claim[] = ['indicator', 'attempted', 'accessed', 'delivered'];

/** The least power of two above `count`. */
function nextPowerOfTwo(count: number): number {
  return 2 ** (Math.floor(Math.log2(count)) + 1);
}
