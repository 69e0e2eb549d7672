import type { LogRecord } from '../formats/record.ts';
import type { InsideSide } from '../sources/settings.ts';
import { oursIs } from './inside.ts';
import { type Origin, observed } from './observed.ts';
import type { Party, Protocol, Transfer, Vehicle } from './transfer.ts';

/** Methods whose request carries a body (RFC 9110 section 9.3, RFC 5789, RFC 4918, RFC 3253). */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'PROPFIND', 'PROPPATCH', 'REPORT', 'LOCK']);

/** A proxy writes these itself when the origin could not be reached, and passes on the origin's own: a log cannot say. */
const MAYBE_NEVER_ARRIVED = new Set([502, 503, 504]);

/**
 * The movements in one HTTP exchange towards a party that is not ours: the request up to a foreign server, the response
 * down to a foreign client. What a proxy answered by itself (cache hit, denial, failed look-up) moved nothing.
 */
export function httpTransfers(origin: Origin, inside: InsideSide): readonly Transfer[] {
  const ours = oursIs(inside, origin.record);
  const request = ours.client ? requestTransfer(origin) : undefined;
  const response = ours.server ? responseTransfer(origin) : undefined;
  if (request === undefined) return response === undefined ? [] : [response];
  return response === undefined ? [request] : [request, response];
}

function requestTransfer(origin: Origin): Transfer | undefined {
  const { client, server, method, status, outcome, reached, bytesToServer } = origin.record;
  if (method === undefined || server === undefined) return undefined;
  if (reached === 'nobody' || outcome === 'denied' || bytesToServer === 0) return undefined;
  const neverArrived = status === undefined || status === 0 || MAYBE_NEVER_ARRIVED.has(status);
  const addressMissing = whyNoAddress(origin.record);
  return {
    kind: 'transfer',
    ...observed(origin, 'to-server', protocolOf(origin.record)),
    ...content(origin.record),
    vehicle: requestVehicle(method),
    sender: client ?? {},
    receiver: withoutUser(server),
    ...(bytesToServer !== undefined && { bytes: bytesToServer }),
    reach: outcome === 'aborted' || neverArrived ? 'attempted' : 'delivered',
    ...(addressMissing !== undefined && { addressMissing }),
  };
}

function responseTransfer(origin: Origin): Transfer | undefined {
  const { client, server, method, outcome, bytesToClient } = origin.record;
  if (client === undefined || method === undefined || outcome === 'denied') return undefined;
  if (bytesToClient === undefined || bytesToClient === 0) return undefined;
  return {
    kind: 'transfer',
    ...observed(origin, 'to-client', protocolOf(origin.record)),
    ...content(origin.record),
    vehicle: method === 'CONNECT' ? 'tunnel' : 'body',
    sender: server ?? {},
    receiver: client,
    bytes: bytesToClient,
    reach: outcome === 'success' ? 'delivered' : 'attempted',
    ...(client.user !== undefined && { account: client.user }),
  };
}

function content({ url, method, status, contentType, dlp }: LogRecord) {
  return {
    ...(url !== undefined && { url }),
    ...(method !== undefined && { method }),
    ...(status !== undefined && { status }),
    ...(contentType !== undefined && { contentType }),
    ...(dlp !== undefined && { dlp }),
  };
}

function requestVehicle(method: string): Vehicle {
  if (method === 'CONNECT') return 'tunnel';
  return METHODS_WITH_BODY.has(method) ? 'body' : 'url';
}

function protocolOf({ method, url }: LogRecord): Protocol {
  if (method === 'CONNECT') return 'tunnel';
  return url?.startsWith('https:') ? 'https' : 'http';
}

function withoutUser({ user: _, ...party }: Party): Party {
  return party;
}

function whyNoAddress({ server, reached }: LogRecord): string | undefined {
  if (server?.ip !== undefined) return undefined;
  return reached === 'parent-proxy'
    ? 'the request went through a parent proxy, so the log shows that proxy and not the origin server'
    : 'the log names the server but not its address';
}
