import type { Alert } from '../../alerts/alert.ts';
import { briefOf } from './brief.ts';
import { jsonLine } from './json-line.ts';

/** One alert as one message of a Slack incoming webhook, in a few words. */
export function encodeSlack(alert: Alert): string {
  const { headline, facts } = briefOf(alert);
  const lines = facts.map(([label, text]) => `${label}: ${escaped(text)}`);
  return jsonLine({ text: [`*${escaped(headline)}*`, ...lines].join('\n') });
}

/** "Formatting text for app surfaces": these three would begin an entity, a link or a mention. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
