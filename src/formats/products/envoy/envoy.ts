import { type WebProduct, webTemplateFormat } from '../../engines/web-format.ts';
import { type WebJsonTable, webJsonFormat } from '../../engines/web-json.ts';
import { ABSENT } from '../../engines/web-keys.ts';
import { type CourseReader, outcomeByStatus } from '../../engines/web-record.ts';
import type { Format } from '../../format.ts';
import type { Outcome } from '../../record.ts';
import { parseEnvoyFormat } from './format-string.ts';

const MANUAL = 'Envoy documentation, "Access Logging"';

/** Operators for which Envoy's default has no place come behind it. */
export const RECOMMENDED_ENVOY_FORMAT =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %DOWNSTREAM_REMOTE_ADDRESS% %UPSTREAM_HOST% %REQ(:SCHEME)% %REQ(:AUTHORITY)% "%REQ(CONTENT-TYPE)%" "%RESP(CONTENT-TYPE)%"';

const DEFAULT =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"';

/** Refused by Envoy before anything was passed on: a rate limit, an external authorisation. */
const DENIALS = ['UAEX', 'RL', 'RLSE'];
/** No connection to a server came about: none healthy, refused, too many, no route, no cluster. */
const UNCONNECTED = ['UH', 'UF', 'UO', 'NR', 'NC'];
/** The client left. */
const LEFT = ['DC'];

/** RESPONSE_FLAGS says in short words, commas between them, what went wrong; `-` that nothing did. */
const envoyCourse: CourseReader = ({ find, text }) => {
  const [result, server] = [find('result'), find('server')];
  return (status) => {
    const flags = text(result)?.split(',') ?? [];
    const has = (words: readonly string[]) => flags.some((flag) => words.includes(flag));
    const wasDenied = has(DENIALS);
    const isUnconnected = wasDenied || has(UNCONNECTED) || (server !== ABSENT && text(server) === undefined);
    const outcome: Outcome | undefined = wasDenied
      ? 'denied'
      : has(LEFT)
        ? 'aborted'
        : (outcomeByStatus(status) ?? (flags.length === 0 ? 'success' : 'failure'));
    return { outcome, reached: isUnconnected ? 'nobody' : server === ABSENT ? undefined : 'server' };
  };
};

const ENVOY: WebProduct = {
  manual: MANUAL,
  course: envoyCourse,
  recommended: {
    file: 'envoy.yaml',
    line: `log_format: { text_format_source: { inline_string: '${RECOMMENDED_ENVOY_FORMAT}\n' } }`.replace('\n', '\\n'),
  },
  always: [
    {
      missing: 'the headers of requests and replies in the byte counts',
      consequence: 'sizes are those of the bodies; of plain TCP they are those of the whole connection',
    },
  ],
};

/** `default` of the file access logger. */
export const envoy: Format = webTemplateFormat(
  {
    name: 'envoy',
    product: 'Envoy access log, default format',
    samples: [
      {
        line: '[2026-11-24T04:08:16.742Z] "POST /v2/claims?batch=778 HTTP/2" 200 - 1048576 26 151 148 "203.0.113.8, 10.1.2.3" "odd "ua"" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "ingest.vendor.example" "192.0.2.10:443"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:16.742Z',
          client: { ip: '10.1.2.3' },
          server: { ip: '192.0.2.10', port: 443, host: 'ingest.vendor.example' },
          bytesToServer: 1048576,
          bytesToClient: 26,
          durationMs: 151,
          method: 'POST',
          url: '/v2/claims?batch=778',
          status: 200,
          outcome: 'success',
          agent: 'odd "ua"',
          reached: 'server',
        },
      },
      {
        line: '[2026-11-24T04:08:17.001Z] "GET /x HTTP/1.1" 503 UF 0 91 2 - "-" "curl/8.5.0" "8e3c1a52-7d53-4a0f-9a55-6f0a3b6d1c11" "v6.vendor.example:8443" "tcp://[2001:db8::7]:8443"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:17.001Z',
          server: { ip: '2001:db8::7', port: 8443, host: 'v6.vendor.example' },
          bytesToServer: 0,
          bytesToClient: 91,
          durationMs: 2,
          method: 'GET',
          url: '/x',
          status: 503,
          outcome: 'failure',
          agent: 'curl/8.5.0',
          proxyResult: 'UF',
          reached: 'nobody',
        },
      },
    ],
  },
  [parseEnvoyFormat(DEFAULT)],
  ENVOY,
);

/**
 * The format of an operator's own format string.
 *
 * @throws OperatorError `format.bad-template` when it cannot be read
 */
export function envoyFormat(formatString: string): Format {
  const heading = { name: 'envoy', product: 'Envoy access log, own format string', samples: [] };
  return webTemplateFormat(heading, [parseEnvoyFormat(formatString)], ENVOY);
}

/** Operators choose the keys; these are Istio's, the ones that Envoy's documentation uses, and common variants. */
const TABLE: WebJsonTable = {
  time: { paths: ['start_time', 'timestamp', '@timestamp'] },
  fields: {
    client: { paths: ['downstream_remote_address'] },
    'client-chain': { paths: ['x_forwarded_for', 'x-forwarded-for'] },
    server: { paths: ['upstream_host'] },
    host: { paths: ['authority', ':authority'] },
    sni: { paths: ['requested_server_name'] },
    scheme: { paths: ['scheme', ':scheme'] },
    method: { paths: ['method', ':method'] },
    target: { paths: ['path', 'x-envoy-origin-path', 'x-envoy-original-path', ':path'] },
    status: { paths: ['response_code'] },
    result: { paths: ['response_flags'] },
    'body-from-client': { paths: ['bytes_received'] },
    'body-to-client': { paths: ['bytes_sent'] },
    duration: { paths: ['duration'] },
    'request-type': { paths: ['content_type', 'content-type'] },
    'reply-type': { paths: ['response_content_type'] },
    agent: { paths: ['user_agent', 'user-agent'] },
    referrer: { paths: ['referer'] },
  },
  requires: ['bytes_received', 'bytes_sent', 'response_flags'],
  course: envoyCourse,
};

export const envoyJson: Format = webJsonFormat(
  {
    name: 'envoy-json',
    product: 'Envoy access log, JSON with the keys of Istio and of the documentation',
    manual: MANUAL,
    samples: [
      {
        line: '{"start_time":"2026-11-24T04:08:16.742Z","method":"PUT","path":"/in/a.837","protocol":"HTTP/2","response_code":201,"response_flags":"-","bytes_received":66893,"bytes_sent":24,"duration":7,"upstream_service_time":"5","x_forwarded_for":null,"user_agent":"curl/8.5.0","request_id":"cf089d09","authority":"ingest.vendor.example:443","upstream_host":"192.0.2.10:443","upstream_cluster":"outbound|443||ingest.vendor.example","downstream_remote_address":"10.1.2.3:51514","requested_server_name":"ingest.vendor.example"}',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:16.742Z',
          client: { ip: '10.1.2.3', port: 51514 },
          server: { ip: '192.0.2.10', port: 443, host: 'ingest.vendor.example' },
          bytesToServer: 66893,
          bytesToClient: 24,
          durationMs: 7,
          method: 'PUT',
          url: '/in/a.837',
          status: 201,
          outcome: 'success',
          agent: 'curl/8.5.0',
          reached: 'server',
        },
      },
      {
        line: '{"start_time":"2026-11-24T04:08:19.062Z","method":null,"path":null,"response_code":0,"response_flags":"-","bytes_received":1048900,"bytes_sent":2273,"duration":15,"authority":null,"upstream_host":"192.0.2.11:22","downstream_remote_address":"10.1.2.3:40000","requested_server_name":null}',
        record: {
          kind: 'flow',
          time: '2026-11-24T04:08:19.062Z',
          client: { ip: '10.1.2.3', port: 40000 },
          server: { ip: '192.0.2.11', port: 22 },
          bytesToServer: 1048900,
          bytesToClient: 2273,
          durationMs: 15,
          outcome: 'success',
          reached: 'server',
        },
      },
    ],
  },
  TABLE,
  ENVOY,
);
