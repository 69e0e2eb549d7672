import type { Indicator, PhiAssessment } from '../phi/indicator.ts';
import type { Paint } from './io.ts';
import type { Cell } from './layout.ts';

/**
 * A row for each reason, with its weight on either axis, and a last one with what they come to: an axis is one less the
 * product of the doubts, the score the product of the axes.
 */
export function indicatorRows(
  { indicators, axes, score }: PhiAssessment,
  { faint }: Paint,
): readonly (readonly Cell[])[] {
  if (indicators.length === 0) return [];
  const reasons = new Map<string, { identifier?: Indicator; 'health-context'?: Indicator }>();
  for (const it of indicators) {
    const key = `${it.seenIn} ${it.says}`;
    reasons.set(key, { ...reasons.get(key), [it.axis]: it });
  }
  const rows = [...reasons.values()].map(({ identifier, 'health-context': context }) => {
    const { says, seenIn } = identifier ?? context ?? {};
    return [weight(identifier), weight(context), { text: seenIn ?? '', paint: faint }, says ?? ''];
  });
  const sum = `${axes.identifier.toFixed(2)} x ${axes.healthContext.toFixed(2)} = ${score.toFixed(2)}`;
  return [
    [...['identifier', 'health', 'seen in', 'because'].map((text) => ({ text, paint: faint }))],
    ...rows,
    [axes.identifier.toFixed(2), axes.healthContext.toFixed(2), { text: 'together', paint: faint }, sum],
  ];
}

function weight(indicator: Indicator | undefined): string {
  return indicator === undefined ? '-' : indicator.weight.toFixed(2);
}
