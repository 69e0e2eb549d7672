import { type WebProduct, webTemplateFormat } from '../../engines/web-format.ts';
import { ABSENT } from '../../engines/web-keys.ts';
import { type CourseReader, outcomeByStatus } from '../../engines/web-record.ts';
import type { Format } from '../../format.ts';
import { parseNginxFormat } from './log-format.ts';

/** Combined, and behind it what it lacks. */
export const RECOMMENDED_NGINX_FORMAT =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $bytes_sent $request_time "$upstream_addr" "$upstream_bytes_sent" "$scheme" "$host" "$content_type" "$sent_http_content_type"';

/** nginx's own code for a client that closed the connection before it was answered. */
const CLIENT_CLOSED_REQUEST = 499;

const nginxCourse: CourseReader = ({ find, text }) => {
  const upstream = find('server');
  return (status) => ({
    outcome: status === CLIENT_CLOSED_REQUEST ? 'aborted' : outcomeByStatus(status),
    // Whatever nginx answers by itself (a file, a redirect, a denial) has no upstream.
    reached: upstream === ABSENT ? undefined : text(upstream) === undefined ? 'nobody' : 'server',
  });
};

const NGINX: WebProduct = {
  manual: 'nginx.org, ngx_http_log_module, ngx_http_core_module and ngx_http_upstream_module, "Embedded Variables"',
  course: nginxCourse,
  recommended: {
    file: '/etc/nginx/nginx.conf',
    line: `log_format phi_egress '${RECOMMENDED_NGINX_FORMAT}';\naccess_log /var/log/nginx/phi_egress.log phi_egress;`,
  },
  always: [
    {
      missing: 'the client behind a load balancer or a content network, unless set_real_ip_from names it',
      consequence: 'the address in the log is that of the balancer, and downloads are located there',
    },
    {
      missing: 'whether a client received all of a reply',
      consequence: 'what was handed to the network counts as received; status 499 alone tells of a client that left',
    },
  ],
};

const HEAD = '192.0.2.99 - svc claims [24/Nov/2026:04:09:22 +0000] "PUT /auth/in.csv HTTP/1.1" 200 24';

/** The format that nginx has built in, `combined`. */
export const nginx: Format = webTemplateFormat(
  {
    name: 'nginx',
    product: 'nginx access log, "combined"',
    samples: [
      {
        line: `${HEAD} "http://r.example/?\\x22q\\x22" "odd \\x22ua\\x22 \\x5C \\xC3\\xA9\\x09z"`,
        record: {
          kind: 'http',
          time: '2026-11-24T04:09:22.000Z',
          client: { ip: '192.0.2.99', user: 'svc claims' },
          bytesToClient: 24,
          method: 'PUT',
          url: '/auth/in.csv',
          status: 200,
          outcome: 'success',
          agent: 'odd "ua" \\ é\tz',
          referrer: 'http://r.example/?"q"',
        },
      },
      {
        line: '192.0.2.99 - - [23/Nov/2026:23:18:29 -0500] "\\x16\\x03\\x01GARB\\x22" 400 157 "-" "-"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:18:29.000Z',
          client: { ip: '192.0.2.99' },
          bytesToClient: 157,
          status: 400,
          outcome: 'failure',
        },
      },
      {
        line: '192.0.2.99 - - [24/Nov/2026:04:09:23 +0000] "GET /slow HTTP/1.1" 499 0 "-" "curl/7.88.1"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:09:23.000Z',
          client: { ip: '192.0.2.99' },
          bytesToClient: 0,
          method: 'GET',
          url: '/slow',
          status: 499,
          outcome: 'aborted',
          agent: 'curl/7.88.1',
        },
      },
    ],
  },
  [
    parseNginxFormat(
      '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
    ),
  ],
  NGINX,
);

/**
 * The format of an operator's own log_format.
 *
 * @throws OperatorError `format.bad-template` when it cannot be read
 */
export function nginxFormat(logFormat: string): Format {
  const heading = { name: 'nginx', product: 'nginx access log, own log_format', samples: [] };
  return webTemplateFormat(heading, [parseNginxFormat(logFormat)], NGINX);
}
