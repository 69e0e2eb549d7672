export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** From the least to the most urgent. */
export const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/** @returns whichever is more urgent. */
export function worse(one: Severity, other: Severity): Severity {
  return SEVERITIES.indexOf(one) >= SEVERITIES.indexOf(other) ? one : other;
}
