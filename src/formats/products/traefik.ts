import type { JsonObject } from '../engines/json.ts';
import { webTemplateFormat } from '../engines/web-format.ts';
import { type WebJsonTable, webJsonFormat } from '../engines/web-json.ts';
import { ABSENT } from '../engines/web-keys.ts';
import { type CourseReader, outcomeByStatus } from '../engines/web-record.ts';
import type { WebRemedies } from '../engines/web-tells.ts';
import type { WebField, WebTemplate } from '../engines/web-template.ts';
import { CLF_TIME } from '../engines/web-times.ts';
import type { BlindSpot, Format } from '../format.ts';

const MANUAL = 'doc.traefik.io, "Access Logs"';

/** As nginx does, Traefik writes 499 for a client that left before it was answered. */
const CLIENT_CLOSED_REQUEST = 499;

/** Without a server behind, Traefik answered by itself: no router, a middleware that refused, a redirect. */
const traefikCourse: CourseReader = ({ find, text }) => {
  const server = find('server');
  return (status) => ({
    outcome: status === CLIENT_CLOSED_REQUEST ? 'aborted' : outcomeByStatus(status),
    reached: server === ABSENT ? undefined : text(server) === undefined ? 'nobody' : 'server',
  });
};

const NAMED_SERVICE: BlindSpot = {
  missing: 'the address of a server that the configuration names',
  consequence: 'a server behind that is given by name cannot be located',
};

const REMEDIES: WebRemedies = {
  recommended: {
    file: 'traefik.yml',
    line: 'accessLog:\n  format: json\n  fields:\n    headers:\n      names: { Content-Type: keep, User-Agent: keep, Referer: keep }',
  },
  always: [NAMED_SERVICE],
};

/**
 * `format: json`. Which way bytes went: RequestContentSize is the body that was received, -1 where that is not known,
 * DownstreamContentSize the body that was sent.
 */
const TABLE: WebJsonTable = {
  time: { paths: ['StartUTC', 'StartLocal', 'time'] },
  fields: {
    client: { paths: ['client'] },
    user: { paths: ['ClientUsername'] },
    host: { paths: ['RequestAddr', 'RequestHost'] },
    scheme: { paths: ['RequestScheme'] },
    method: { paths: ['RequestMethod'] },
    target: { paths: ['RequestPath'] },
    status: { paths: ['DownstreamStatus', 'OriginStatus'] },
    'body-from-client': { paths: ['RequestContentSize'] },
    'announced-bytes': { paths: ['request_Content-Length'] },
    'body-to-client': { paths: ['DownstreamContentSize', 'OriginContentSize'] },
    server: { paths: ['ServiceAddr', 'ServiceURL.Host', 'ServiceURL'] },
    duration: { paths: ['Duration'], unit: 'ns' },
    'request-type': { paths: ['request_Content-Type'] },
    'reply-type': { paths: ['downstream_Content-Type', 'origin_Content-Type'] },
    agent: { paths: ['request_User-Agent'] },
    referrer: { paths: ['request_Referer'] },
  },
  requires: ['RequestMethod', 'ClientHost'],
  course: traefikCourse,
  adapt: withClient,
  skip: ({ RequestMethod, level }) =>
    RequestMethod === undefined && level !== undefined ? 'not of the access log' : undefined,
};

/** ClientHost is X-Forwarded-For where a trusted proxy sent one, else the host of ClientAddr. */
function withClient(object: JsonObject): JsonObject {
  const { ClientHost: host, ClientAddr: address } = object;
  if (typeof host !== 'string') return object;
  const isNeighbour = typeof address === 'string' && address.includes(host);
  return { ...object, client: isNeighbour ? address : host.slice(host.lastIndexOf(',') + 1).trim() };
}

export const traefikJson: Format = webJsonFormat(
  {
    name: 'traefik-json',
    product: 'Traefik access log, JSON',
    manual: MANUAL,
    samples: [
      {
        line: '{"ClientAddr":"192.0.2.99:51514","ClientHost":"192.0.2.99","ClientPort":"51514","ClientUsername":"-","DownstreamContentSize":500000,"DownstreamStatus":200,"Duration":4560231,"OriginContentSize":500000,"OriginDuration":4200000,"OriginStatus":200,"RequestAddr":"portal.hosp.example","RequestContentSize":0,"RequestHost":"portal.hosp.example","RequestMethod":"GET","RequestPath":"/export?sz=500000","RequestPort":"-","RequestProtocol":"HTTP/2.0","RequestScheme":"https","RouterName":"portal@file","ServiceAddr":"10.0.0.9:8080","ServiceName":"portal@file","StartUTC":"2026-11-24T04:08:16.742118253Z","downstream_Content-Type":"application/zip","entryPointName":"websecure","level":"info","msg":"","request_User-Agent":"curl/8.5.0","time":"2026-11-24T04:08:16Z"}',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:16.742Z',
          client: { ip: '192.0.2.99', port: 51514 },
          server: { ip: '10.0.0.9', port: 8080, host: 'portal.hosp.example' },
          bytesToServer: 0,
          bytesToClient: 500000,
          durationMs: 4,
          method: 'GET',
          url: 'https://portal.hosp.example/export?sz=500000',
          status: 200,
          contentType: 'application/zip',
          outcome: 'success',
          agent: 'curl/8.5.0',
          reached: 'server',
        },
      },
      {
        line: '{"ClientAddr":"10.0.0.5:40112","ClientHost":"203.0.113.8, 192.0.2.99","ClientUsername":"-","DownstreamContentSize":19,"DownstreamStatus":404,"Duration":61113,"RequestAddr":"portal.hosp.example:8443","RequestContentSize":-1,"RequestHost":"portal.hosp.example","RequestMethod":"POST","RequestPath":"/in","RequestPort":"8443","RequestScheme":"https","StartUTC":"2026-11-24T04:08:17Z","level":"info","msg":"","time":"2026-11-24T04:08:17Z"}',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:17.000Z',
          client: { ip: '192.0.2.99' },
          server: { port: 8443, host: 'portal.hosp.example' },
          bytesToClient: 19,
          durationMs: 0,
          method: 'POST',
          url: 'https://portal.hosp.example:8443/in',
          status: 404,
          outcome: 'failure',
          reached: 'nobody',
        },
      },
      {
        line: '{"level":"info","msg":"Starting provider *file.Provider","time":"2026-11-24T04:08:00Z"}',
        record: 'skipped',
      },
    ],
  },
  TABLE,
  REMEDIES,
);

/** Quotes within the referrer and the user agent are not escaped, so what stands behind them is read from the right. */
const CLF: WebTemplate = {
  fields: [
    field('remote_IP_address', '', { holds: 'name', tells: 'client' }),
    field('client_user_name', ' - ', { holds: 'text', tells: 'user' }),
    field('timestamp', ' [', { holds: CLF_TIME.length ?? 0, time: CLF_TIME }),
    field('request', '] "', { holds: 'text', tells: 'request' }),
    field('HTTP_status', '" ', { holds: 'code', tells: 'status' }),
    field('content-length', ' ', { holds: 'code', tells: 'body-to-client' }),
    field('request_referrer', ' "', { holds: 'text', tells: 'referrer' }),
    field('request_user_agent', '" "', { holds: 'text', tells: 'agent' }),
    field('number_of_requests', '" ', { holds: 'code' }),
    field('router_name', ' "', { holds: 'word' }),
    field('server_URL', '" "', { holds: 'word', tells: 'server' }),
    field('request_duration', '" ', { holds: 'code', tells: 'duration' }),
  ],
  after: 'ms',
};

function field(code: string, before: string, directive: Pick<WebField, 'holds' | 'tells' | 'time'>): WebField {
  return { code, before, ...directive };
}

export const traefik: Format = webTemplateFormat(
  {
    name: 'traefik',
    product: 'Traefik access log, common',
    samples: [
      {
        line: '192.0.2.99 - svc_claims [24/Nov/2026:04:08:16 +0000] "GET /export?sz=500000 HTTP/2.0" 200 500000 "-" "odd "ua"" 42 "portal@file" "http://10.0.0.9:8080" 4ms',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:16.000Z',
          client: { ip: '192.0.2.99', user: 'svc_claims' },
          server: { ip: '10.0.0.9', port: 8080 },
          bytesToClient: 500000,
          durationMs: 4,
          method: 'GET',
          url: '/export?sz=500000',
          status: 200,
          outcome: 'success',
          agent: 'odd "ua"',
          reached: 'server',
        },
      },
      {
        line: '192.0.2.99 - - [24/Nov/2026:04:08:17 +0000] "POST /in HTTP/1.1" 404 19 "-" "curl/8.5.0" 43 "-" "-" 0ms',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:17.000Z',
          client: { ip: '192.0.2.99' },
          bytesToClient: 19,
          durationMs: 0,
          method: 'POST',
          url: '/in',
          status: 404,
          outcome: 'failure',
          agent: 'curl/8.5.0',
          reached: 'nobody',
        },
      },
    ],
  },
  [CLF],
  { manual: MANUAL, course: traefikCourse, ...REMEDIES },
);
