import { type Condition, type ConditionId, conditionKey, type Evaluation } from './condition.ts';
import { coverageGap } from './coverage-gap.ts';
import type { Facts, SourceFacts } from './facts.ts';
import { formatMismatch } from './format-mismatch.ts';
import type { ConditionsSettings } from './settings.ts';
import { sourceSilent } from './source-silent.ts';

/** What can be said of a condition and one source; `undefined`: all is well. */
export type ConditionVerdict = Condition | 'undetermined' | undefined;

type Judge = (source: SourceFacts, facts: Facts, settings: ConditionsSettings) => ConditionVerdict;

const JUDGES: Readonly<Record<ConditionId, Judge>> = {
  'source-silent': sourceSilent,
  'coverage-gap': coverageGap,
  'format-mismatch': formatMismatch,
};

/** Everything that is wrong with the watch now. Pure. One that is turned off never holds, so that an open alert of it ends. */
export function evaluate(facts: Facts, settings: ConditionsSettings): Evaluation {
  const holding: Condition[] = [];
  const undetermined = new Set<string>();
  for (const id of Object.keys(JUDGES) as ConditionId[]) {
    const { enabled, severity } = settings[id];
    if (!enabled) continue;
    for (const source of facts.sources) {
      const verdict = JUDGES[id](source, facts, settings);
      if (verdict === 'undetermined') undetermined.add(conditionKey({ id, subject: source.name }));
      else if (verdict !== undefined) holding.push(severity === undefined ? verdict : { ...verdict, severity });
    }
  }
  return { holding, undetermined };
}
