import type { Api } from '../http/api.ts';
import { verdictByStatus } from '../http/status.ts';
import { below } from '../http/url.ts';
import type { PagerdutySettings } from '../settings.ts';

/** 512 KB an event. */
const LIMITS = { messages: 1, bytes: 500_000 };

/** PagerDuty: "Send an event" of the Events API, version 2. Accepted is 202; 400 is an event that will never be. */
export function pagerduty({ url, routingKey }: PagerdutySettings): Api {
  return {
    limits: LIMITS,
    deliver: async ({ messages: [message = '{}'] }, ask) =>
      verdictByStatus(
        await ask({
          url: below(url, 'v2', 'enqueue'),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ routing_key: routingKey.reveal(), ...(JSON.parse(message) as object) }),
        }),
      ),
  };
}
