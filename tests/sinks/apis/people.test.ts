import { expect, test } from 'vitest';
import { alert, conditionAlert } from '../alerts.ts';
import { HTTP, type Received, type Reply, receiver, secret, senderTo } from './receiver.ts';

const KEY = 'R0123456789ABCDEF0123456789ABCDE';

/** PagerDuty's Events API, version 2: "Send an event". */
function events() {
  const open = new Map<string, unknown>();
  const answer = ({ method, path, body }: Received): Reply => {
    if (method !== 'POST' || path !== '/v2/enqueue') return { status: 404 };
    const event = JSON.parse(body);
    const problems = [
      event.routing_key?.length === 32 ? [] : ["Length of 'routing_key' is incorrect (should be 32 characters)"],
      ['trigger', 'acknowledge', 'resolve'].includes(event.event_action) ? [] : ["'event_action' is invalid"],
      event.event_action === 'trigger' && !event.payload?.summary ? ["'payload.summary' is missing or blank"] : [],
      event.event_action === 'trigger' && !event.payload?.source ? ["'payload.source' is missing or blank"] : [],
      ['critical', 'error', 'warning', 'info'].includes(event.payload?.severity)
        ? []
        : ["'payload.severity' is invalid"],
      event.dedup_key.length <= 255 ? [] : ["'dedup_key' is too long"],
    ].flat();
    if (problems.length > 0)
      return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: problems } };
    if (event.event_action === 'resolve') open.delete(event.dedup_key);
    else open.set(event.dedup_key, event);
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: event.dedup_key } };
  };
  return { open, answer };
}

test('an alert is one incident of PagerDuty for all of its life', async () => {
  const { answer, open } = events();
  const { url } = await receiver(answer);
  const { send, encode } = senderTo({ ...HTTP, type: 'pagerduty', url, routingKey: secret(KEY) });
  const tell = (differences: object) => send([encode(alert(differences), '0')]);
  expect(await tell({})).toEqual({ kind: 'stored' });
  expect(await tell({ state: 'updated', count: 2, severity: 'critical' })).toEqual({ kind: 'stored' });
  expect([...open.values()]).toEqual([
    {
      routing_key: KEY,
      event_action: 'trigger',
      dedup_key: 'a-1f6b0c5be0e1b8e2a4d39c77',
      client: 'phi-egress',
      payload: {
        summary: '[CRITICAL] PHI left the permitted territory (updated)',
        source: 'gw1',
        severity: 'critical',
        timestamp: '2026-11-24T03:48:06.123Z',
        component: 'acme-coding',
        group: 'egress',
        class: 'phi-outside-territory',
        custom_details: {
          vendor: 'Acme Medical Coding LLC (acme-coding)',
          where: 'India (IN), likely',
          'how much': '1,048,576 bytes (1.0 MiB) in 2 findings',
          proved: 'delivered',
          'last seen': '2026-11-24 03:48:06 UTC',
          gateway: 'gw1',
          'read on': 'phi-egress alerts show a-1f6b0c5be0e1b8e2a4d39c77',
        },
      },
    },
  ]);
  expect(await tell({ state: 'closed', count: 2 })).toEqual({ kind: 'stored' });
  expect(open.size).toBe(0);
});

test('a routing key that is none waits for the operator, and is not repeated', async () => {
  const { url } = await receiver(events().answer);
  const { send, encode } = senderTo({ ...HTTP, type: 'pagerduty', url, routingKey: secret('short') });
  expect(await send([encode(conditionAlert(), '0')])).toEqual({
    kind: 'hold',
    because: 'status 400: the routing key is not accepted',
  });
  const right = senderTo({ ...HTTP, type: 'pagerduty', url, routingKey: secret(KEY) });
  expect(await right.send(['{"dedup_key":"x"}'])).toEqual({ kind: 'never', because: 'status 400' });
});

test('Slack is told in a few words, with nothing that would be a link or a mention', async () => {
  // "Sending messages using incoming webhooks", "Handling errors".
  const { url, received } = await receiver(({ path, headers, body }) => {
    if (path !== '/services/T0/B0/xyz') return { status: 404, body: 'no_service' };
    if (headers['content-type'] !== 'application/json') return { status: 400, body: 'invalid_payload' };
    return typeof JSON.parse(body).text === 'string' ? { status: 200, body: 'ok' } : { status: 400, body: 'no_text' };
  });
  const slack = (path: string) => senderTo({ ...HTTP, type: 'slack', url: secret(`${url}${path}`) });
  const { send, encode } = slack('/services/T0/B0/xyz');
  const vendor = { id: 'acme', name: '<!channel> Acme & Sons' };
  expect(await send([encode(alert({ vendor }), '0')])).toEqual({ kind: 'stored' });
  expect(JSON.parse(received[0]?.body ?? '').text).toBe(
    [
      '*[HIGH] PHI left the permitted territory*',
      'vendor: &lt;!channel&gt; Acme &amp; Sons (acme)',
      'where: India (IN), likely',
      'how much: 1,048,576 bytes (1.0 MiB) in 1 finding',
      'proved: delivered',
      'last seen: 2026-11-24 03:48:06 UTC',
      'gateway: gw1',
      'read on: phi-egress alerts show a-1f6b0c5be0e1b8e2a4d39c77',
    ].join('\n'),
  );
  expect(await slack('/services/T0/B0/gone').send(['{"text":"x"}'])).toEqual({
    kind: 'hold',
    because: 'status 404: there is nothing at this address',
  });
});

test('Teams is told by an Adaptive Card', async () => {
  // "Create incoming webhooks with Workflows for Microsoft Teams", "Adaptive Card schema" 1.4.
  const { url, received } = await receiver(({ body }) => {
    const { type, attachments } = JSON.parse(body);
    const isCard = attachments?.[0]?.contentType === 'application/vnd.microsoft.card.adaptive';
    const isWhole = attachments?.[0]?.content?.type === 'AdaptiveCard' && attachments[0].content.version !== undefined;
    return type === 'message' && isCard && isWhole && body.length <= 28_000 ? { status: 202 } : { status: 400 };
  });
  const { send, encode } = senderTo({ ...HTTP, type: 'teams', url: secret(`${url}/workflows/x?sig=hush`) });
  expect(await send([encode(conditionAlert(), '0')])).toEqual({ kind: 'stored' });
  expect(JSON.parse(received[0]?.body ?? '').attachments[0].content.body).toEqual([
    {
      type: 'TextBlock',
      text: '\\[MEDIUM\\] Source squid has fallen silent',
      weight: 'bolder',
      wrap: true,
      color: 'warning',
    },
    {
      type: 'FactSet',
      facts: [
        { title: 'last seen', value: '2026-11-24 03:48:06 UTC' },
        { title: 'gateway', value: 'gw1' },
        { title: 'read on', value: 'phi-egress alerts show a-77b0f9a5c2d14e3f8a6b5c4d' },
      ],
    },
  ]);
});

test('people are told no path, no account, no address and no user', () => {
  const told = [
    senderTo({ ...HTTP, type: 'slack', url: secret('https://x') }),
    senderTo({ ...HTTP, type: 'teams', url: secret('https://x') }),
    senderTo({ ...HTTP, type: 'pagerduty', url: 'https://x', routingKey: secret(KEY) }),
  ].map(({ encode }) => encode(alert(), '0'));
  for (const text of told)
    for (const word of ['jdoe', 'ws12', '10.1.2.3', '13.232.1.9', 'upload.acme.example', '/in/', 'MRN'])
      expect(text).not.toContain(word);
});
