import type { Api } from '../http/api.ts';
import { verdictByStatus } from '../http/status.ts';
import { secretUrl } from '../http/url.ts';
import type { ChatSettings } from '../settings.ts';

/** Slack cuts at 40,000 characters, Teams refuses over 28 KB. */
const LIMITS = { messages: 1, bytes: 28_000 };

/**
 * Slack: "Sending messages using incoming webhooks"; one that was withdrawn is answered 403, 404 or 410. Teams: "Create
 * incoming webhooks with Workflows"; accepted is 202, which does not say that anybody was shown the card.
 */
export function chat({ url }: ChatSettings): Api {
  return {
    limits: LIMITS,
    deliver: async ({ messages: [message = ''] }, ask) =>
      verdictByStatus(
        await ask({ url: secretUrl(url), headers: { 'content-type': 'application/json' }, body: message.trimEnd() }),
      ),
  };
}
