import { type WebProduct, webTemplateFormat } from '../../engines/web-format.ts';
import { outcomeByStatus } from '../../engines/web-record.ts';
import type { Format } from '../../format.ts';
import { parseLogFormat } from './log-format.ts';

/** Combined, and behind it what it lacks. */
export const RECOMMENDED_LOG_FORMAT =
  '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O %D "%{Host}i" "%{Content-Type}i" "%{Content-Type}o"';

const APACHE: WebProduct = {
  manual: 'Apache HTTP Server 2.4, mod_log_config, "Custom Log Formats", and mod_logio',
  // A forward proxy answers 403 for a port that it does not connect to and 502, 503 for a server that it cannot reach,
  // and passes the same statuses on from servers: the log cannot say which, so that nothing counts as denied.
  course: () => (status) => ({ outcome: outcomeByStatus(status) }),
  recommended: {
    file: '/etc/apache2/apache2.conf',
    line: `LogFormat "${RECOMMENDED_LOG_FORMAT.replaceAll('"', '\\"')}" phi_egress\nCustomLog \${APACHE_LOG_DIR}/phi_egress.log phi_egress\n# %I and %O need mod_logio: a2enmod logio`,
  },
  never: ['server'],
  always: [
    {
      missing: 'the address of the server that a forward proxy connects to',
      consequence: 'such a receiver has a name and no location, unless the URL itself holds an address',
    },
    {
      missing: 'what goes through a CONNECT tunnel',
      consequence: 'a tunnel shows its host and sizes, and only when it is closed, which may be hours later',
    },
    {
      missing: "whether an error was the server's or the proxy's own (403, 502, 503)",
      consequence: 'a request that was answered so counts as attempted',
    },
  ],
};

const REQUEST = '"POST http://192.0.2.10:8080/v2/claims HTTP/1.1" 200';
const AGENT = '"http://portal.hosp.example/send?a=\\"q\\"" "odd \\"ua\\" \\\\ \\xc3\\xa9\\tz"';
const EXCHANGE = {
  kind: 'http',
  time: '2026-11-24T04:09:57.000Z',
  client: { ip: '10.1.2.3', user: 'svc claims' },
  server: { ip: '192.0.2.10', port: 8080 },
  method: 'POST',
  url: 'http://192.0.2.10:8080/v2/claims',
  status: 200,
  outcome: 'success',
} as const;
const WITH_AGENT = { agent: 'odd "ua" \\ é\tz', referrer: 'http://portal.hosp.example/send?a="q"' } as const;

/** The formats that httpd.conf comes with, in Debian's spelling: there, `%O` stands for `%b` in two of them. */
const BUILT_IN = [
  {
    name: 'apache-common',
    product: 'Apache access log, "common"',
    logFormats: ['%h %l %u %t "%r" %>s %b'],
    samples: [
      {
        line: `10.1.2.3 - svc claims [24/Nov/2026:04:09:57 +0000] ${REQUEST} 26`,
        record: { ...EXCHANGE, bytesToClient: 26 },
      },
      {
        line: '10.1.2.4 - - [23/Nov/2026:23:18:29 -0500] "CONNECT upload.vendor.example:443 HTTP/1.1" 200 -',
        record: {
          kind: 'http',
          time: '2026-11-24T04:18:29.000Z',
          client: { ip: '10.1.2.4' },
          server: { port: 443, host: 'upload.vendor.example' },
          method: 'CONNECT',
          url: 'upload.vendor.example:443',
          status: 200,
          outcome: 'success',
        },
      },
    ],
  },
  {
    name: 'apache-combined',
    product: 'Apache access log, "combined"',
    logFormats: ['%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'],
    samples: [
      {
        line: `10.1.2.3 - svc claims [24/Nov/2026:04:09:57 +0000] ${REQUEST} 26 ${AGENT}`,
        record: { ...EXCHANGE, bytesToClient: 26, ...WITH_AGENT },
      },
    ],
  },
  {
    name: 'apache-combinedio',
    product: 'Apache access log, "combinedio" of mod_logio',
    logFormats: ['%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O'],
    samples: [
      {
        line: `10.1.2.3 - svc claims [24/Nov/2026:04:09:57 +0000] ${REQUEST} 26 ${AGENT} 1048823 166`,
        record: { ...EXCHANGE, bytesToServer: 1048823, bytesToClient: 26, ...WITH_AGENT },
      },
    ],
  },
  {
    name: 'apache-vhost-combined',
    product: 'Apache access log, "vhost_combined" of Debian',
    logFormats: ['%v:%p %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'],
    samples: [
      {
        line: `gw1.hosp.example:80 10.1.2.3 - svc claims [24/Nov/2026:04:09:57 +0000] ${REQUEST} 26 ${AGENT}`,
        record: { ...EXCHANGE, bytesToClient: 26, ...WITH_AGENT },
      },
      {
        line: 'portal.hosp.example:443 192.0.2.99 - - [24/Nov/2026:04:09:58 +0000] "GET /export/ HTTP/1.1" 304 - "-" "curl/7.88.1"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:09:58.000Z',
          client: { ip: '192.0.2.99' },
          server: { host: 'portal.hosp.example' },
          bytesToClient: 0,
          method: 'GET',
          url: '/export/',
          status: 304,
          outcome: 'success',
          agent: 'curl/7.88.1',
        },
      },
    ],
  },
] as const;

/** The formats that Apache names itself. */
export const apacheFormats: readonly Format[] = BUILT_IN.map(({ name, product, logFormats, samples }) =>
  webTemplateFormat({ name, product, samples }, logFormats.map(parseLogFormat), APACHE),
);

/**
 * The format of an operator's own LogFormat line.
 *
 * @throws OperatorError `format.bad-template` when the line cannot be read
 */
export function apacheFormat(logFormat: string): Format {
  const heading = { name: 'apache', product: 'Apache access log, own LogFormat', samples: [] };
  return webTemplateFormat(heading, [parseLogFormat(logFormat)], APACHE);
}
