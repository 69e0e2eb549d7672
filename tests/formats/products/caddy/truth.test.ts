import { expect, test } from 'vitest';
import { readingsOf, recordOf } from '../../fixtures.ts';

/** What was done, from the README of the samples. */
function brief(file: string) {
  return readingsOf(`caddy/${file}.log`, 'caddy')
    .map(recordOf)
    .map(({ method, client, status, outcome, bytesToServer, bytesToClient, durationMs }) => [
      method,
      client?.ip,
      client?.user,
      status,
      outcome,
      bytesToServer,
      bytesToClient,
      durationMs,
    ]);
}

test('JSON with times in seconds tells what was sent both ways', () => {
  expect(brief('access_json_unixts')).toEqual([
    ['GET', '127.0.11.1', undefined, 200, 'success', undefined, 20, 5],
    ['POST', '127.0.11.1', undefined, 200, 'success', 1_048_576, 26, 3],
    ['GET', '127.80.0.5', undefined, 200, 'success', undefined, 500_000, 6],
  ]);
  const [first] = readingsOf('caddy/access_json_unixts.log', 'caddy').map(recordOf);
  expect(new Date(first?.timeMs ?? 0).toISOString()).toBe('2026-11-24T04:10:01.659Z');
  expect(first?.url).toBe('http://127.60.0.2:8090/status');
  // An address in a Host header is a claim, not a place.
  expect(first?.server).toEqual({ port: 8090 });
});

test('JSON with times and durations as text: a user, a refusal, a client that left', () => {
  expect(brief('access_json_iso')).toEqual([
    ['PUT', '127.0.11.2', undefined, 200, 'success', 66_893, 24, 4],
    ['GET', '127.0.11.2', 'svc_claims', 200, 'success', undefined, 5_000, 1_140],
    ['GET', '127.0.11.2', undefined, 401, 'failure', undefined, 0, 0],
    ['GET', '127.0.11.2', undefined, undefined, 'aborted', undefined, 0, 1_001],
    ['GET', '127.0.11.3', undefined, 200, 'success', undefined, 20, 2],
  ]);
  const records = readingsOf('caddy/access_json_iso.log', 'caddy').map(recordOf);
  expect(new Date(records[0]?.timeMs ?? 0).toISOString()).toBe('2026-11-24T04:17:44.423Z');
  expect(records[4]?.agent).toBe('odd "ua" \\ é');
});

test('Lines for a console tell the same; their time is local', () => {
  expect(brief('access_console')).toEqual([['PUT', '127.0.11.3', undefined, 200, 'success', 5_536, 23, 2]]);
  const inZone = (zone: string) => readingsOf('caddy/access_console.log', 'caddy', zone).map(recordOf)[0]?.timeMs ?? 0;
  expect(new Date(inZone('UTC')).toISOString()).toBe('2026-11-24T04:17:46.631Z');
  expect(new Date(inZone('America/New_York')).toISOString()).toBe('2026-11-24T09:17:46.631Z');
});
