import { expect, test } from 'vitest';
import type { SentinelSettings } from '../../../src/sinks/settings.ts';
import { alert } from '../alerts.ts';
import { HTTP, type Received, type Reply, receiver, secret, senderTo } from './receiver.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const CLIENT = '66666666-7777-8888-9999-000000000000';
const RULE = 'dcr-00112233445566778899aabbccddeeff';

function settings(url: string, differences: Partial<SentinelSettings> = {}): SentinelSettings {
  return {
    ...HTTP,
    type: 'sentinel',
    url,
    rule: RULE,
    stream: 'Custom-PhiEgressAlerts',
    tenant: TENANT,
    client: CLIENT,
    secret: secret('s~cret'),
    login: url,
    scope: 'https://monitor.azure.com/.default',
    ...differences,
  };
}

/**
 * Entra ID ("OAuth 2.0 client credentials flow on the Microsoft identity platform") and the Logs Ingestion API ("Logs
 * Ingestion API in Azure Monitor", "REST API call", "Limits and restrictions") behind one port.
 */
function azure() {
  const rows: unknown[] = [];
  const state = { now: 1_000_000, tokens: 0, withdrawn: 0, hasRole: true, throttled: false };
  const answer = ({ method, path, headers, body }: Received): Reply => {
    if (path === `/${TENANT}/oauth2/v2.0/token`) {
      const form = new URLSearchParams(body);
      if (form.get('grant_type') !== 'client_credentials' || form.get('scope') !== 'https://monitor.azure.com/.default')
        return { status: 400, body: { error: 'invalid_scope' } };
      if (form.get('client_id') !== CLIENT || form.get('client_secret') !== 's~cret')
        return { status: 401, body: { error: 'invalid_client', error_description: `AADSTS7000215: ${body}` } };
      state.tokens += 1;
      return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token: `token-${state.tokens}` } };
    }
    if (
      method !== 'POST' ||
      path !== `/dataCollectionRules/${RULE}/streams/Custom-PhiEgressAlerts?api-version=2023-01-01`
    )
      return { status: 404, body: { error: { code: 'NotFound' } } };
    if (headers['content-type'] !== 'application/json') return { status: 415 };
    const [, number] = /^Bearer token-(\d+)$/.exec(headers.authorization ?? '') ?? [];
    if (number === undefined || Number(number) <= state.withdrawn) return { status: 401 };
    if (!state.hasRole) return { status: 403, body: { error: { code: 'OperationFailed' } } };
    if (state.throttled) return { status: 429, headers: { 'retry-after': '42' } };
    if (Buffer.byteLength(body) > 1_048_576) return { status: 413 };
    const sent: unknown = JSON.parse(body);
    if (!Array.isArray(sent)) return { status: 400, body: { error: { code: 'InvalidJson' } } };
    rows.push(...sent);
    return { status: 204 };
  };
  return { rows, state, answer };
}

test('alerts arrive as rows in the native form, with one token for many requests', async () => {
  const { answer, rows, state } = azure();
  const { url } = await receiver(answer);
  const { send, encode } = senderTo(settings(url));
  expect(await send([encode(alert(), '0'), encode(alert({ count: 2 }), '0')])).toEqual({ kind: 'stored' });
  expect(await send([encode(alert({ count: 3 }), '0')])).toEqual({ kind: 'stored' });
  expect(rows).toMatchObject([{ lastSeen: '2026-11-24T03:48:06.123Z', count: 1 }, { count: 2 }, { count: 3 }]);
  expect(state.tokens).toBe(1);
});

test('a token is renewed five minutes before it expires, and when it was withdrawn', async () => {
  const { answer, state } = azure();
  const { url } = await receiver(answer);
  const { send } = senderTo(settings(url), { nowMs: () => state.now });
  await send(['{}']);
  state.now += (3_599 - 300) * 1_000 - 1;
  await send(['{}']);
  expect(state.tokens).toBe(1);
  state.now += 1;
  await send(['{}']);
  expect(state.tokens).toBe(2);
  state.withdrawn = 2;
  expect(await send(['{}'])).toEqual({ kind: 'stored' });
  expect(state.tokens).toBe(3);
});

test('a wrong secret and a role that is not there yet wait for the operator', async () => {
  const { answer, state } = azure();
  const { url } = await receiver(answer);
  expect(await senderTo(settings(url, { secret: secret('wrong') })).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'no token is granted (status 401: the credentials are not accepted)',
  });
  expect(await senderTo(settings(url, { scope: 'other' })).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'no token is granted (status 400)',
  });
  state.hasRole = false;
  expect(await senderTo(settings(url)).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'status 403: the credentials do not permit this',
  });
});

test('throttled, too large, and a token service that is away', async () => {
  const { answer, state } = azure();
  const { url } = await receiver(answer);
  const { send } = senderTo(settings(url));
  expect(await send([`"${'x'.repeat(1_048_575)}"`])).toMatchObject({ kind: 'split' });
  state.throttled = true;
  expect(await send(['{}'])).toMatchObject({ kind: 'again', afterMs: 42_000 });
  const away = await receiver(() => ({ status: 503 }));
  expect(await senderTo(settings(url, { login: away.url })).send(['{}'])).toEqual({
    kind: 'again',
    because: 'no token is granted (status 503)',
  });
});
