import { alertsRefused } from './alerts-refused.ts';
import { type Condition, type ConditionId, conditionKey, type Evaluation } from './condition.ts';
import { coverageGap } from './coverage-gap.ts';
import type { Facts, SourceFacts } from './facts.ts';
import { formatMismatch } from './format-mismatch.ts';
import { geoDatabaseStale } from './geo-database-stale.ts';
import { knownAnswerMissing } from './known-answer-missing.ts';
import type { ConditionsSettings } from './settings.ts';
import { sinkFailing } from './sink-failing.ts';
import { sourceSilent } from './source-silent.ts';
import { vendorEndpointMoved } from './vendor-endpoint-moved.ts';

/** What can be said of a condition and one subject; `undefined`: all is well. */
export type ConditionVerdict = Condition | 'undetermined' | undefined;

export interface JudgedSubject {
  readonly subject: string;
  readonly verdict: ConditionVerdict;
}

type Judge = (facts: Facts, settings: ConditionsSettings) => readonly JudgedSubject[];

const JUDGES: Readonly<Record<ConditionId, Judge>> = {
  'source-silent': eachSource(sourceSilent),
  'coverage-gap': eachSource(coverageGap),
  'format-mismatch': eachSource(formatMismatch),
  'geo-database-stale': geoDatabaseStale,
  'vendor-endpoint-moved': vendorEndpointMoved,
  'sink-failing': sinkFailing,
  'alerts-refused': alertsRefused,
  'known-answer-missing': knownAnswerMissing,
};

/** Everything that is wrong with the watch now. Pure. One that is turned off never holds, so that an open alert of it ends. */
export function evaluate(facts: Facts, settings: ConditionsSettings): Evaluation {
  const holding: Condition[] = [];
  const undetermined = new Set<string>();
  for (const id of Object.keys(JUDGES) as ConditionId[]) {
    const { enabled, severity } = settings[id];
    if (!enabled) continue;
    for (const { subject, verdict } of JUDGES[id](facts, settings)) {
      if (verdict === 'undetermined') undetermined.add(conditionKey({ id, subject }));
      else if (verdict !== undefined) holding.push(severity === undefined ? verdict : { ...verdict, severity });
    }
  }
  return { holding, undetermined };
}

function eachSource(
  judge: (source: SourceFacts, facts: Facts, settings: ConditionsSettings) => ConditionVerdict,
): Judge {
  return (facts, settings) =>
    facts.sources.map((source) => ({ subject: source.name, verdict: judge(source, facts, settings) }));
}
