import { type JsonObject, parseJsonLine } from '../engines/json.ts';
import { type WebJsonTable, webJsonFormat } from '../engines/web-json.ts';
import { outcomeByStatus } from '../engines/web-record.ts';
import type { Format } from '../format.ts';

/**
 * Caddy's access log, encoder `json`, or `console` where the same object stands behind tabs. Which way bytes went:
 * `bytes_read` is the body that was received (2.7 and later; before, only the announced Content-Length is there), `size`
 * the body that was sent. Caddy's documentation, "log" directive and "How Logging Works"; lines of Caddy 2.6.
 */
const TABLE: WebJsonTable = {
  time: { paths: ['ts'] },
  fields: {
    client: { paths: ['request.client_ip', 'request.remote_ip'] },
    'client-port': { paths: ['request.remote_port'] },
    user: { paths: ['user_id'] },
    host: { paths: ['request.host'] },
    sni: { paths: ['request.tls.server_name'] },
    scheme: { paths: ['scheme'] },
    method: { paths: ['request.method'] },
    target: { paths: ['request.uri'] },
    status: { paths: ['status'] },
    'body-from-client': { paths: ['bytes_read'] },
    'announced-bytes': { paths: ['request.headers.Content-Length'] },
    'body-to-client': { paths: ['size'] },
    duration: { paths: ['duration'], unit: 's' },
    'request-type': { paths: ['request.headers.Content-Type'] },
    'reply-type': { paths: ['resp_headers.Content-Type'] },
    agent: { paths: ['request.headers.User-Agent'] },
    referrer: { paths: ['request.headers.Referer'] },
  },
  requires: ['request.method', 'size'],
  // Status 0: the client had left before there was one.
  course: () => (status) => ({ outcome: outcomeByStatus(status) ?? 'aborted' }),
  open: (text) => (text.startsWith('{') ? parseJsonLine(text) : openConsole(text)),
  adapt: withScheme,
  skip: ({ logger }) =>
    typeof logger === 'string' && !logger.startsWith('http.log.access') ? 'not of the access log' : undefined,
};

/** `time LEVEL logger message {object}`, tabs between them and colours around the level. */
function openConsole(text: string): JsonObject | undefined {
  const at = text.indexOf('\t{');
  const object = at === -1 ? undefined : parseJsonLine(text.slice(at + 1));
  const [time = '', , logger] = text.slice(0, Math.max(at, 0)).split('\t');
  return object === undefined ? undefined : { ...object, ts: time.replaceAll('/', '-'), logger };
}

/** TLS is told by its details. The port that is logged is that of the neighbour, who may be a trusted proxy. */
function withScheme(object: JsonObject): JsonObject {
  const { request } = object as { readonly request: JsonObject };
  const { tls, client_ip, remote_ip, remote_port, ...rest } = request;
  const isNeighbour = client_ip === undefined || client_ip === remote_ip;
  return {
    ...object,
    scheme: tls === undefined ? 'http' : 'https',
    request: { ...rest, tls, client_ip: client_ip ?? remote_ip, ...(isNeighbour && { remote_port }) },
  };
}

export const caddy: Format = webJsonFormat(
  {
    name: 'caddy',
    product: 'Caddy access log, encoders json and console',
    manual: 'caddyserver.com/docs, "log" directive; lines of Caddy 2.6',
    samples: [
      {
        line: '{"level":"info","ts":1795493401.6768916,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"192.0.2.99","remote_port":"52982","proto":"HTTP/1.1","method":"POST","host":"portal.hosp.example:8090","uri":"/v2/claims?b=1","headers":{"User-Agent":["ClaimsPump/2.1"],"Content-Type":["application/octet-stream"],"Content-Length":["1048576"]}},"user_id":"","duration":0.003785909,"size":26,"status":200,"resp_headers":{"Content-Type":["application/json"]}}',
        record: {
          kind: 'http',
          time: '2026-11-24T04:10:01.676Z',
          client: { ip: '192.0.2.99', port: 52982 },
          server: { port: 8090, host: 'portal.hosp.example' },
          bytesToServer: 1048576,
          bytesToClient: 26,
          durationMs: 3,
          method: 'POST',
          url: 'http://portal.hosp.example:8090/v2/claims?b=1',
          status: 200,
          contentType: 'application/octet-stream',
          outcome: 'success',
          agent: 'ClaimsPump/2.1',
        },
      },
      {
        line: '{"level":"info","ts":"2026-11-24T04:17:46.600Z","logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.5","remote_port":"38812","client_ip":"192.0.2.99","proto":"HTTP/2.0","method":"GET","host":"portal.hosp.example","uri":"/export","headers":{},"tls":{"resumed":false,"server_name":"portal.hosp.example"}},"bytes_read":0,"user_id":"svc_claims","duration":"1.140899075s","size":5000,"status":200,"resp_headers":{"Content-Type":["application/zip"]}}',
        record: {
          kind: 'http',
          time: '2026-11-24T04:17:46.600Z',
          client: { ip: '192.0.2.99', user: 'svc_claims' },
          server: { port: 443, host: 'portal.hosp.example' },
          bytesToServer: 0,
          bytesToClient: 5000,
          durationMs: 1140,
          method: 'GET',
          url: 'https://portal.hosp.example/export',
          status: 200,
          contentType: 'application/zip',
          outcome: 'success',
        },
      },
      {
        line: '{"level":"error","ts":1795493401.7,"logger":"http.log.error","msg":"dial tcp: refused"}',
        record: 'skipped',
      },
    ],
  },
  TABLE,
  {
    recommended: { file: '/etc/caddy/Caddyfile', line: 'log {\n\tformat json\n}' },
    never: ['server'],
    always: [
      {
        missing: 'the address of the server behind (reverse_proxy)',
        consequence: 'where requests are forwarded to servers of others, these cannot be located',
      },
      {
        missing: 'the bytes that a client really sent, before Caddy 2.7',
        consequence: 'the size of an upload is the one that the client announced; of chunked uploads there is none',
      },
    ],
  },
);
