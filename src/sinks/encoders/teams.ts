import type { Alert } from '../../alerts/alert.ts';
import type { Severity } from '../../rules/severity.ts';
import { briefOf } from './brief.ts';
import { jsonLine } from './json-line.ts';

/** One alert as one Adaptive Card for a Teams workflow ("When a Teams webhook request is received"), in a few words. */
export function encodeTeams(alert: Alert): string {
  const { headline, facts } = briefOf(alert);
  return jsonLine({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text: plain(headline), weight: 'bolder', wrap: true, color: COLOURS[alert.severity] },
            { type: 'FactSet', facts: facts.map(([title, value]) => ({ title, value: plain(value) })) },
          ],
        },
      },
    ],
  });
}

/** Text blocks know a part of Markdown: what would begin a link or an emphasis is escaped. */
function plain(text: string): string {
  return text.replaceAll(/[\\*_[\]()~`>]/g, '\\$&');
}

const COLOURS: Readonly<Record<Severity, string>> = {
  info: 'default',
  low: 'accent',
  medium: 'warning',
  high: 'attention',
  critical: 'attention',
};
