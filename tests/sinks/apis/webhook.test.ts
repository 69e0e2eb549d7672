import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { WebhookSettings } from '../../../src/sinks/settings.ts';
import { alert } from '../alerts.ts';
import { HTTP, type Received, type Reply, receiver, secret, senderTo } from './receiver.ts';

/** The secret and the vector of the Standard Webhooks specification. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

function settings(url: string, differences: Partial<WebhookSettings> = {}): WebhookSettings {
  return {
    ...HTTP,
    type: 'webhook',
    url: `${url}/in?from=gw1`,
    secret: secret(SECRET),
    format: 'cloudevents',
    ...differences,
  };
}

/** A receiver by the reference implementation of Standard Webhooks. */
function verifying() {
  const taken: unknown[] = [];
  const answer = ({ path, headers, body }: Received): Reply => {
    if (path !== '/in?from=gw1') return { status: 404 };
    try {
      taken.push(new Webhook(SECRET).verify(body, headers as Record<string, string>));
      return { status: 204 };
    } catch {
      return { status: 401 };
    }
  };
  return { taken, answer };
}

test('an event is signed as the reference implementation verifies it', async () => {
  const { answer, taken } = verifying();
  const { url, received } = await receiver(answer);
  const { send, encode, transport } = senderTo(settings(url));
  expect(await send([encode(alert({ explanation: 'Zürich “quoted”' }), '0')])).toEqual({ kind: 'stored' });
  expect(taken).toMatchObject([
    { specversion: '1.0', id: 'a-1f6b0c5be0e1b8e2a4d39c77.open.1', data: { explanation: 'Zürich “quoted”' } },
  ]);
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/cloudevents+json',
    'webhook-id': 'a-1-open-1',
    'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
  });
  expect(transport.limits.messages).toBe(1);
});

test('the vector of the specification', async () => {
  const { url, received } = await receiver(() => ({ status: 200 }));
  const { transport } = senderTo(settings(url), { nowMs: () => 1_614_265_330_999 });
  await transport.send(['{"test": 2432232314}\n'], new AbortController().signal, ['msg_p5jXN8AQM9LWM0D4loKWxJek']);
  expect(received[0]?.headers).toMatchObject({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('without a secret nothing is signed; another secret, or a malformed one, waits for the operator', async () => {
  const { url, received } = await receiver(verifying().answer);
  const { secret: _, ...unsigned } = settings(url);
  expect(await senderTo(unsigned).send(['{}'])).toMatchObject({ kind: 'hold' });
  expect(received[0]?.headers['webhook-signature']).toBeUndefined();
  const other = secret('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  expect(await senderTo(settings(url, { secret: other })).send(['{}'])).toMatchObject({ kind: 'hold' });
  expect(await senderTo(settings(url, { secret: secret('hush') })).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'The secret of the webhook is not whsec_ and the base64 of 24 to 64 bytes',
  });
  expect(received).toHaveLength(2);
});

test('410 asks to send nothing more, and only a 2xx is success', async () => {
  const verdictOn = async (status: number) => {
    const { url } = await receiver(() => ({ status }));
    return (await senderTo(settings(url)).send(['{}'])).kind;
  };
  expect([await verdictOn(410), await verdictOn(304), await verdictOn(502), await verdictOn(201)]).toEqual([
    'hold',
    'hold',
    'again',
    'stored',
  ]);
});
