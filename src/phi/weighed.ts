import type { Axis, Indicator } from './indicator.ts';
import { type IndicatorClass, WEIGHTS } from './weights.ts';

/** One indicator for each axis that its class speaks on. */
export function weighed(kind: IndicatorClass, seenIn: Indicator['seenIn'], says: string): readonly Indicator[] {
  const weights: Readonly<Partial<Record<Axis, number>>> = WEIGHTS[kind];
  return AXES.flatMap((axis) => {
    const weight = weights[axis];
    return weight === undefined ? [] : [{ class: kind, axis, weight, seenIn, says }];
  });
}

const AXES: readonly Axis[] = ['identifier', 'health-context'];
