import type { Api } from '../http/api.ts';
import { Bearer } from '../http/bearer.ts';
import { verdictByStatus } from '../http/status.ts';
import { below } from '../http/url.ts';
import type { GoogleSecopsSettings } from '../settings.ts';
import { serviceAccountGrant } from './google-service-account.ts';

/** Known clients keep to 1 MB a request. */
const LIMITS = { messages: 500, bytes: 990_000 };

/**
 * Google Security Operations: method `events.import` of the Chronicle API. One event that is not valid has the whole
 * request refused, so the batch is halved until it is found.
 */
export function googleSecops(settings: GoogleSecopsSettings, nowMs: () => number): Api {
  const { url, project, location, instance, credentials } = settings;
  const bearer = new Bearer(() => serviceAccountGrant(credentials, nowMs()), nowMs);
  const parent = ['projects', project, 'locations', location, 'instances', instance];
  return {
    limits: LIMITS,
    deliver: async ({ messages }, ask) =>
      verdictByStatus(
        await bearer.ask(ask, {
          url: below(url, 'v1', ...parent, 'events:import'),
          headers: { 'content-type': 'application/json' },
          body: `{"inlineSource":{"events":[${messages.map((udm) => `{"udm":${udm.trimEnd()}}`).join(',')}]}}`,
        }),
      ),
  };
}
