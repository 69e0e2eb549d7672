import { type Condition, conditionKey, type Evaluation } from '../conditions/condition.ts';
import { worse } from '../rules/severity.ts';
import type { ConditionAlert } from './alert.ts';
import type { BookChanges, TrackedCondition, TrackedOther } from './book.ts';
import { type AlertNotice, hasDoubled, isWorse, type Told } from './notice.ts';

/** The open alerts about the watch itself, by the key of their condition. */
export type OpenConditions = ReadonlyMap<string, TrackedCondition>;

export interface ConditionContext {
  /** Name of this agent, as it stands in every alert. */
  readonly gateway: string;
  /** ms since the epoch, by the clock. */
  readonly nowMs: number;
  /** Where the ledger stands. */
  readonly ledger: ConditionAlert['ledger'];
  /** Makes the id of an alert. What follows the clock cannot be named by its content. */
  readonly newId: () => string;
}

export interface HeldAgainst {
  readonly open: OpenConditions;
  readonly changes: BookChanges<TrackedCondition>;
}

export function openConditions(saved: readonly TrackedCondition[]): OpenConditions {
  return new Map(saved.map((it) => [it.alert.dedupeKey, it]));
}

/** The open alerts with what is remembered of one of them replaced; one that is not open is passed over. */
export function revised(open: OpenConditions, { alert, ...remembered }: TrackedOther): OpenConditions {
  if (alert.kind !== 'condition' || open.get(alert.dedupeKey)?.alert.id !== alert.id) return open;
  return new Map(open).set(alert.dedupeKey, { alert, ...remembered });
}

/**
 * Holds what is wrong now against the alerts that are open: what is new opens one, what has become worse or shows twice as
 * often is told again, what is mended closes its alert. Of what cannot be determined nothing changes.
 */
export function holdAgainst(before: OpenConditions, evaluation: Evaluation, context: ConditionContext): HeldAgainst {
  const open = new Map<string, TrackedCondition>();
  const alerts: TrackedCondition[] = [];
  const notices: AlertNotice[] = [];
  for (const condition of evaluation.holding) {
    const key = conditionKey(condition);
    const known = before.get(key);
    const { tracked, isChanged, notice } =
      known === undefined ? opened(condition, context) : grown(known, condition, context);
    open.set(key, tracked);
    if (isChanged) alerts.push(tracked);
    if (notice !== undefined) notices.push(notice);
  }
  for (const [key, tracked] of before) {
    if (open.has(key)) continue;
    if (evaluation.undetermined.has(key)) {
      open.set(key, tracked);
      continue;
    }
    const alert: ConditionAlert = { ...tracked.alert, state: 'closed', closedBecause: 'mended' };
    alerts.push({ ...tracked, alert, told: tell(alert, context.nowMs), touchedMs: context.nowMs });
    notices.push({ kind: 'closed', because: 'mended', alert });
  }
  return { open, changes: { alerts, notices } };
}

interface Step {
  readonly tracked: TrackedCondition;
  /** There is something to store. */
  readonly isChanged: boolean;
  readonly notice?: AlertNotice;
}

function opened(condition: Condition, { gateway, nowMs, ledger, newId }: ConditionContext): Step {
  const { id, severity, sinceMs, lastMs, count, source, vendor, words } = condition;
  const alert: ConditionAlert = {
    id: newId(),
    kind: 'condition',
    dedupeKey: conditionKey(condition),
    rule: id,
    severity,
    state: 'open',
    firstSeen: new Date(sinceMs).toISOString(),
    lastSeen: new Date(lastMs).toISOString(),
    count,
    ...(vendor !== undefined && { vendor }),
    ...(source !== undefined && { source }),
    gateway,
    ...words(),
    ledger,
  };
  const tracked = { alert, told: tell(alert, nowMs), openedMs: nowMs, touchedMs: nowMs };
  return { tracked, isChanged: true, notice: { kind: 'opened', because: 'first', alert } };
}

/** That it still lasts is remembered, and stored with the next change; it is no news. */
function grown(known: TrackedCondition, condition: Condition, { nowMs }: ConditionContext): Step {
  const { alert: before, told } = known;
  const lastSeen = new Date(Math.max(Date.parse(before.lastSeen), condition.lastMs)).toISOString();
  const isGraver = isWorse(condition.severity, before.severity);
  if (!isGraver && condition.count <= before.count) {
    return { tracked: { ...known, alert: { ...before, lastSeen } }, isChanged: false };
  }
  const alert: ConditionAlert = {
    ...before,
    ...condition.words(),
    severity: worse(condition.severity, before.severity),
    state: 'updated',
    lastSeen,
    // Each notice is named by its count, so what is told anew has a higher one.
    count: Math.max(condition.count, before.count + 1),
  };
  const because = isWorse(alert.severity, told.severity)
    ? 'more-severe'
    : hasDoubled(alert.count, told.count)
      ? 'count-doubled'
      : undefined;
  if (because === undefined) return { tracked: { ...known, alert, touchedMs: nowMs }, isChanged: true };
  const tracked = { ...known, alert, told: tell(alert, nowMs), touchedMs: nowMs };
  return { tracked, isChanged: true, notice: { kind: 'updated', because, alert } };
}

function tell({ count, severity }: ConditionAlert, nowMs: number): Told {
  return { count, severity, atMs: nowMs };
}
