import type { Alert } from '../../alerts/alert.ts';
import { briefOf } from './brief.ts';

/** One alert as a paragraph of a message for people, its headline first. */
export function encodeMail(alert: Alert): string {
  const { headline, facts } = briefOf(alert);
  return `${headline}\n${facts.map(([label, text]) => `  ${label}: ${text}\n`).join('')}`;
}
