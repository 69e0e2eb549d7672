import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GoogleSecopsSettings } from '../../../src/sinks/settings.ts';
import { scratch } from '../../command.ts';
import { alert, conditionAlert } from '../alerts.ts';
import { HTTP, type Received, type Reply, receiver, senderTo } from './receiver.ts';

const INSTANCE = '11111111-2222-3333-4444-555555555555';
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function settings(url: string, credentials: string): GoogleSecopsSettings {
  return { ...HTTP, type: 'google-secops', url, project: 'soc', location: 'us', instance: INSTANCE, credentials };
}

async function keyFile(directory: string, url: string): Promise<string> {
  const path = join(directory, 'key.json');
  const key = {
    type: 'service_account',
    client_email: 'agent@soc.iam.gserviceaccount.com',
    private_key: privateKey,
    private_key_id: 'k1',
    token_uri: `${url}/token`,
  };
  await writeFile(path, JSON.stringify(key, undefined, 2));
  return path;
}

/**
 * Google's token service ("Using OAuth 2.0 for Server to Server Applications", RFC 7523) and `events.import` ("Method:
 * events.import": all events must be valid, the answer is empty), with the fields that the UDM usage guide demands.
 */
function google(url: () => string) {
  const events: { udm: Record<string, unknown> }[] = [];
  const answer = ({ method, path, headers, body }: Received): Reply => {
    if (path === '/token') {
      const form = new URLSearchParams(body);
      if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return { status: 400 };
      const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
      const key = createPublicKey(publicKey);
      if (!verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url')))
        return { status: 400, body: { error: 'invalid_grant' } };
      const { iss, scope, aud, iat, exp } = JSON.parse(String(Buffer.from(claims, 'base64url')));
      const isRight = iss === 'agent@soc.iam.gserviceaccount.com' && aud === `${url()}/token` && exp - iat <= 3_600;
      if (!isRight || scope !== 'https://www.googleapis.com/auth/cloud-platform')
        return { status: 400, body: { error: 'invalid_grant' } };
      return { status: 200, body: { access_token: 'ya29.t', expires_in: 3_599, token_type: 'Bearer' } };
    }
    if (method !== 'POST' || path !== `/v1/projects/soc/locations/us/instances/${INSTANCE}/events:import`)
      return { status: 404 };
    if (headers.authorization !== 'Bearer ya29.t') return { status: 401 };
    const { inlineSource } = JSON.parse(body) as { inlineSource: { events: { udm: Record<string, unknown> }[] } };
    if (!inlineSource.events.every(({ udm }) => isValid(udm)))
      return { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: body } } };
    events.push(...inlineSource.events);
    return { status: 200, body: {} };
  };
  return { events, answer };
}

const TYPES = new Set(['NETWORK_HTTP', 'NETWORK_CONNECTION', 'USER_LOGIN', 'GENERIC_EVENT']);

function isValid(udm: Record<string, unknown>): boolean {
  const { eventTimestamp, eventType, vendorName, productName } = udm.metadata as Record<string, string>;
  if (Number.isNaN(Date.parse(eventTimestamp ?? '')) || !TYPES.has(eventType ?? '')) return false;
  if (vendorName === undefined || productName === undefined) return false;
  const needsTwo = eventType === 'NETWORK_HTTP' || eventType === 'NETWORK_CONNECTION';
  return !needsTwo || (hasMachine(udm.principal) && hasMachine(udm.target));
}

function hasMachine(noun: unknown): boolean {
  const { ip, hostname } = (noun ?? {}) as { ip?: readonly string[]; hostname?: string };
  return (ip?.length ?? 0) > 0 || hostname !== undefined;
}

async function secops(directory: string) {
  let url = '';
  const api = google(() => url);
  const server = await receiver(api.answer);
  url = server.url;
  return { ...api, ...server, credentials: await keyFile(directory, url) };
}

test('alerts arrive as events of the Unified Data Model, with a token for the key of a service account', async () => {
  await using dir = await scratch();
  const { url, credentials, events } = await secops(dir.path);
  const { send, encode } = senderTo(settings(url, credentials));
  const login = alert({ rule: 'vendor-access-from-outside', claim: 'accessed', protocol: 'ssh' });
  const all = [alert(), login, conditionAlert()].map((it) => encode(it, '0.1.0'));
  expect(await send(all)).toEqual({ kind: 'stored' });
  expect(events).toMatchObject([
    {
      udm: {
        metadata: {
          eventTimestamp: '2026-11-24T03:48:06.123Z',
          eventType: 'NETWORK_HTTP',
          productVersion: '0.1.0',
          productLogId: 'a-1f6b0c5be0e1b8e2a4d39c77.open.1',
        },
        principal: { ip: ['10.1.2.3'], hostname: 'ws12', user: { userid: 'jdoe' } },
        target: {
          ip: ['13.232.1.9'],
          hostname: 'upload.acme.example',
          port: 443,
          location: { countryOrRegion: 'IN' },
        },
        network: { applicationProtocol: 'HTTPS', http: { method: 'PUT' }, sentBytes: '1048576' },
        securityResult: [
          {
            category: ['DATA_EXFILTRATION'],
            severity: 'HIGH',
            ruleId: 'phi-outside-territory',
            alertState: 'ALERTING',
          },
        ],
        additional: { vendorId: 'acme-coding', standing: 'likely' },
      },
    },
    { udm: { metadata: { eventType: 'USER_LOGIN' }, principal: { ip: ['13.232.1.9'] }, target: { hostname: 'gw1' } } },
    { udm: { metadata: { eventType: 'GENERIC_EVENT' }, securityResult: [{ alertState: 'NOT_ALERTING' }] } },
  ]);
});

test('one event that is not valid has all refused, without a word of them', async () => {
  await using dir = await scratch();
  const { url, credentials, events } = await secops(dir.path);
  const { send, encode } = senderTo(settings(url, credentials));
  expect(await send([encode(alert(), '0'), '{"metadata":{}}'])).toEqual({ kind: 'never', because: 'status 400' });
  expect(events).toEqual([]);
});

test('a key that is none, or is not there, waits for the operator and is not shown', async () => {
  await using dir = await scratch();
  const { url } = await secops(dir.path);
  const path = join(dir.path, 'other.json');
  await writeFile(path, '{"client_email":"a@b","private_key":"hush","token_uri":"https://127.0.0.1/token"}');
  expect(await senderTo(settings(url, path)).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'Cannot use the file that credentials names: the private key in it cannot be read',
  });
  await writeFile(path, 'hush');
  expect(await senderTo(settings(url, path)).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'Cannot use the file that credentials names: it is no key of a service account in JSON',
  });
  expect(await senderTo(settings(url, join(dir.path, 'none.json'))).send(['{}'])).toEqual({
    kind: 'hold',
    because: 'Cannot use the file that credentials names: it cannot be read (ENOENT)',
  });
});
