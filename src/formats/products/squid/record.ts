import type { Reading } from '../../format.ts';
import type { LogRecord } from '../../record.ts';
import { rememberingAddressReader } from '../../values/address-text.ts';
import { digitsOf } from '../../values/digits.ts';
import { readHttpTarget } from '../../values/http-target.ts';
import { movedType } from '../../values/media-type.ts';
import { squidClientReader, squidServerReader } from './endpoints.ts';
import { type HeaderTail, type RequestHeaders, readRequestHeaders } from './headers.ts';
import { outcomeOf, reachedByHierarchy, reachedByResult, rememberingResultReader } from './route.ts';
import { ABSENT, type SquidValues } from './values.ts';

/** Makes the record of a line that its template has matched. */
export type SquidRecordReader = (text: string, timeMs: number, tail: HeaderTail | undefined) => Reading;

/** Conditional spreads would read nicer; this runs for every line of a busy proxy. */
type Draft = { -readonly [K in keyof LogRecord]: LogRecord[K] };

export function squidRecordReader(values: SquidValues): SquidRecordReader {
  const { find, raw, value, count } = values;
  const addressText = rememberingAddressReader();
  const clientOf = squidClientReader(values, addressText);
  const serverOf = squidServerReader(values, addressText);
  const headersOf = headersReader(values);
  const resultOf = rememberingResultReader();
  const [toServer, toClient, duration] = [find(['>st']), find(['<st']), find(['tr'])];
  const [method, url, status] = [find(['rm', '>rm', '<rm']), find(['ru', '>ru', '<ru']), find(['>Hs', 'Hs', '<Hs'])];
  const clientAddress = find(['>a']);
  const [result, hierarchy, peer, replyType] = [find(['Ss']), find(['Sh']), find(['<a']), find(['mt'])];

  return (text, timeMs, tail) => {
    const statusNumber = count(text, status);
    const sentBytes = count(text, toServer);
    const bytesToClient = count(text, toClient);
    const durationMs = count(text, duration);
    if (Number.isNaN(statusNumber) || Number.isNaN(durationMs)) return BAD_COUNT;
    if (Number.isNaN(sentBytes) || Number.isNaN(bytesToClient)) return BAD_COUNT;
    const resultCode = raw(text, result);
    const hierarchyCode = raw(text, hierarchy);
    if (!isTagOrAbsent(resultCode) || !isTagOrAbsent(hierarchyCode)) return BAD_TAG;

    const tags = resultCode === undefined ? undefined : resultOf(resultCode);
    const methodText = value(text, method);
    // Of an intercepted connection this row shows the address it was meant for; what went there has rows of its own.
    const isPeeked = methodText === 'CONNECT' && tags?.none === true && (statusNumber ?? 0) < 300;
    const reached = isPeeked
      ? 'nobody'
      : hierarchyCode === undefined
        ? reachedByResult(tags, raw(text, peer))
        : reachedByHierarchy(hierarchyCode);
    const urlText = value(text, url);
    const isError = urlText?.startsWith('error:') === true;
    const target = urlText === undefined || isError ? undefined : readHttpTarget(urlText);
    const outcome = isError ? 'failure' : tags && outcomeOf(tags, statusNumber, reached);
    const headers = headersOf(text, tail);
    const client = clientOf(text);
    if (client?.ip === undefined && isNoClient(raw(text, clientAddress))) return BAD_CLIENT;
    const server = serverOf(text, { target, reached });
    const bytesToServer = sentBytes ?? (outcome === 'aborted' ? undefined : announcedBytes(headers));
    const contentType = movedType(methodText, headers?.contentType, value(text, replyType));

    const record: Draft = { kind: 'http', timeMs };
    if (client !== undefined) record.client = client;
    if (server !== undefined) record.server = server;
    if (bytesToServer !== undefined) record.bytesToServer = bytesToServer;
    if (bytesToClient !== undefined) record.bytesToClient = bytesToClient;
    if (durationMs !== undefined) record.durationMs = durationMs;
    if (methodText !== undefined) record.method = methodText;
    if (urlText !== undefined && !isError) record.url = target?.url ?? urlText;
    if (statusNumber !== undefined && statusNumber > 0) record.status = statusNumber;
    if (contentType !== undefined) record.contentType = contentType;
    if (outcome !== undefined) record.outcome = outcome;
    if (headers?.userAgent !== undefined) record.agent = headers.userAgent;
    if (headers?.referer !== undefined) record.referrer = headers.referer;
    if (resultCode !== undefined) record.proxyResult = resultCode;
    if (reached !== undefined) record.reached = reached;
    return { kind: 'record', record };
  };
}

/** Reads the request headers from wherever they are logged: behind the line, all together, or one by one. */
function headersReader({ find, raw, value }: SquidValues) {
  const all = find(['>h']);
  const [type, length] = [find(['>h'], 'content-type'), find(['>h'], 'content-length')];
  const [agent, referer] = [find(['>h'], 'user-agent'), find(['>h'], 'referer')];
  const hasSome = [type, length, agent, referer].some((index) => index !== ABSENT);

  return (text: string, tail: HeaderTail | undefined): RequestHeaders | undefined => {
    if (tail !== undefined) return readRequestHeaders(text.slice(tail.requestStart, tail.requestEnd));
    if (all !== ABSENT) return readRequestHeaders(raw(text, all) ?? '');
    if (!hasSome) return undefined;
    const [contentType, contentLength] = [value(text, type), value(text, length)];
    const [userAgent, refererText] = [value(text, agent), value(text, referer)];
    return {
      ...(contentType !== undefined && { contentType }),
      ...(contentLength !== undefined && { contentLength }),
      ...(userAgent !== undefined && { userAgent }),
      ...(refererText !== undefined && { referer: refererText }),
    };
  };
}

/** What the client announced, which is what the server got unless someone broke off. */
function announcedBytes(headers: RequestHeaders | undefined): number | undefined {
  const announced = headers?.contentLength;
  if (announced === undefined) return undefined;
  const bytes = digitsOf(announced, 0, announced.length);
  return Number.isNaN(bytes) ? undefined : bytes;
}

/** Result and hierarchy codes are words in capitals; anything else means that the line was split wrongly. */
function isTagOrAbsent(text: string | undefined): boolean {
  if (text === undefined) return true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isCapital = code >= 65 && code <= 90;
    if (!isCapital && code !== UNDERSCORE && !(at > 0 && code >= 48 && code <= 57)) return false;
  }
  return text.length > 0 && text.length <= LONGEST_TAG;
}

const UNDERSCORE = 95;
const LONGEST_TAG = 64;

const BAD_COUNT: Reading = {
  kind: 'unreadable',
  because: 'something else stands where the logformat has a number',
};
/** Squid writes `-` for what it does not know, and a bare number is the duration of another format. */
function isNoClient(text: string | undefined): boolean {
  return text !== undefined && /^\d*$/.test(text);
}

const BAD_CLIENT: Reading = {
  kind: 'unreadable',
  because: 'nothing stands where the logformat has the client: fields are missing or added',
};
const BAD_TAG: Reading = {
  kind: 'unreadable',
  because: 'no result or hierarchy code stands where the logformat has it: fields are missing or added',
};
