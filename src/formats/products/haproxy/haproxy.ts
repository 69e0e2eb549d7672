import { type WebProduct, webTemplateFormat } from '../../engines/web-format.ts';
import type { Strays } from '../../engines/web-template.ts';
import type { Format, Reading } from '../../format.ts';
import { haproxyCourse } from './course.ts';
import { parseHaproxyFormat } from './log-format.ts';

const HEAD = '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq';
/** One log holds the lines of all frontends, each with an option of its own. */
const BUILT_IN = {
  httplog: `${HEAD} %hr %hs %{+Q}r`,
  httpslog: `${HEAD} %hr %hs %{+Q}r %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc`,
  tcplog: '%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq',
  clf: '%{+Q}o %{-Q}ci - - [%trg] %r %ST %B "" "" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl',
  none: 'Connect from %ci:%cp to %fi:%fp (%f/%HV)',
};

/** httplog, and behind it what it lacks. */
export const RECOMMENDED_HAPROXY_FORMAT =
  '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %{+Q}r %U %si:%sp %[var(txn.phi_host)] %{+Q,+E}[var(txn.phi_type)] %{+Q,+E}[var(txn.phi_reply_type)]';

/** Of a request that was cut off at the longest line (1024 bytes by default), only the closing quote is needed. */
const STRAYS: Strays = {
  complete: (text) => {
    const quote = text.indexOf('"');
    return quote !== -1 && text.indexOf('"', quote + 1) === -1 ? `${text}"` : undefined;
  },
  judge: (text) => {
    if (/^\S+ \[[^\]]*\] \S+: /.test(text)) return FAILED_CONNECTION;
    return NOTICES.some((it) => text.startsWith(it)) ? NOTICE : undefined;
  },
};

const NOTICES = ['Proxy ', 'Server ', 'Backup Server ', 'backend ', 'Health check ', 'Stopping ', 'Pausing ', '['];
const FAILED_CONNECTION: Reading = { kind: 'skipped', because: 'a connection that failed before its first request' };
const NOTICE: Reading = { kind: 'skipped', because: 'a notice of HAProxy itself' };

const HAPROXY: WebProduct = {
  manual: 'HAProxy configuration manual, "Log formats"; lines of HAProxy 2.6',
  course: haproxyCourse,
  strays: STRAYS,
  recommended: {
    file: '/etc/haproxy/haproxy.cfg',
    line: [
      '# in each frontend, in place of option httplog',
      'http-request set-var(txn.phi_host) req.hdr(host)',
      'http-request set-var(txn.phi_type) req.hdr(content-type)',
      'http-response set-var(txn.phi_reply_type) res.hdr(content-type)',
      `log-format "${RECOMMENDED_HAPROXY_FORMAT.replaceAll('"', '\\"')}"`,
    ].join('\n'),
  },
  always: [
    {
      missing: 'the size and the end of what "option logasap" logs before it is over',
      consequence: 'such sizes are lower bounds, and such transfers count as attempted',
      remedy: { file: '/etc/haproxy/haproxy.cfg', line: 'no option logasap' },
    },
    {
      missing: 'what a line holds beyond 1024 bytes, unless "log ... len" says more',
      consequence: 'long URLs are cut off, and with a log-format of your own such lines cannot be read',
      remedy: { file: '/etc/haproxy/haproxy.cfg', line: 'log /dev/log len 65535 local0' },
    },
    {
      missing: 'which captured header is which',
      consequence: 'header captures ({a|b}) are not read: the host is known where the URL holds it',
    },
  ],
};

const EXCHANGE = {
  kind: 'http',
  time: '2026-11-24T04:08:16.623Z',
  client: { ip: '192.0.2.99', port: 49214 },
  bytesToClient: 156,
  durationMs: 4,
  method: 'POST',
  url: '/v2/claims/upload?batch=778',
  status: 200,
  outcome: 'success',
  proxyResult: '----',
  reached: 'server',
} as const;

/** Whatever HAProxy logs without a log-format: `option httplog`, `httpslog`, `tcplog`, `httplog clf`, or none of them. */
export const haproxy: Format = webTemplateFormat(
  {
    name: 'haproxy',
    product: 'HAProxy log: httplog, httpslog, tcplog, CLF and default, mixed as they come',
    samples: [
      {
        line: '192.0.2.99:49214 [24/Nov/2026:04:08:16.623] fe_http be_a/a1 0/0/0/4/4 200 156 - - ---- 1/1/0/0/0 0/0 {portal.example|ClaimsPump/2.1 (batch; gw)|1048576} {application/json} "POST /v2/claims/upload?batch=778 HTTP/1.1"',
        record: EXCHANGE,
      },
      {
        line: '192.0.2.99:49214 [24/Nov/2026:04:08:16.623] fe_https~ be_a/a1 0/0/0/4/4 200 156 - - ---- 1/1/0/0/0 0/0 "POST https://portal.example/v2/claims/upload?batch=778 HTTP/2.0" 0/0000000000000000/0/0/0 portal.example/TLSv1.3/TLS_AES_256_GCM_SHA384',
        record: {
          ...EXCHANGE,
          server: { host: 'portal.example', port: 443 },
          url: 'https://portal.example/v2/claims/upload?batch=778',
        },
      },
      {
        line: '192.0.2.99:47024 [24/Nov/2026:04:08:18.325] fe_http be_c/c1 0/0/0/3/+3 200 +15256 - - ---- 1/1/1/1/0 0/0 "GET /export HTTP/1.1"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:18.325Z',
          client: { ip: '192.0.2.99', port: 47024 },
          bytesToClient: 15256,
          durationMs: 3,
          method: 'GET',
          url: '/export',
          status: 200,
          proxyResult: '----',
          reached: 'server',
          unfinished: true,
        },
      },
      {
        line: '192.0.2.99:44458 [24/Nov/2026:04:08:16.860] fe_http fe_http/<NOSRV> 0/-1/-1/-1/0 403 192 - - PR-- 1/1/0/0/0 0/0 "GET /denied HTTP/1.1"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:08:16.860Z',
          client: { ip: '192.0.2.99', port: 44458 },
          bytesToClient: 192,
          durationMs: 0,
          method: 'GET',
          url: '/denied',
          status: 403,
          outcome: 'denied',
          proxyResult: 'PR--',
          reached: 'nobody',
        },
      },
      {
        line: '192.0.2.99:55102 [24/Nov/2026:04:08:19.062] fe_tcp be_tcp/b1 1/0/15 2273 -- 1/1/0/0/0 0/0',
        record: {
          kind: 'flow',
          time: '2026-11-24T04:08:19.062Z',
          client: { ip: '192.0.2.99', port: 55102 },
          bytesToClient: 2273,
          durationMs: 15,
          outcome: 'success',
          proxyResult: '--',
          reached: 'server',
        },
      },
      {
        line: '192.0.2.99 - - [24/Nov/2026:04:08:18 +0000] "POST /in HTTP/1.1" 200 154 "" "" 60224 561 "fe_clf" "be_a" "a1" 0 0 0 2 2 ---- 1 1 0 0 0 0 0 "" "" "ClaimsPump/2.1 (batch; gw)" ',
        record: {
          ...EXCHANGE,
          time: '2026-11-24T04:08:18.561Z',
          client: { ip: '192.0.2.99', port: 60224 },
          bytesToClient: 154,
          durationMs: 2,
          url: '/in',
        },
      },
      {
        line: 'Nov 24 04:08:19 gw1 haproxy[13910]: Connect from 192.0.2.99:39656 to 10.0.0.1:9004 (fe_default/HTTP)',
        record: {
          kind: 'flow',
          time: '2026-11-24T04:08:19.000Z',
          client: { ip: '192.0.2.99', port: 39656 },
        },
      },
      { line: '192.0.2.99:47800 [24/Nov/2026:04:08:21.020] fe_https/1: SSL handshake failure', record: 'skipped' },
      { line: 'Nov 24 04:08:00 gw1 haproxy[13910]: Proxy fe_http started.', record: 'skipped' },
    ],
  },
  Object.values(BUILT_IN).map(parseHaproxyFormat),
  HAPROXY,
);

/**
 * The format of an operator's own log-format.
 *
 * @throws OperatorError `format.bad-template` when it cannot be read
 */
export function haproxyFormat(logFormat: string): Format {
  const heading = { name: 'haproxy', product: 'HAProxy log, own log-format', samples: [] };
  return webTemplateFormat(heading, [parseHaproxyFormat(logFormat)], HAPROXY);
}
