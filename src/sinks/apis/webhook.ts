import { createHmac } from 'node:crypto';
import { OperatorError } from '../../errors/problem.ts';
import type { Secret } from '../../errors/secret.ts';
import type { Api } from '../http/api.ts';
import { verdictByStatus } from '../http/status.ts';
import { secretUrl } from '../http/url.ts';
import type { WebhookSettings } from '../settings.ts';

/** One event a request, so that each can be known again by its id. */
const LIMITS = { messages: 1, bytes: 1_000_000 };

/** Any receiver of Standard Webhooks (specification 1.0). Only a 2xx is success; 410 asks to send nothing more. */
export function webhook({ url, secret, format }: WebhookSettings, nowMs: () => number): Api {
  return {
    limits: LIMITS,
    deliver: async ({ messages: [message = ''], eventIds: [eventId = ''] }, ask) => {
      const body = message.trimEnd();
      // The id and what follows are divided by dots.
      const id = eventId.replaceAll('.', '-');
      const timestamp = String(Math.floor(nowMs() / 1_000));
      const answer = await ask({
        url: typeof url === 'string' ? new URL(url) : secretUrl(url),
        headers: {
          'content-type': format === 'cloudevents' ? 'application/cloudevents+json' : 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          ...(secret !== undefined && { 'webhook-signature': signature(secret, id, timestamp, body) }),
        },
        body,
      });
      return verdictByStatus(answer);
    },
  };
}

/** "Verifying webhook authenticity", symmetric: HMAC-SHA256 over id, time and body. */
function signature(secret: Secret, id: string, timestamp: string, body: string): string {
  const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
  return `v1,${hmac.digest('base64')}`;
}

/** 24 to 64 random bytes, written as `whsec_` and their base64. */
function keyOf(secret: Secret): Buffer {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal()) ?? [];
  const key = Buffer.from(base64 ?? '', 'base64');
  if (key.length >= 24 && key.length <= 64) return key;
  const what = 'The secret of the webhook is not whsec_ and the base64 of 24 to 64 bytes';
  throw new OperatorError([{ code: 'config.bad-value', what }]);
}
