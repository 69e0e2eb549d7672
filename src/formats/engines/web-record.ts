import type { Reading } from '../format.ts';
import type { Endpoint, LogRecord, Outcome } from '../record.ts';
import { type AddressReader, isPort, readAddressAndPort, rememberingAddressReader } from '../values/address-text.ts';
import { defaultPort, type HttpTarget, hostName, readHttpTarget } from '../values/http-target.ts';
import { movedType } from '../values/media-type.ts';
import { type RequestLine, readRequestLine } from '../values/request-line.ts';
import { ABSENT, type WebFields } from './web-keys.ts';

export type Reached = NonNullable<LogRecord['reached']>;

/** What a product says, in its own way, about how an exchange went. */
export interface Course {
  readonly outcome?: Outcome | undefined;
  readonly reached?: Reached | undefined;
}

/** Made once for a format; asked for each line. @param status to the client, `undefined` when there was none */
export type CourseReader = (fields: WebFields) => (status: number | undefined) => Course;

/** Makes the record of the line whose fields are at hand. */
export type WebRecordReader = (timeMs: number) => Reading;

/** Conditional spreads would read nicer; this runs for every line of a busy proxy. */
type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A success is what was answered with a status below 400: an error page is no delivery of what was asked for. */
export function outcomeByStatus(status: number | undefined): Outcome | undefined {
  if (status === undefined) return undefined;
  return status < 400 ? 'success' : 'failure';
}

/** A record is an `http` exchange where the line tells anything of a request, else a `flow`. */
export function webRecordReader(fields: WebFields, courseReader: CourseReader): WebRecordReader {
  const { find, text, count, durationMs, isLowerBound } = fields;
  const requestOf = requestReader(fields);
  const urlOf = urlReader(fields);
  const addressText = rememberingAddressReader();
  const clientOf = clientReader(fields, addressText);
  const serverOf = serverReader(fields, addressText);
  const bytesToServerOf = bytesToServerReader(fields);
  const bytesToClientOf = bytesToClientReader(fields);
  const courseOf = courseReader(fields);
  const [status, duration, total] = [find('status'), find('duration'), find('bytes-to-client')];
  const [agent, referrer, session, result] = [find('agent'), find('referrer'), find('session'), find('result')];
  const connect = find('connect-time');
  const [requestType, replyType] = [find('request-type'), find('reply-type')];
  const isWeb = find('request', 'method', 'target') !== ABSENT;

  return (timeMs) => {
    const statusCount = count(status);
    const tookMs = durationMs(duration);
    if (!isWhole(tookMs) || !isStatus(statusCount)) return BAD_COUNT;
    const statusNumber = statusCount === 0 ? undefined : statusCount;
    const { method, target } = requestOf();
    // `logasap` and its like: how it ended is not known yet.
    const isUnfinished = isLowerBound(total) || isLowerBound(duration);
    const { outcome, reached } = courseOf(statusNumber);
    const bytesToServer = bytesToServerOf(outcome);
    const bytesToClient = bytesToClientOf(method);
    if (!isWhole(bytesToServer) || !isWhole(bytesToClient)) return BAD_COUNT;
    const client = clientOf();
    if (client !== undefined && isMisread(client)) return BAD_FIELDS;
    const named = namedTarget(method, target);
    const server = serverOf(named, reached);
    const connectMs =
      reached === 'server' && server?.ip !== undefined ? connectedWithin(durationMs(connect)) : undefined;
    const contentType = movedType(method, text(requestType), text(replyType));
    const [agentText, referrerText, sessionText] = [text(agent), text(referrer), text(session)];
    const resultText = text(result);

    const isFlow = method === undefined && target === undefined && statusNumber === undefined;
    const record: Draft<LogRecord> = { kind: isWeb && !isFlow ? 'http' : 'flow', timeMs };
    if (client !== undefined) record.client = client;
    if (server !== undefined) record.server = server;
    if (bytesToServer !== undefined) record.bytesToServer = bytesToServer;
    if (bytesToClient !== undefined) record.bytesToClient = bytesToClient;
    if (tookMs !== undefined) record.durationMs = tookMs;
    if (connectMs !== undefined) record.connectMs = connectMs;
    if (method !== undefined) record.method = method;
    if (target !== undefined) record.url = urlOf(target, named);
    if (statusNumber !== undefined) record.status = statusNumber;
    if (contentType !== undefined) record.contentType = contentType;
    if (sessionText !== undefined) record.session = sessionText;
    if (outcome !== undefined && !isUnfinished) record.outcome = outcome;
    if (agentText !== undefined) record.agent = agentText;
    if (referrerText !== undefined) record.referrer = referrerText;
    if (resultText !== undefined) record.proxyResult = resultText;
    if (reached !== undefined) record.reached = reached;
    if (isUnfinished) record.unfinished = true;
    return { kind: 'record', record };
  };
}

/** Neither something else than a number nor more than can be counted. */
function isWhole(count: number | undefined): boolean {
  return count === undefined || Number.isSafeInteger(count);
}

/** Fractions of a millisecond were cut off. Retries make it a list, which tells nothing of one connection. */
function connectedWithin(wholeMs: number | undefined): number | undefined {
  return wholeMs !== undefined && isWhole(wholeMs) && wholeMs > 0 ? wholeMs + 1 : undefined;
}

/** Three digits (RFC 9110 section 15), or 0 where there was none: anything else means that the line was split wrongly. */
function isStatus(status: number | undefined): boolean {
  return status === undefined || status === 0 || (status >= 100 && status <= 999);
}

/** Reads the request from its line, or from its parts. */
function requestReader({ find, text }: WebFields): () => RequestLine {
  const line = find('request');
  const [method, target, query] = [find('method'), find('target'), find('query')];
  if (line !== ABSENT) return () => readRequestLine(text(line) ?? '');
  return () => {
    const [methodText, path] = [text(method), text(target)];
    const queryText = query === ABSENT || path === undefined || path.includes('?') ? undefined : text(query);
    const mark = queryText === undefined || queryText.startsWith('?') ? '' : '?';
    const whole = path === undefined || queryText === undefined ? path : `${path}${mark}${queryText}`;
    return {
      ...(methodText !== undefined && { method: methodText }),
      ...(whole !== undefined && { target: whole }),
    };
  };
}

/** The URL of a request: a path is one where scheme and host are told as well. */
function urlReader({ find, text }: WebFields): (target: string, named: HttpTarget | undefined) => string {
  const [scheme, host] = [find('scheme'), find('host')];
  return (target, named) => {
    if (named !== undefined) return named.url;
    if (scheme === ABSENT || target.charCodeAt(0) !== SLASH) return target;
    const [schemeText, hostText] = [text(scheme), text(host)];
    return schemeText === undefined || hostText === undefined
      ? target
      : `${schemeText.toLowerCase()}://${hostText}${target}`;
  };
}

/** A path names nobody; of other targets only a CONNECT's may lack the scheme (RFC 9112 section 3.2). */
function namedTarget(method: string | undefined, target: string | undefined): HttpTarget | undefined {
  if (target === undefined || target.charCodeAt(0) === SLASH) return undefined;
  return method === 'CONNECT' || target.includes('://') ? readHttpTarget(target) : undefined;
}

function clientReader({ find, text, count }: WebFields, addressText: AddressReader) {
  const [address, chain, port] = [find('client'), find('client-chain'), find('client-port')];
  const [name, user] = [find('client-name'), find('user')];

  return (): Endpoint | undefined => {
    const observed = text(address);
    const chained = observed === undefined && chain !== ABSENT ? lastOf(text(chain) ?? '') : undefined;
    const written = observed ?? chained;
    const found = written === undefined ? undefined : readAddressAndPort(written, addressText);
    const portNumber = found?.port ?? count(port);
    const host = text(name) ?? found?.name;
    const userName = text(user);
    const client: Draft<Endpoint> = {};
    if (found?.ip !== undefined) client.ip = found.ip;
    if (isPort(portNumber)) client.port = portNumber;
    if (host !== undefined && host !== '' && addressText(host) === undefined) client.host = hostName(host);
    if (userName !== undefined) client.user = userName;
    return found?.ip === undefined && client.host === undefined && userName === undefined ? undefined : client;
  };
}

/**
 * Reads whom the request was for. The address is the one that was spoken to, or the one that the client named in a URL
 * or a CONNECT: an address in a Host header, which anyone can send to anyone, is not taken for one.
 */
function serverReader({ find, text, count }: WebFields, addressText: AddressReader) {
  const [observed, observedPort] = [find('server'), find('server-port')];
  const [host, sni, virtual, scheme] = [find('host'), find('sni'), find('virtual-host'), find('scheme')];

  return (target: HttpTarget | undefined, reached: Reached | undefined): Endpoint | undefined => {
    const spokenTo = observed === ABSENT ? undefined : readServer(text(observed), addressText);
    const claimed = readClaim(target === undefined ? (text(host) ?? text(virtual)) : undefined, addressText);
    const literal = target === undefined ? undefined : addressText(target.host);
    const ip = spokenTo?.ip ?? (reached === 'nobody' ? undefined : literal);
    const seen = spokenTo?.ip === undefined ? undefined : (spokenTo.port ?? count(observedPort));
    const claimedPort = claimed === undefined ? undefined : (claimed.port ?? defaultPort(text(scheme)));
    const port = seen ?? target?.port ?? claimedPort ?? count(observedPort);
    const name = (literal === undefined ? target?.host : undefined) ?? claimed?.name ?? text(sni);

    const server: Draft<Endpoint> = {};
    if (ip !== undefined) server.ip = ip;
    if (isPort(port)) server.port = port;
    if (name !== undefined && name !== '') server.host = hostName(name);
    return server.ip === undefined && server.port === undefined && server.host === undefined ? undefined : server;
  };
}

/** `127.0.0.1:8080, [::1]:8080` for retries, `unix:/path` for a socket, `http://192.0.2.7:80` where it is a URL. */
function readServer(text: string | undefined, addressText: AddressReader) {
  if (text === undefined) return undefined;
  const last = lastOf(text);
  const schemeEnd = last.indexOf('://');
  return readAddressAndPort(schemeEnd === -1 ? last : last.slice(schemeEnd + 3), addressText);
}

function readClaim(text: string | undefined, addressText: AddressReader) {
  if (text === undefined) return undefined;
  const { ip, name, port } = readAddressAndPort(text, addressText);
  return { ...(ip === undefined && name !== undefined && { name }), ...(port !== undefined && { port }) };
}

/** What a server behind us got, else what came from the client, else what the client announced and no one broke off. */
function bytesToServerReader({ find, text, count }: WebFields) {
  const [sent, received] = [find('bytes-to-server'), find('bytes-from-client', 'body-from-client')];
  const announced = find('announced-bytes');
  const sentBytes = (): number | undefined => {
    const written = sent === ABSENT ? undefined : text(sent);
    if (written === undefined) return undefined;
    const last = lastOf(written);
    return last === '-' ? undefined : DIGITS.test(last) ? Number(last) : Number.NaN;
  };
  return (outcome: Outcome | undefined): number | undefined =>
    sentBytes() ?? count(received) ?? (outcome === 'aborted' ? undefined : count(announced));
}

function bytesToClientReader({ find, text, count }: WebFields) {
  const [clf, body, total] = [find('clf-body-to-client'), find('body-to-client'), find('bytes-to-client')];
  return (method: string | undefined): number | undefined => {
    const bodyBytes = count(clf) ?? count(body) ?? count(total);
    if (bodyBytes !== undefined || clf === ABSENT) return bodyBytes;
    // In a tunnel, `-` only says that the server did not count.
    return method === 'CONNECT' || text(clf) !== undefined ? undefined : 0;
  };
}

/** nginx puts `, ` between servers of one group and ` : ` between groups; X-Forwarded-For has commas. */
function lastOf(list: string): string {
  const comma = list.lastIndexOf(',');
  const group = list.lastIndexOf(' : ');
  return comma === -1 && group === -1 ? list : list.slice(Math.max(comma, group + 2) + 1).trim();
}

const DIGITS = /^\d{1,15}$/;
const SLASH = 47;

/** In the Common Log Format a field too many at the beginning makes the user `- -`; a bare number is nobody's name. */
function isMisread({ host, user }: Endpoint): boolean {
  return user?.startsWith('- ') === true || (host !== undefined && !/^[^\s"{}]*[^\s"{}\d][^\s"{}]*$/.test(host));
}

const BAD_FIELDS: Reading = { kind: 'unreadable', because: 'fields are missing or added before the user' };
const BAD_COUNT: Reading = {
  kind: 'unreadable',
  because: 'something else stands where the format has a number',
};
