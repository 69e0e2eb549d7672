import { expect, test } from 'vitest';
import type { SplunkHecSettings } from '../../../src/sinks/settings.ts';
import { alert, conditionAlert } from '../alerts.ts';
import { HTTP, type Received, type Reply, receiver, secret, senderTo } from './receiver.ts';

const TOKEN = 'b0221cd8-c4b4-465a-9a3c-273e3a75aa29';

function settings(url: string, differences: Partial<SplunkHecSettings> = {}): SplunkHecSettings {
  const place = { acknowledge: false, sourcetype: 'phi:egress:alert' };
  return { ...HTTP, type: 'splunk-hec', url, token: secret(TOKEN), ...place, ...differences };
}

/**
 * An event collector, from Splunk Enterprise: "HTTP Event Collector REST API endpoints", "Possible error codes", and
 * "About HTTP Event Collector Indexer Acknowledgment".
 */
function collector({ withAcks = false, pollsUntilIndexed = 0, busy = false } = {}) {
  const events: unknown[] = [];
  const acks = new Map<string, number>();
  const answer = ({ method, path, headers, body }: Received): Reply => {
    if (method !== 'POST') return { status: 405 };
    const authorization = headers.authorization ?? '';
    if (authorization === '') return { status: 401, body: { text: 'Token is required', code: 2 } };
    if (!/^Splunk \S+$/.test(authorization)) return { status: 401, body: { text: 'Invalid authorization', code: 3 } };
    if (authorization !== `Splunk ${TOKEN}`) return { status: 403, body: { text: 'Invalid token', code: 4 } };
    const channel = headers['x-splunk-request-channel'];
    if (withAcks && channel === undefined) return { status: 400, body: { text: 'Data channel is missing', code: 10 } };
    if (withAcks && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(channel)))
      return { status: 400, body: { text: 'Invalid data channel', code: 11 } };
    if (busy) return { status: 503, body: { text: 'Server is busy', code: 9 } };
    if (path === '/services/collector/ack') {
      if (!withAcks) return { status: 400, body: { text: 'ACK is disabled', code: 14 } };
      const { acks: asked } = JSON.parse(body) as { acks: readonly number[] };
      return {
        status: 200,
        body: { acks: Object.fromEntries(asked.map((id) => [id, isIndexed(`${channel} ${id}`)])) },
      };
    }
    if (path !== '/services/collector/event') return { status: 404, body: { text: 'Not found', code: 404 } };
    if (body === '') return { status: 400, body: { text: 'No data', code: 5 } };
    const taken: unknown[] = [];
    for (const [at, text] of objectsIn(body).entries()) {
      const refused = (code: number, words: string) =>
        ({ status: 400, body: { text: words, code, 'invalid-event-number': at } }) as const;
      const event = parsed(text);
      if (event === undefined) return refused(6, 'Invalid data format');
      if (!('event' in event)) return refused(12, 'Event field is required');
      if (event.event === '') return refused(13, 'Event field cannot be blank');
      taken.push(event);
    }
    events.push(...taken);
    if (!withAcks) return { status: 200, body: { text: 'Success', code: 0 } };
    const ackId = acks.size;
    acks.set(`${channel} ${ackId}`, 0);
    return { status: 200, body: { text: 'Success', code: 0, ackId } };
  };
  /** Said to be true once; then the id is forgotten. */
  function isIndexed(id: string): boolean {
    const polls = acks.get(id);
    if (polls === undefined || polls < 0) return false;
    acks.set(id, polls >= pollsUntilIndexed ? -1 : polls + 1);
    return polls >= pollsUntilIndexed;
  }
  return { events, answer };
}

/** Concatenated objects, one after the other, as the document has batches. */
function objectsIn(body: string): readonly string[] {
  return body.split(/(?<=\})\n?(?=\{)/);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

test('alerts arrive as events with the native form, the time in seconds and fields of the Common Information Model', async () => {
  const { answer, events } = collector();
  const { url, received } = await receiver(answer);
  const { send, encode } = senderTo(settings(url, { index: 'sec' }));
  expect(await send([encode(alert(), '0'), encode(conditionAlert(), '0')])).toEqual({ kind: 'stored' });
  expect(received[0]?.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'application/json' });
  expect(events).toMatchObject([
    {
      time: 1795492086.123,
      host: 'gw1',
      source: 'phi-egress',
      sourcetype: 'phi:egress:alert',
      index: 'sec',
      event: { id: 'a-1f6b0c5be0e1b8e2a4d39c77', kind: 'egress', receiver: { country: 'IN' } },
      fields: {
        event_id: 'a-1f6b0c5be0e1b8e2a4d39c77.open.1',
        alert_id: 'a-1f6b0c5be0e1b8e2a4d39c77',
        signature: 'PHI left the permitted territory',
        signature_id: 'phi-outside-territory',
        severity: 'high',
        vendor_id: 'acme-coding',
        app: 'https',
        dest: 'upload.acme.example',
        dest_zone: 'IN',
        src: 'ws12',
        user: 'jdoe',
      },
    },
    { event: { kind: 'condition' }, fields: { signature_id: 'source-silent', severity: 'medium' } },
  ]);
});

test('with acknowledgement, alerts are stored once an indexer has them', async () => {
  const { answer } = collector({ withAcks: true, pollsUntilIndexed: 5 });
  const { url, received } = await receiver(answer);
  const { send, waits } = senderTo(settings(url, { acknowledge: true }));
  expect(await send(['{"event":"a"}'])).toEqual({ kind: 'stored' });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(new Set(received.map(({ headers }) => headers['x-splunk-request-channel'])).size).toBe(1);
  expect(received.slice(1).map(({ path, body }) => [path, body])).toEqual(
    Array(6).fill(['/services/collector/ack', '{"acks":[0]}']),
  );
});

test('what no indexer acknowledges within five minutes is sent again', async () => {
  const { answer } = collector({ withAcks: true, pollsUntilIndexed: 1_000 });
  const { url } = await receiver(answer);
  const { send, waits } = senderTo(settings(url, { acknowledge: true }));
  expect(await send(['{"event":"a"}'])).toEqual({ kind: 'again', because: 'no indexer acknowledged the alerts' });
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(295_000);
});

test('acknowledgement on one side alone waits for the operator', async () => {
  const missing = await receiver(collector({ withAcks: true }).answer);
  expect(await senderTo(settings(missing.url)).send(['{"event":"a"}'])).toEqual({
    kind: 'hold',
    because: 'status 400: the token has indexer acknowledgement: write acknowledge: true',
  });
  const superfluous = await receiver(collector().answer);
  expect(await senderTo(settings(superfluous.url, { acknowledge: true })).send(['{"event":"a"}'])).toEqual({
    kind: 'hold',
    because: 'the token has no indexer acknowledgement: turn it on there, or acknowledge off',
  });
});

test('a wrong token waits for the operator, a busy server is tried again, a malformed event is refused', async () => {
  const { url } = await receiver(collector().answer);
  expect(await senderTo(settings(url, { token: secret('wrong') })).send(['{"event":"a"}'])).toEqual({
    kind: 'hold',
    because: 'status 403: the token is not known',
  });
  const busy = await receiver(collector({ busy: true }).answer);
  expect(await senderTo(settings(busy.url)).send(['{"event":"a"}'])).toEqual({
    kind: 'again',
    because: 'status 503: the server is busy',
  });
  expect(await senderTo(settings(url)).send(['{"event":"a"}', '{"event":""}'])).toEqual({
    kind: 'never',
    because: 'status 400: the event field is blank',
  });
});

test('status 200 with a code that is no success is none', async () => {
  const busy = await receiver(() => ({ status: 200, body: { text: 'Server is busy', code: 9 } }));
  expect(await senderTo(settings(busy.url)).send(['{"event":"a"}'])).toMatchObject({ kind: 'again' });
  const page = await receiver(() => ({ status: 200, body: '<html>Sign in</html>' }));
  expect(await senderTo(settings(page.url)).send(['{"event":"a"}'])).toEqual({
    kind: 'again',
    because: 'the answer is not that of an event collector',
  });
});
