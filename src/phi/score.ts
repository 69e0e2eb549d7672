import type { Axis, Indicator, PhiAssessment, Strength } from './indicator.ts';

/** From which score on. A score is a product of two axes, so 0.4 asks for about 0.65 on both. */
const CERTAIN_FROM = 0.8;
const LIKELY_FROM = 0.4;
const POSSIBLE_FROM = 0.1;

export interface Score {
  readonly axes: PhiAssessment['axes'];
  /** 0 to 1. */
  readonly score: number;
  readonly strength: Strength;
}

/** Per axis `1 - prod(1 - weight)` over distinct classes; PHI needs both, so the axes are multiplied. */
export function scoreOf(indicators: readonly Indicator[]): Score {
  const axes = { identifier: onAxis('identifier', indicators), healthContext: onAxis('health-context', indicators) };
  const score = axes.identifier * axes.healthContext;
  return { axes, score, strength: strengthOf(score) };
}

/** One indicator for each class and axis: the heaviest, and of equals the first. */
export function distinct(indicators: readonly Indicator[]): readonly Indicator[] {
  if (indicators.length < 2) return indicators;
  const kept = new Map<string, Indicator>();
  for (const it of indicators) {
    const key = `${it.axis} ${it.class}`;
    const before = kept.get(key);
    if (before === undefined || before.weight < it.weight) kept.set(key, it);
  }
  return [...kept.values()];
}

function onAxis(axis: Axis, indicators: readonly Indicator[]): number {
  let doubt = 1;
  for (const it of indicators) if (it.axis === axis) doubt *= 1 - it.weight;
  return 1 - doubt;
}

function strengthOf(score: number): Strength {
  if (score >= CERTAIN_FROM) return 'certain';
  if (score >= LIKELY_FROM) return 'likely';
  return score >= POSSIBLE_FROM ? 'possible' : 'none';
}
