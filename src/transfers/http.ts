import type { LogRecord } from '../formats/record.ts';
import type { InsideSide } from '../sources/settings.ts';
import { oursIs } from './inside.ts';
import type { Origin } from './observed.ts';
import type { Party, Protocol, Transfer, Vehicle } from './transfer.ts';

/** Methods whose request has no body (RFC 9110 section 9.3, RFC 4918). Any other token may be anything, so it may have. */
const METHODS_WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'DELETE', 'COPY', 'MOVE', 'MKCOL', 'UNLOCK']);

/** No header section is that long (Squid's `request_header_max_size`): the rest is a body, whatever the method. */
const LONGEST_HEADERS_BYTES = 65_536;

/**
 * A proxy writes these itself when the origin could not be reached, and passes on the origin's own: a log cannot say. 407
 * is never an origin's (RFC 9110 section 15.5.8).
 */
const MAYBE_NEVER_ARRIVED = new Set([407, 502, 503, 504]);

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

function requestTransfer({ line, record }: Origin): Transfer | undefined {
  const { client, server, method, status, outcome, reached, bytesToServer } = record;
  if (method === undefined || server === undefined) return undefined;
  if (reached === 'nobody' || outcome === 'denied' || bytesToServer === 0) return undefined;
  const transfer: Draft = {
    kind: 'transfer',
    source: line.source,
    place: line.place,
    part: 'to-server',
    timeMs: record.timeMs,
    protocol: protocolOf(record),
    vehicle: requestVehicle(method, bytesToServer),
    sender: client ?? {},
    receiver: withoutUser(server),
    reach: outcome === 'aborted' || !hasArrived(method, status) ? 'attempted' : 'delivered',
  };
  addContent(transfer, record);
  if (bytesToServer !== undefined) transfer.bytes = bytesToServer;
  if (record.connectMs !== undefined) transfer.connectMs = record.connectMs;
  const addressMissing = whyNoAddress(record);
  if (addressMissing !== undefined) transfer.addressMissing = addressMissing;
  return transfer;
}

function responseTransfer({ line, record }: Origin): Transfer | undefined {
  const { client, server, method, outcome, bytesToClient } = record;
  if (client === undefined || method === undefined || outcome === 'denied') return undefined;
  if (bytesToClient === undefined || bytesToClient === 0) return undefined;
  const transfer: Draft = {
    kind: 'transfer',
    source: line.source,
    place: line.place,
    part: 'to-client',
    timeMs: record.timeMs,
    protocol: protocolOf(record),
    vehicle: method === 'CONNECT' ? 'tunnel' : 'body',
    sender: server ?? {},
    receiver: client,
    reach: outcome === 'success' ? 'delivered' : 'attempted',
    bytes: bytesToClient,
  };
  addContent(transfer, record);
  if (client.user !== undefined) transfer.account = client.user;
  return transfer;
}

/** Conditional spreads would read nicer; this runs for every line of a busy proxy. */
type Draft = { -readonly [K in keyof Transfer]: Transfer[K] };

function addContent(transfer: Draft, record: LogRecord): void {
  const { url, method, status, contentType, file, dlp, session } = record;
  if (url !== undefined) transfer.url = url;
  if (method !== undefined) transfer.method = method;
  if (status !== undefined) transfer.status = status;
  if (contentType !== undefined) transfer.contentType = contentType;
  if (file !== undefined) transfer.path = file.path;
  if (dlp !== undefined) transfer.dlp = dlp;
  if (session !== undefined) transfer.session = session;
}

/** A tunnel is there once its request succeeded (RFC 9110 section 9.3.6), and not before. */
function hasArrived(method: string, status: number | undefined): boolean {
  if (status === undefined || status === 0 || MAYBE_NEVER_ARRIVED.has(status)) return false;
  return method !== 'CONNECT' || status < 300;
}

function requestVehicle(method: string, bytes: number | undefined): Vehicle {
  if (method === 'CONNECT') return 'tunnel';
  const isBare = METHODS_WITHOUT_BODY.has(method) && (bytes === undefined || bytes <= LONGEST_HEADERS_BYTES);
  return isBare ? 'url' : 'body';
}

function protocolOf({ method, url }: LogRecord): Protocol {
  if (method === 'CONNECT') return 'tunnel';
  return url?.startsWith('https:') ? 'https' : 'http';
}

function withoutUser(server: Party): Party {
  if (server.user === undefined) return server;
  const { user: _, ...party } = server;
  return party;
}

function whyNoAddress({ server, reached }: LogRecord): string | undefined {
  if (server?.ip !== undefined) return undefined;
  return reached === 'parent-proxy'
    ? 'the request went through a parent proxy, so the log shows that proxy and not the origin server'
    : 'the log names the server but not its address';
}
