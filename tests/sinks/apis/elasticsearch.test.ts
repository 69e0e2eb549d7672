import { expect, test } from 'vitest';
import type { ElasticsearchSettings } from '../../../src/sinks/settings.ts';
import { alert } from '../alerts.ts';
import { HTTP, type Received, type Reply, receiver, secret, senderTo } from './receiver.ts';

const STREAM = 'logs-phi_egress.alerts-default';
const API_KEY = 'VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==';

function settings(url: string, differences: Partial<ElasticsearchSettings> = {}): ElasticsearchSettings {
  const target = { dataStream: STREAM, format: 'ecs', credentials: { apiKey: secret(API_KEY) } } as const;
  return { ...HTTP, type: 'elasticsearch', url, ...target, ...differences };
}

/** A data stream, from the Elasticsearch guide: "Bulk API", "Use a data stream"; a document named `_fate` has that status. */
function cluster() {
  const stored = new Map<string, unknown>();
  const answer = ({ method, path, headers, body }: Received): Reply => {
    if (headers.authorization !== `ApiKey ${API_KEY}`)
      return { status: 401, body: { error: { type: 'security_exception', reason: body }, status: 401 } };
    if (method !== 'POST' || path !== `/${STREAM}/_bulk`) return { status: 405 };
    if (headers['content-type'] !== 'application/x-ndjson') return { status: 406 };
    if (!body.endsWith('\n')) return { status: 400, body: { error: { type: 'illegal_argument_exception' } } };
    const lines = body.slice(0, -1).split('\n');
    const items = [];
    for (let at = 0; at < lines.length; at += 2) {
      const action = JSON.parse(lines[at] ?? '') as { create?: { _id: string } };
      if (action.create === undefined)
        return { status: 400, body: { error: { reason: 'only write ops with an op_type of create are allowed' } } };
      const document = JSON.parse(lines[at + 1] ?? '') as Record<string, unknown>;
      items.push({
        create: { _index: `.ds-${STREAM}`, _id: action.create._id, ...fateOf(action.create._id, document) },
      });
    }
    return { status: 200, body: { took: 3, errors: items.some(({ create }) => create.status >= 300), items } };
  };
  function fateOf(id: string, document: Record<string, unknown>) {
    if (typeof document._fate === 'number')
      return { status: document._fate, error: { type: 'some_exception', reason: JSON.stringify(document) } };
    if (typeof document['@timestamp'] !== 'string')
      return { status: 400, error: { type: 'document_parsing_exception', reason: 'no @timestamp' } };
    if (stored.has(id)) return { status: 409, error: { type: 'version_conflict_engine_exception' } };
    stored.set(id, document);
    return { status: 201, result: 'created' };
  }
  return { stored, answer };
}

const document = (differences: object = {}) =>
  `${JSON.stringify({ '@timestamp': '2026-11-24T00:00:00Z', ...differences })}\n`;

test('an alert is a document of the data stream, named by its event; a second time it is there already', async () => {
  const { stored, answer } = cluster();
  const { url } = await receiver(answer);
  const { send, encode } = senderTo(settings(url));
  const both = [encode(alert(), '0.1.0'), document()];
  expect(await send(both)).toEqual({ kind: 'each', items: [{ kind: 'stored' }, { kind: 'stored' }] });
  expect(await send(both)).toEqual({ kind: 'each', items: [{ kind: 'stored' }, { kind: 'stored' }] });
  expect([...stored.keys()]).toEqual(['a-1.open.1', 'a-2.open.1']);
  expect(stored.get('a-1.open.1')).toMatchObject({
    '@timestamp': '2026-11-24T03:48:06.123Z',
    event: { id: 'a-1f6b0c5be0e1b8e2a4d39c77', kind: 'alert', dataset: 'phi_egress.alerts' },
  });
});

test('status 200 with failed items: each document has its own fate', async () => {
  const { url } = await receiver(cluster().answer);
  const messages = [
    document(),
    document({ _fate: 429 }),
    document({ _fate: 400 }),
    document({ _fate: 503 }),
    document(),
  ];
  expect(await senderTo(settings(url)).send(messages)).toEqual({
    kind: 'each',
    items: [
      { kind: 'stored' },
      { kind: 'again', because: 'status 429 of the document' },
      { kind: 'never', because: 'status 400 of the document' },
      { kind: 'again', because: 'status 503 of the document' },
      { kind: 'stored' },
    ],
  });
});

test('a document that may not be written waits for the operator, with all others', async () => {
  const { url } = await receiver(cluster().answer);
  expect(await senderTo(settings(url)).send([document(), document({ _fate: 403 })])).toEqual({
    kind: 'hold',
    because: 'status 403 of a document: see the data stream and the privileges on it',
  });
});

test('a wrong key waits for the operator, and nothing of the answer is repeated', async () => {
  const { url } = await receiver(cluster().answer);
  const wrong = settings(url, { credentials: { apiKey: secret('wrong') } });
  expect(await senderTo(wrong).send([document({ patient: 'Quillfeather' })])).toEqual({
    kind: 'hold',
    because: 'status 401: the credentials are not accepted',
  });
});

test('user and password are sent as Basic', async () => {
  const { url, received } = await receiver(() => ({ status: 503 }));
  const basic = settings(url, { credentials: { username: 'Aladdin', password: secret('open sesame') } });
  await senderTo(basic).send([document()]);
  // The example of RFC 7617 section 2.
  expect(received[0]?.headers.authorization).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
});

test('too large, overloaded, and an answer that is not that of a bulk request', async () => {
  const verdictOn = async (reply: Reply) => {
    const { url } = await receiver(() => reply);
    return senderTo(settings(url)).send([document(), document()]);
  };
  expect(await verdictOn({ status: 413 })).toMatchObject({ kind: 'split' });
  expect(await verdictOn({ status: 429, headers: { 'retry-after': '3' } })).toMatchObject({
    kind: 'again',
    afterMs: 3_000,
  });
  const odd = { kind: 'again', because: 'the answer is not that of a bulk request' };
  expect(await verdictOn({ status: 200, body: '<html>' })).toEqual(odd);
  expect(await verdictOn({ status: 200, body: { items: [{ create: { status: 201 } }] } })).toEqual(odd);
});
