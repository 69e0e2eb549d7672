import type { Api } from '../http/api.ts';
import { Bearer } from '../http/bearer.ts';
import { verdictByStatus } from '../http/status.ts';
import { below } from '../http/url.ts';
import type { SentinelSettings } from '../settings.ts';
import { jsonArray } from './json-array.ts';

/** 1 MB a call, compressed or not, brackets and commas too. */
const LIMITS = { messages: 500, bytes: 990_000 };

/**
 * Microsoft Sentinel: "Logs Ingestion API in Azure Monitor", version 2023-01-01, with a token of Entra ID by client
 * credentials. Status 204 says that the rows were accepted; one that does not fit the stream is dropped there without a
 * word. A role that was given shortly before is still answered 403.
 */
export function sentinel(settings: SentinelSettings, nowMs: () => number): Api {
  const { url, rule, stream, tenant, client, secret, login, scope } = settings;
  const bearer = new Bearer(
    async () => ({
      url: below(login, tenant, 'oauth2', 'v2.0', 'token'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(
        new URLSearchParams({
          client_id: client,
          client_secret: secret.reveal(),
          scope,
          grant_type: 'client_credentials',
        }),
      ),
    }),
    nowMs,
  );
  const target = below(url, 'dataCollectionRules', rule, 'streams', stream);
  target.searchParams.set('api-version', '2023-01-01');
  return {
    limits: LIMITS,
    deliver: async ({ messages }, ask) =>
      verdictByStatus(
        await bearer.ask(ask, {
          url: target,
          headers: { 'content-type': 'application/json' },
          body: jsonArray(messages),
          gzip: true,
        }),
      ),
  };
}
