import type { Api } from '../http/api.ts';
import { verdictByStatus } from '../http/status.ts';
import { below } from '../http/url.ts';
import type { DatadogSettings } from '../settings.ts';
import { jsonArray } from './json-array.ts';

/** 1,000 entries and 5 MB a request, uncompressed. */
const LIMITS = { messages: 1_000, bytes: 4_900_000 };

/** Datadog: "Send logs" of the Logs API, version 2. Status 202 says that the request was accepted. */
export function datadog({ url, apiKey }: DatadogSettings): Api {
  return {
    limits: LIMITS,
    deliver: async ({ messages }, ask) =>
      verdictByStatus(
        await ask({
          url: below(url, 'api', 'v2', 'logs'),
          headers: { 'content-type': 'application/json', 'dd-api-key': apiKey.reveal() },
          body: jsonArray(messages),
          gzip: true,
        }),
      ),
  };
}
