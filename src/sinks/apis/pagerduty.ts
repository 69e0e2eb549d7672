import type { Api } from '../http/api.ts';
import { type HttpAnswer, jsonOf } from '../http/exchange.ts';
import { verdictByStatus } from '../http/status.ts';
import { below } from '../http/url.ts';
import type { PagerdutySettings } from '../settings.ts';

/** 512 KB an event. */
const LIMITS = { messages: 1, bytes: 500_000 };

/** PagerDuty: "Send an event" of the Events API, version 2. Accepted is 202; 400 is an event that will never be. */
export function pagerduty({ url, routingKey }: PagerdutySettings): Api {
  return {
    limits: LIMITS,
    deliver: async ({ messages: [message = '{}'] }, ask) => {
      const answer = await ask({
        url: below(url, 'v2', 'enqueue'),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ routing_key: routingKey.reveal(), ...(JSON.parse(message) as object) }),
      });
      return isAboutKey(answer)
        ? { kind: 'hold', because: 'status 400: the routing key is not accepted' }
        : verdictByStatus(answer);
    },
  };
}

/** A wrong key is answered like a malformed event, and no event is to blame for it. */
function isAboutKey(answer: HttpAnswer): boolean {
  const { errors } = (jsonOf(answer) ?? {}) as { readonly errors?: unknown };
  return answer.status === 400 && Array.isArray(errors) && errors.some((it) => String(it).includes('routing_key'));
}
