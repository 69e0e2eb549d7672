import type { Api } from '../http/api.ts';
import { verdictByStatus } from '../http/status.ts';
import { below } from '../http/url.ts';
import type { ElasticsearchSettings } from '../settings.ts';
import { readBulkAnswer } from './elasticsearch-answer.ts';

/** The server takes 100 MB; small requests are retried more cheaply. */
const LIMITS = { messages: 500, bytes: 5_000_000 };

/**
 * Elasticsearch and OpenSearch: "Bulk API". A data stream takes `create` alone. The event's id is the document's, so that
 * one that is there already is answered 409 and not stored twice, as long as the backing index is the same.
 */
export function elasticsearch({ url, dataStream, credentials }: ElasticsearchSettings): Api {
  return {
    limits: LIMITS,
    deliver: async ({ messages, eventIds }, ask) => {
      const lines = messages.flatMap((document, at) => [
        JSON.stringify({ create: { _id: eventIds[at] } }),
        document.trimEnd(),
      ]);
      const answer = await ask({
        url: below(url, dataStream, '_bulk'),
        headers: { 'content-type': 'application/x-ndjson', accept: 'application/json', ...authorization(credentials) },
        body: `${lines.join('\n')}\n`,
        gzip: true,
      });
      return answer.status === 200 ? readBulkAnswer(answer, messages.length) : verdictByStatus(answer);
    },
  };
}

function authorization(credentials: ElasticsearchSettings['credentials']): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  if ('apiKey' in credentials) return { authorization: `ApiKey ${credentials.apiKey.reveal()}` };
  const { username, password } = credentials;
  return { authorization: `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}` };
}
