import { expect, test } from 'vitest';
import { alert } from '../alerts.ts';
import { HTTP, type Received, type Reply, receiver, secret, senderTo } from './receiver.ts';

/** Datadog's Logs API, version 2: "Send logs", its limits and answers. */
function intake() {
  const logs: Record<string, unknown>[] = [];
  const answer = ({ method, path, headers, body }: Received): Reply => {
    if (method !== 'POST' || path !== '/api/v2/logs') return { status: 404 };
    if (headers['dd-api-key'] === undefined) return { status: 401, body: { errors: [{ title: 'Unauthorized' }] } };
    if (headers['dd-api-key'] !== 'dd-key') return { status: 403, body: { errors: [{ title: 'Forbidden' }] } };
    if (Buffer.byteLength(body) > 5_000_000) return { status: 413 };
    const sent = JSON.parse(body) as Record<string, unknown>[];
    if (sent.length > 1_000) return { status: 413 };
    if (!sent.every((it) => typeof it.message === 'string')) return { status: 400 };
    logs.push(...sent);
    return { status: 202, body: {} };
  };
  return { logs, answer };
}

test('alerts arrive as log entries with the reserved attributes', async () => {
  const { answer, logs } = intake();
  const { url } = await receiver(answer);
  const { send, encode } = senderTo({ ...HTTP, type: 'datadog', url, apiKey: secret('dd-key') });
  expect(await send([encode(alert(), '0'), encode(alert({ severity: 'low', count: 2 }), '0')])).toEqual({
    kind: 'stored',
  });
  expect(logs).toMatchObject([
    {
      ddsource: 'phi-egress',
      ddtags: 'rule:phi-outside-territory,severity:high,state:open,vendor:acme-coding',
      hostname: 'gw1',
      service: 'phi-egress',
      status: 'error',
      phi_egress: { eventId: 'a-1f6b0c5be0e1b8e2a4d39c77.open.1', receiver: { country: 'IN' } },
    },
    { status: 'notice' },
  ]);
});

test('a wrong key waits for the operator', async () => {
  const { url } = await receiver(intake().answer);
  const { send, encode } = senderTo({ ...HTTP, type: 'datadog', url, apiKey: secret('wrong') });
  expect(await send([encode(alert(), '0')])).toEqual({
    kind: 'hold',
    because: 'status 403: the credentials do not permit this',
  });
});
